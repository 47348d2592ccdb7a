import type { PixelArray, ValueRange } from './types.js';

/** Smallest and largest finite value of an array; `undefined` when there is none. */
export function finiteRange(values: PixelArray): ValueRange | undefined {
  const isFloat = values instanceof Float32Array || values instanceof Float64Array;
  return isFloat ? floatRange(values) : integerRange(values);
}

// Two loops: integers are all finite, and beginning with one of them keeps the arithmetic integer.
function integerRange(values: PixelArray): ValueRange | undefined {
  let min = values[0];
  if (min === undefined) {
    return undefined;
  }
  let max = min;
  for (let i = 1; i < values.length; i++) {
    const value = values[i] as number;
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  return { min, max };
}

function floatRange(values: Float32Array | Float64Array): ValueRange | undefined {
  let min = Infinity;
  let max = -Infinity;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    // No comparison holds for NaN; the bounds keep the infinities out.
    if (value < min && value > -Infinity) {
      min = value;
    }
    if (value > max && value < Infinity) {
      max = value;
    }
  }
  return min <= max ? { min, max } : undefined;
}
