import type { DataSet, Element } from 'dicom-parser';
import { PIXEL_TAGS } from './part10Files.js';
import {
  createDataSet,
  ITEM,
  PIXEL_GROUP,
  readElement,
  readElements,
  readHead,
  readTag,
  SEQUENCE_END,
  UNDEFINED_LENGTH,
} from './readElements.js';
import type { ElementCursor, ElementHead, Interruption, VrLookup } from './readElements.js';
import { encodingOf, inflateFile, readFileMeta } from './readPart10Header.js';

const PIXEL_DATA = 'x7fe00010';

const ITEM_HEADER_BYTES = 8;

/**
 * Reads a whole Part-10 file, with the same parser as its header: all elements up to the pixel data, and the place
 * of these. Encapsulated pixel data come as fragments, with the entries of their Basic Offset Table
 * (PS3.5 A.4). Of a deflated file the data set is an inflated copy, in explicit VR little endian.
 *
 * Otherwise nothing is copied, and no memory is allocated by a length alone.
 *
 * @throws Error with the fault of the file, or StreamingVolumeError with code `limit-exceeded`
 */
export async function readPart10File(
  file: Uint8Array<ArrayBuffer>,
  lookUpVr: VrLookup,
): Promise<DataSet> {
  const bytes = await inflateFile(file);
  const meta = orThrow(readFileMeta(bytes), bytes);
  const encoding = encodingOf(meta.transferSyntaxUID, lookUpVr);
  const header = orThrow(readElements(bytes, meta.end, encoding), bytes);
  const elements: Record<string, Element> = { ...meta.elements, ...header.elements };
  const cursor: ElementCursor = { ...encoding, bytes, position: header.end, depth: 0 };
  // Offset tables precede the pixel data; elements behind these are not needed.
  while (!PIXEL_TAGS.some((tag) => elements[tag]) && isInPixelGroup(cursor)) {
    const head = orThrow(readHead(cursor, Infinity), bytes);
    const isEncapsulated = head.tag === PIXEL_DATA && head.length === UNDEFINED_LENGTH;
    elements[head.tag] = isEncapsulated
      ? readEncapsulated(cursor, head)
      : orThrow(readElement(cursor), bytes);
  }
  return createDataSet(encoding.parser, bytes, elements);
}

function isInPixelGroup({ bytes, parser, position }: ElementCursor): boolean {
  return position + 4 <= bytes.length && parser.readUint16(bytes, position) === PIXEL_GROUP;
}

/** Lists the fragments of encapsulated pixel data. The delimiter behind the last may be missing. */
function readEncapsulated(cursor: ElementCursor, head: ElementHead): Element {
  const { bytes, parser } = cursor;
  const items: { readonly at: number; readonly length: number }[] = [];
  cursor.position = head.dataOffset;
  while (cursor.position + ITEM_HEADER_BYTES <= bytes.length) {
    const at = cursor.position;
    const tag = readTag(cursor);
    const length = parser.readUint32(bytes, at + 4);
    cursor.position += ITEM_HEADER_BYTES;
    if (tag === SEQUENCE_END) {
      break;
    }
    if (tag !== ITEM || length === UNDEFINED_LENGTH) {
      throw new Error(`${tag} is at the place of a fragment of its pixel data`);
    }
    cursor.position += length;
    if (cursor.position > bytes.length) {
      throw new Error(
        `the file has ${bytes.length} bytes, and a fragment of its pixel data ends at ${cursor.position}`,
      );
    }
    items.push({ at, length });
  }
  const [table, ...rest] = items;
  const tableStart = (table?.at ?? 0) + ITEM_HEADER_BYTES;
  const firstAt = rest[0]?.at ?? 0;
  return {
    ...(head as Element),
    length: cursor.position - head.dataOffset,
    hadUndefinedLength: true,
    encapsulatedPixelData: true,
    basicOffsetTable: Array.from({ length: Math.floor((table?.length ?? 0) / 4) }, (_, entry) =>
      parser.readUint32(bytes, tableStart + 4 * entry),
    ),
    fragments: rest.map(({ at, length }) => ({
      offset: at - firstAt,
      position: at + ITEM_HEADER_BYTES,
      length,
    })),
  };
}

function orThrow<T extends object>(result: T | Interruption, { length }: Uint8Array): T {
  if (!isInterruption(result)) {
    return result;
  }
  throw new Error(
    result.kind === 'fault'
      ? result.message
      : `the file has ${length} bytes, and needs ${result.needed}`,
  );
}

function isInterruption(result: object): result is Interruption {
  return 'kind' in result && (result.kind === 'more' || result.kind === 'fault');
}
