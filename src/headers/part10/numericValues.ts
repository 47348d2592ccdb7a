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
  SV: {
    bytes: 8,
    read: (parser, bytes, at) => exact(viewOf(bytes).getBigInt64(at, isLittle(parser))),
  },
  UV: {
    bytes: 8,
    read: (parser, bytes, at) => exact(viewOf(bytes).getBigUint64(at, isLittle(parser))),
  },
  // A tag as eight hexadecimal digits (PS3.18 F.2.3).
  AT: {
    bytes: 4,
    read: (parser, bytes, at) =>
      [at, at + 2]
        .map((each) => parser.readUint16(bytes, each).toString(16).padStart(4, '0').toUpperCase())
        .join(''),
  },
};

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

function isLittle(parser: ByteArrayParser): boolean {
  return parser !== bigEndianByteArrayParser;
}

/** A number where one can hold all digits, otherwise the digits (PS3.18 F.2.3). */
function exact(value: bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}

/** Bytes of one value by VR, for the VRs of binary numbers (PS3.5 6.2). */
export const NUMBER_BYTES: ReadonlyMap<string, number> = new Map(
  Object.entries(READERS).map(([vr, { bytes }]) => [vr, bytes]),
);

/** VRs whose value is a block of bytes. */
export const BINARY_VRS: ReadonlySet<string> = new Set('OB OD OF OL OV OW UN'.split(' '));

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

/** Bytes of one word of a block, by VR (PS3.5 6.2); 1 for others. */
const WORD_BYTES: Readonly<Record<string, number>> = { OW: 2, OF: 4, OL: 4, OD: 8, OV: 8 };

/** A copy of a block of bytes. Words come in little endian, as Cornerstone reads them. */
export function binaryValue(
  bytes: Uint8Array,
  { dataOffset, length }: Element,
  vr: string,
  parser: ByteArrayParser,
): ArrayBuffer {
  const copy = bytes.slice(dataOffset, dataOffset + length);
  const size = WORD_BYTES[vr] ?? 1;
  if (size > 1 && parser === bigEndianByteArrayParser) {
    for (let at = 0; at + size <= copy.length; at += size) {
      copy.subarray(at, at + size).reverse();
    }
  }
  return copy.buffer;
}
