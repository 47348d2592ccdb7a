import { segments } from './codestream.js';

/** Of the first bytes of an application segment: APP0 of JFIF (ITU-T T.871 10.1), APP14 of Adobe (T.872 6.5.3). */
const JFIF = { marker: 0xffe0, name: 'JFIF\0' };
const ADOBE = { marker: 0xffee, name: 'Adobe' };

/** Offset of the transformation in the content of Adobe's segment: 0 for none, 1 for YCbCr. */
const TRANSFORM = 11;

/** SOI, and Adobe's segment that states no transformation. */
const NO_TRANSFORM = Uint8Array.from([
  0xff,
  0xd8,
  0xff,
  0xee,
  0,
  14,
  ...new TextEncoder().encode(ADOBE.name),
  0,
  100,
  0,
  0,
  0,
  0,
  0,
]);

/** A JPEG codestream whose three components are not transformed by decoders. */
export interface RawJpeg {
  readonly bytes: Uint8Array;
  /** How the codestream says that its components are to be read; undefined where it does not. */
  readonly space: 'RGB' | 'YBR_FULL' | undefined;
}

/**
 * Makes decoders of JPEG give the components as they are encoded.
 *
 * Without a segment of JFIF or Adobe, decoders guess what the components are, where DICOM has a header that states it
 * (PS3.5 8.2.1). A segment of either is taken at its word, also against the header: writers of such segments know
 * what they have encoded, and many headers state RGB for YCbCr.
 *
 * @param bytes - of JPEG with Huffman coding and losses; not changed
 */
export function toRawJpeg(bytes: Uint8Array): RawJpeg {
  let space: RawJpeg['space'];
  const pieces: Uint8Array[] = [NO_TRANSFORM];
  let from = 2;
  for (const { marker, at } of segments(bytes, 0)) {
    const isJfif = isSegment(bytes, marker, at, JFIF);
    const isAdobe = isSegment(bytes, marker, at, ADOBE);
    if (isJfif || isAdobe) {
      pieces.push(bytes.subarray(from, at - 4));
      from = at - 2 + (((bytes[at - 2] as number) << 8) | (bytes[at - 1] as number));
    }
    if (isJfif) {
      space = 'YBR_FULL';
    } else if (isAdobe) {
      space ??= bytes[at + TRANSFORM] === 0 ? 'RGB' : 'YBR_FULL';
    }
  }
  pieces.push(bytes.subarray(from));
  const raw = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let to = 0;
  for (const piece of pieces) {
    raw.set(piece, to);
    to += piece.length;
  }
  return { bytes: raw, space };
}

function isSegment(
  bytes: Uint8Array,
  marker: number,
  at: number,
  segment: { readonly marker: number; readonly name: string },
): boolean {
  return (
    marker === segment.marker &&
    Array.from(segment.name, (letter) => letter.charCodeAt(0)).every(
      (code, i) => bytes[at + i] === code,
    )
  );
}
