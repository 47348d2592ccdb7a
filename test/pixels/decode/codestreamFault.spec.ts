import { readCodestream } from '../../../src/pixels/decode/codestream.js';
import { codestreamFault } from '../../../src/pixels/decode/codestreamFault.js';
import type { PixelLayout } from '../../../src/pixels/pixelLayout.js';

const SYNTAX = '1.2.840.10008.1.2.4.';
const LAYOUT: PixelLayout = {
  valueCount: 12,
  rows: 3,
  columns: 4,
  bitsAllocated: 8,
  bitsStored: 8,
  highBit: 7,
  isSigned: false,
  isFloat: false,
};

/** A frame header of JPEG or JPEG-LS. */
function frameHeader(marker: number, columns: number, rows: number, components = 1): number[] {
  const size = [rows >> 8, rows & 255, columns >> 8, columns & 255];
  const parts = Array.from({ length: components }, (_, index) => [index + 1, 0x11, 0]).flat();
  return [0xff, marker, 0, 8 + 3 * components, 8, ...size, components, ...parts];
}

const SCAN = [0xff, 0xda, 0, 8, 1, 1, 0, 1, 0, 0, 0, 0, 0xff, 0xd9];

function jpeg(...headers: readonly (readonly number[])[]): Uint8Array {
  return Uint8Array.from([0xff, 0xd8, ...headers.flat(), ...SCAN]);
}

/** A codestream of JPEG 2000 with one tile-part without data. */
function jpeg2000(columns: number, rows: number, components = 1, offset = 0): Uint8Array {
  const bytes = (value: number): number[] => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255);
  const size = [columns + offset, rows + offset, offset, offset];
  const fields = [...size, columns, rows, 0, 0].flatMap(bytes);
  const parts = Array.from({ length: components }, () => [7, 1, 1]).flat();
  return Uint8Array.from(
    [
      [0xff, 0x4f, 0xff, 0x51, 0, 38 + 3 * components, 0, 0, ...fields, 0, components, ...parts],
      [0xff, 0x52, 0, 12, 0, 0, 0, 1, 0, 1, 0, 0, 0, 1, 0xff, 0x5c, 0, 7, 0x40, 8, 8, 8, 8],
      [0xff, 0x90, 0, 10, 0, 0, 0, 0, 0, 0, 0, 1, 0xff, 0x93],
    ].flat(),
  );
}

describe('The size that a codestream states', () => {
  for (const [name, syntax, of] of [
    [
      'baseline JPEG',
      '50',
      (...size: [number, number, number?]) => jpeg(frameHeader(0xc0, ...size)),
    ],
    [
      'lossless JPEG',
      '70',
      (...size: [number, number, number?]) => jpeg(frameHeader(0xc3, ...size)),
    ],
    ['JPEG-LS', '80', (...size: [number, number, number?]) => jpeg(frameHeader(0xf7, ...size))],
    ['JPEG 2000', '90', jpeg2000],
    ['HTJ2K', '201', jpeg2000],
  ] as const) {
    const fault = (bytes: Uint8Array): string | undefined =>
      codestreamFault(bytes, `${SYNTAX}${syntax}`, LAYOUT);

    it(`of ${name} is that of the header`, () => {
      expect(fault(of(4, 3))).toBeUndefined();
      expect(fault(of(3, 4))).toMatch(/3 columns, 4 rows and 1 components/);
      expect(fault(of(20_000, 20_000))).toMatch(/20000 columns, 20000 rows/);
      expect(fault(of(4, 3, 3))).toMatch(/3 components/);
    });
  }

  it('of JPEG 2000 begins at its offset', () => {
    expect(codestreamFault(jpeg2000(4, 3, 1, 100), `${SYNTAX}90`, LAYOUT)).toBeUndefined();
  });

  it('of a JPEG is looked for in each frame header, and has to be there', () => {
    const [right, huge] = [frameHeader(0xc3, 4, 3), frameHeader(0xc3, 20_000, 20_000)];
    for (const bytes of [
      jpeg(right, huge),
      jpeg(huge, right),
      jpeg(right, frameHeader(0xc1, 9, 9)),
    ]) {
      expect(codestreamFault(bytes, `${SYNTAX}70`, LAYOUT)).toMatch(/columns/);
    }
    const comments = Array.from({ length: 300 }, () => [0xff, 0xfe, 0, 2]);
    expect(codestreamFault(jpeg(...comments, huge), `${SYNTAX}70`, LAYOUT)).toMatch(/its size/);
  });

  it('is not looked for where the header has none', () => {
    const layout = { ...LAYOUT, rows: undefined };
    expect(codestreamFault(jpeg2000(9, 9), `${SYNTAX}90`, layout)).toBeUndefined();
  });

  it('and all else is read of the first 256 segments', () => {
    const style = [0xff, 0x52, 0, 12, 0, 0, 0, 1, 0, 1, 0, 0, 0, 1];
    const of = (count: number): Uint8Array => {
      const comments = Array.from({ length: count }, () => [0xff, 0x64, 0, 2]).flat();
      return Uint8Array.from([0xff, 0x4f, 0xff, 0x51, 0, 2, ...comments, ...style]);
    };
    expect(readCodestream(of(3))).toBeDefined();
    expect(readCodestream(of(300))).toBeUndefined();
  });
});
