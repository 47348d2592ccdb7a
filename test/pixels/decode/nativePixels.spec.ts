import type { PixelLayout } from '../../../src/pixels/pixelLayout.js';
import { nativePixels } from '../../../src/pixels/decode/nativePixels.js';

/** A view of the bytes that begins at this address. */
function bytesAt(address: number, bytes: readonly number[]): Uint8Array<ArrayBuffer> {
  const memory = new Uint8Array(address + bytes.length).fill(99);
  memory.set(bytes, address);
  return memory.subarray(address);
}

const LAYOUT: PixelLayout = {
  valueCount: 2,
  bitsAllocated: 16,
  bitsStored: 16,
  highBit: 15,
  isSigned: false,
  isFloat: false,
};

const BYTES = [1, 2, 3, 4, 255, 255, 255, 255, 0, 0, 0, 0, 0, 0, 240, 63];

describe('nativePixels', () => {
  for (const [what, layout, expected] of [
    ['bytes', { bitsAllocated: 8 }, Uint8Array.of(1, 2)],
    [
      'signed bytes',
      { bitsAllocated: 8, isSigned: true, valueCount: 5 },
      Int8Array.of(1, 2, 3, 4, -1),
    ],
    ['words', {}, Uint16Array.of(0x0201, 0x0403)],
    ['signed words', { isSigned: true, valueCount: 3 }, Int16Array.of(0x0201, 0x0403, -1)],
    ['32 bits', { bitsAllocated: 32 }, Uint32Array.of(0x04030201, 2 ** 32 - 1)],
    ['signed 32 bits', { bitsAllocated: 32, isSigned: true }, Int32Array.of(0x04030201, -1)],
    [
      'doubles',
      { bitsAllocated: 64, isFloat: true },
      new Float64Array(Uint8Array.from(BYTES).buffer),
    ],
    [
      'single bits',
      { bitsAllocated: 1, valueCount: 10 },
      Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 0, 1),
    ],
  ] as [string, Partial<PixelLayout>, unknown][]) {
    it(`reads ${what} at any address`, () => {
      for (let address = 0; address < 8; address++) {
        for (const isOwn of [false, true]) {
          const bytes = bytesAt(address, BYTES);
          const pixels = nativePixels(bytes, { ...LAYOUT, ...layout }, isOwn);
          expect(pixels)
            .withContext(`at address ${address}`)
            .toEqual(expected as never);
          if (!isOwn) {
            expect([...bytes]).toEqual(BYTES);
          }
        }
      }
    });
  }
});
