import { RLE_LOSSLESS } from '../../base/transferSyntaxUids.js';
import { isAtBottom } from '../../base/voxels/storedBits.js';
import { hasColorSamples } from '../pixelLayout.js';
import type { PixelLayout } from '../pixelLayout.js';
import { jpeg2000Fault, readSizes } from './codestream.js';
import { RLE_COLOR_SEGMENTS, rleFault } from './rle.js';

/**
 * Finds what keeps a compressed frame from being decoded, before a decoder gets it: decoders take cut-off codestreams
 * of JPEG 2000 without an error.
 *
 * RLE keeps pixel cells as they are (PS3.5 8.2.2); other codecs hold samples, and no header says at which bit of a
 * cell a sample begins.
 *
 * @returns undefined for a frame that can be decoded, as far as its headers tell
 */
export function codestreamFault(
  bytes: Uint8Array,
  transferSyntax: string,
  layout: PixelLayout,
): string | undefined {
  if (transferSyntax === RLE_LOSSLESS) {
    return faultOfRle(bytes, layout);
  }
  if (!hasColorSamples(layout) && !isAtBottom(layout)) {
    const { bitsStored, highBit } = layout;
    return `compressed values of ${bitsStored} bits up to bit ${highBit}`;
  }
  return jpeg2000Fault(bytes, transferSyntax) ?? sizeFault(bytes, transferSyntax, layout);
}

/** Decoders allocate as much as a codestream states: it has to be what the header states. */
function sizeFault(
  bytes: Uint8Array,
  transferSyntax: string,
  layout: PixelLayout,
): string | undefined {
  const { columns, rows } = layout;
  const sizes = columns && rows ? readSizes(bytes, transferSyntax) : undefined;
  if (sizes?.length === 0) {
    return 'its codestream does not state its size';
  }
  const components = hasColorSamples(layout) ? COLOR_COMPONENTS : 1;
  const other = sizes?.find(
    (size) => size.columns !== columns || size.rows !== rows || size.components !== components,
  );
  return (
    other &&
    `its codestream has ${other.columns} columns, ${other.rows} rows and ${other.components} components, where ` +
      `its header has ${columns}, ${rows} and ${components}`
  );
}

const COLOR_COMPONENTS = 3;

/** Segments of RLE have one byte of one sample of every pixel (PS3.5 8.2.2). */
function faultOfRle(bytes: Uint8Array, layout: PixelLayout): string | undefined {
  const { bitsAllocated, valueCount } = layout;
  if (!hasColorSamples(layout)) {
    return bitsAllocated === 1
      ? rleFault(bytes, 1, Math.ceil(valueCount / 8))
      : rleFault(bytes, bitsAllocated / 8, valueCount);
  }
  return layout.color.isSubsampled
    ? 'run-length encoded samples that pixels share'
    : rleFault(bytes, RLE_COLOR_SEGMENTS, valueCount / RLE_COLOR_SEGMENTS);
}
