import type { ModalityLut, PixelArray, ValueRange } from '../types.js';
import { finiteRange } from './voxelTypes.js';

/**
 * Maps stored values by a table: values below the first have the first entry, values above the last have the last
 * (PS3.3 C.11.1.1.1).
 *
 * @param stored - whole numbers; not changed
 */
export function applyModalityLut(
  stored: PixelArray,
  { firstValue, entries }: ModalityLut,
): Uint16Array<ArrayBuffer> {
  const values = new Uint16Array(stored.length);
  const last = entries.length - 1;
  for (let i = 0; i < stored.length; i++) {
    const index = (stored[i] as number) - firstValue;
    values[i] = entries[index < 0 ? 0 : index > last ? last : index] as number;
  }
  return values;
}

/** The range of all entries. */
export function modalityLutRange({ entries }: ModalityLut): ValueRange {
  return finiteRange(entries) as ValueRange;
}
