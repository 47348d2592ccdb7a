import type { StoredFormat } from './pixelSeries.js';

/**
 * Writes whole numbers as native little-endian pixel cells (PS3.5 8.1.1), with junk in the bits beyond the
 * value.
 */
export function writeCells(
  values: readonly number[],
  format: Pick<StoredFormat, 'bitsAllocated' | 'bitsStored' | 'highBit'>,
  random: () => number,
): Uint8Array {
  const { bitsAllocated, bitsStored = bitsAllocated, highBit = bitsStored - 1 } = format;
  if (bitsAllocated === 1) {
    const packed = new Uint8Array(Math.ceil(values.length / 8));
    values.forEach((value, i) => {
      packed[i >> 3] = (packed[i >> 3] as number) | (value << (i & 7));
    });
    return packed;
  }
  const size = bitsAllocated / 8;
  const view = new DataView(new ArrayBuffer(values.length * size));
  const lowBit = highBit - bitsStored + 1;
  const mask = (2 ** bitsStored - 1) * 2 ** lowBit;
  values.forEach((value, i) => {
    // Multiplied, not shifted: a shift by 32 bits does nothing.
    const bits = ((value + (value < 0 ? 2 ** bitsStored : 0)) * 2 ** lowBit) >>> 0;
    const junk = Math.floor(random() * 2 ** 32) & ~(mask >>> 0);
    const cell = (bits | junk) >>> 0;
    for (let byte = 0; byte < size; byte++) {
      view.setUint8(i * size + byte, (cell >>> (8 * byte)) & 0xff);
    }
  });
  return new Uint8Array(view.buffer);
}

/** Writes floating point values, lowest byte first. */
export function writeFloats(values: readonly number[], bits: 32 | 64): Uint8Array {
  const view = new DataView(new ArrayBuffer((values.length * bits) / 8));
  values.forEach((value, i) => {
    if (bits === 32) {
      view.setFloat32(4 * i, value, true);
    } else {
      view.setFloat64(8 * i, value, true);
    }
  });
  return new Uint8Array(view.buffer);
}

/**
 * Whole numbers with `bits` bits: both ends of the range, values around 0, and values between. With more than
 * 24 bits they are multiples of the step of single precision at the ends, so that a volume can hold them.
 */
export function storedValues(
  count: number,
  bitsStored: number,
  isSigned: boolean,
  random: () => number,
): number[] {
  const min = isSigned ? -(2 ** (bitsStored - 1)) : 0;
  const max = min + 2 ** bitsStored - 1;
  const step = 2 ** Math.max(0, bitsStored - 24);
  const special = [min, max - step + 1, 0, isSigned ? -step : step];
  return Array.from({ length: count }, (_, i) => {
    const value = special[i] ?? min + Math.floor(random() * 2 ** bitsStored);
    return Math.min(max, Math.max(min, Math.floor(value / step) * step));
  });
}
