import type { ByteArrayParser, Element } from 'dicom-parser';
import { bigEndianByteArrayParser } from './dicomParser.js';

type ReadNumber = (parser: ByteArrayParser, bytes: Uint8Array, at: number) => number | string;

const READERS: Readonly<Record<string, { bytes: number; read: ReadNumber }>> = {
  US: { bytes: 2, read: (parser, bytes, at) => parser.readUint16(bytes, at) },
  SS: { bytes: 2, read: (parser, bytes, at) => parser.readInt16(bytes, at) },
  UL: { bytes: 4, read: (parser, bytes, at) => parser.readUint32(bytes, at) },
  SL: { bytes: 4, read: (parser, bytes, at) => parser.readInt32(bytes, at) },
  FL: { bytes: 4, read: (parser, bytes, at) => parser.readFloat(bytes, at) },
  FD: { bytes: 8, read: (parser, bytes, at) => parser.readDouble(bytes, at) },
  // A tag as eight hexadecimal digits (PS3.18 F.2.3).
  AT: {
    bytes: 4,
    read: (parser, bytes, at) =>
      [at, at + 2]
        .map((each) => parser.readUint16(bytes, each).toString(16).padStart(4, '0').toUpperCase())
        .join(''),
  },
};

/** Bytes of one value by VR, for the VRs of binary numbers (PS3.5 6.2). */
export const NUMBER_BYTES: ReadonlyMap<string, number> = new Map(
  Object.entries(READERS).map(([vr, { bytes }]) => [vr, bytes]),
);

/** VRs whose value is a block of bytes. */
export const BINARY_VRS: ReadonlySet<string> = new Set('OB OD OF OL OV OW SV UN UV'.split(' '));

/** The values of an element of a VR of {@link NUMBER_BYTES}; what is not whole at the end is left out. */
export function numberValues(
  bytes: Uint8Array,
  { dataOffset, length }: Element,
  vr: string,
  parser: ByteArrayParser,
): (number | string)[] {
  const reader = READERS[vr];
  if (!reader) {
    throw new RangeError(`Expected a VR of binary numbers, got ${vr}`);
  }
  const size = reader.bytes;
  const available = Math.min(length, bytes.length - dataOffset);
  return Array.from({ length: Math.floor(available / size) }, (_, index) =>
    reader.read(parser, bytes, dataOffset + index * size),
  );
}

/** A copy of a block of bytes. 16 bit words come in little endian, as Cornerstone reads them. */
export function binaryValue(
  bytes: Uint8Array,
  { dataOffset, length }: Element,
  vr: string,
  parser: ByteArrayParser,
): ArrayBuffer {
  const copy = bytes.slice(dataOffset, dataOffset + length);
  if (vr === 'OW' && parser === bigEndianByteArrayParser) {
    for (let at = 0; at + 1 < copy.length; at += 2) {
      const first = copy[at] as number;
      copy[at] = copy[at + 1] as number;
      copy[at + 1] = first;
    }
  }
  return copy.buffer;
}
