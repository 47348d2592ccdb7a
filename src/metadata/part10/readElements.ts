import type { ByteArrayParser, ByteStream as Stream, Element } from 'dicom-parser';
import {
  ByteStream,
  readDicomElementExplicit,
  readDicomElementImplicit,
  readTag,
} from './dicomParser.js';
import type { HeaderFault, VrLookup } from './HeaderReading.js';

/** What the bytes that are there hold. */
export type ElementsReading =
  | {
      readonly kind: 'done';
      readonly elements: Readonly<Record<string, Element>>;
      /** Whether pixel data follow; otherwise all bytes were elements. */
      readonly hasPixels: boolean;
      /** Where native pixel data end, as their length says; 0 where there is no such length. */
      readonly pixelDataEnd: number;
    }
  /**
   * `needed` bytes from the start would do, or would tell more. `failure` is why the bytes that are
   * there are no data set, should they be all.
   */
  | { readonly kind: 'more'; readonly needed: number; readonly failure?: string }
  | { readonly kind: 'fault'; readonly fault: HeaderFault; readonly message: string };

const PIXEL_GROUP = 0x7fe0;
const PIXEL_DATA_ELEMENT = 0x0010;
const UNDEFINED_LENGTH = 0xffffffff;

/** VRs whose length has 32 bits (PS3.5 7.1.2), as dicom-parser knows them. */
const LONG_VRS = new Set('OB OD OF OL OW SQ UC UN UR UT'.split(' '));

/** Those that it does not know: 64 bit integers. */
const LONG_INTEGER_VRS = new Set(['OV', 'SV', 'UV']);

/** @param lookUpVr - given when the data set has implicit VRs */
export function readElements(
  bytes: Uint8Array,
  start: number,
  { parser, lookUpVr }: { parser: ByteArrayParser; lookUpVr: VrLookup | undefined },
): ElementsReading {
  const elements: Record<string, Element> = {};
  if (start >= bytes.length) {
    return { kind: 'done', elements, hasPixels: false, pixelDataEnd: 0 };
  }
  const stream = new ByteStream(parser, bytes, start);
  while (stream.position < bytes.length) {
    if (stream.position + 4 > bytes.length) {
      return { kind: 'more', needed: stream.position + 8 };
    }
    if (parser.readUint16(bytes, stream.position) === PIXEL_GROUP) {
      const end = pixelDataEnd(stream, lookUpVr);
      return { kind: 'done', elements, hasPixels: true, pixelDataEnd: end };
    }
    const element = readElement(stream, lookUpVr);
    if ('kind' in element) {
      return element;
    }
    elements[element.tag] = element;
  }
  return { kind: 'done', elements, hasPixels: false, pixelDataEnd: 0 };
}

/** Reads one element with everything in it; the stream stands behind it then. */
export function readElement(
  stream: Stream,
  lookUpVr: VrLookup | undefined,
): Element | Extract<ElementsReading, { kind: 'more' }> {
  const { length: available } = stream.byteArray;
  const claim = claimedLength(stream, lookUpVr !== undefined);
  if (claim === undefined) {
    return { kind: 'more', needed: stream.position + 12 };
  }
  if (claim.length !== UNDEFINED_LENGTH && claim.dataOffset + claim.length > available) {
    return { kind: 'more', needed: claim.dataOffset + claim.length };
  }
  if (claim.vr !== undefined && LONG_INTEGER_VRS.has(claim.vr)) {
    const tag = readTag(stream);
    stream.position = claim.dataOffset + claim.length;
    return { tag, vr: claim.vr, length: claim.length, dataOffset: claim.dataOffset };
  }
  try {
    return lookUpVr
      ? readDicomElementImplicit(stream, undefined, (tag) => lookUpVr(tag.slice(1)) as string)
      : readDicomElementExplicit(stream, stream.warnings);
  } catch (cause) {
    // dicom-parser throws texts. Where a sequence ends is not known before it is all there.
    const failure = cause instanceof Error ? cause.message : String(cause);
    return { kind: 'more', needed: available * 2, failure };
  }
}

/** What an element says of its own length (PS3.5 7.1), or undefined when that is not there yet. */
function claimedLength(
  { byteArray, byteArrayParser: parser, position }: Stream,
  isImplicit: boolean,
): { vr?: string; length: number; dataOffset: number } | undefined {
  if (position + 8 > byteArray.length) {
    return undefined;
  }
  if (isImplicit) {
    return { length: parser.readUint32(byteArray, position + 4), dataOffset: position + 8 };
  }
  const vr = String.fromCharCode(byteArray[position + 4] ?? 0, byteArray[position + 5] ?? 0);
  if (!LONG_VRS.has(vr) && !LONG_INTEGER_VRS.has(vr)) {
    return { vr, length: parser.readUint16(byteArray, position + 6), dataOffset: position + 8 };
  }
  if (position + 12 > byteArray.length) {
    return undefined;
  }
  return { vr, length: parser.readUint32(byteArray, position + 8), dataOffset: position + 12 };
}

function pixelDataEnd(stream: Stream, lookUpVr: VrLookup | undefined): number {
  const element = stream.byteArrayParser.readUint16(stream.byteArray, stream.position + 2);
  const claim = claimedLength(stream, lookUpVr !== undefined);
  const isNative =
    element === PIXEL_DATA_ELEMENT && claim !== undefined && claim.length !== UNDEFINED_LENGTH;
  return isNative ? claim.dataOffset + claim.length : 0;
}
