import { isKnownLayout, nativePixels } from '../../../src/pixels/worker/nativePixels.js';

/** A view of the bytes that begins at this address. */
function bytesAt(address: number, bytes: readonly number[]): Uint8Array<ArrayBuffer> {
  const memory = new Uint8Array(address + bytes.length);
  memory.set(bytes, address);
  return memory.subarray(address);
}

describe('nativePixels', () => {
  for (const address of [4, 5]) {
    it(`reads words that begin at address ${address}`, () => {
      const layout = { bitsAllocated: 16, bitsStored: 16, isSigned: false };
      const pixels = nativePixels(bytesAt(address, [1, 2, 255, 255]), layout);
      expect(pixels).toEqual(new Uint16Array([0x0201, 65535]));
    });
  }

  it('reads two complements of the bits stored', () => {
    const bytes = [0xff, 0x0f, 0x00, 0x08, 0xff, 0x07, 0x01, 0xf0];
    const read = (bitsStored: number | undefined) =>
      nativePixels(bytesAt(1, bytes), { bitsAllocated: 16, bitsStored, isSigned: true });
    expect(read(12)).toEqual(new Int16Array([-1, -2048, 2047, 1]));
    expect(read(16)).toEqual(new Int16Array([0x0fff, 0x0800, 0x07ff, 0xf001 - 0x10000]));
    expect(read(undefined)).toEqual(read(16));
  });

  it('reads bytes', () => {
    const layout = { bitsAllocated: 8, bitsStored: 8, isSigned: false };
    expect(nativePixels(bytesAt(3, [0, 200]), layout)).toEqual(new Uint8Array([0, 200]));
  });

  it('knows the layouts that it reads', () => {
    const known = [8, 16, 32, 1].flatMap((bitsAllocated) =>
      [false, true].map((isSigned) =>
        isKnownLayout({ bitsAllocated, bitsStored: bitsAllocated, isSigned }),
      ),
    );
    expect(known).toEqual([true, false, true, true, false, false, false, false]);
  });
});
