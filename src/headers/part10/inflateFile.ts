import { inflateDataSet } from './inflateDataSet.js';
import { readFileMeta } from './readFileMeta.js';
import { DEFLATED_EXPLICIT, EXPLICIT_LITTLE_ENDIAN } from '../../base/transferSyntaxUids.js';

/**
 * A whole Part-10 file that is not deflated: the file itself, or an inflated copy in Explicit VR Little
 * Endian, which is what is deflated in such files (PS3.5 A.5).
 *
 * @throws Error when it cannot be inflated
 */
export async function inflateFile(
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  const meta = readFileMeta(bytes);
  if (meta.kind !== 'done' || meta.transferSyntaxUID !== DEFLATED_EXPLICIT) {
    return bytes;
  }
  const { bytes: inflated, fault } = await inflateDataSet(bytes, meta.end, Infinity);
  if (fault !== undefined) {
    throw new Error(fault);
  }
  const syntax = meta.elements['x00020010'];
  if (syntax) {
    // UIDs are filled up with nulls (PS3.5 9.1), so that a shorter one takes the same place.
    const end = syntax.dataOffset + syntax.length;
    inflated.fill(0, syntax.dataOffset + EXPLICIT_LITTLE_ENDIAN.length, end);
  }
  return inflated;
}
