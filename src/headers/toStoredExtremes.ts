import type { ValueRange } from '../base/types.js';
import { isWithin, storedLimits } from '../base/valueRanges.js';
import type { MetadataModule } from './readModule.js';
import { toFiniteNumber } from './readScaling.js';

/**
 * The extremes that a header says of the stored values of an image: Smallest and Largest Image Pixel Value
 * (PS3.3 C.7.6.3). They are hints: what is derived from pixels in hand comes first.
 *
 * @param pixel - the image pixel module, as Cornerstone's providers give it
 * @returns undefined where they are missing or cannot be right: they contradict each other or the bits stored,
 *   or both are 0, which many writers put there for unknown
 */
export function toStoredExtremes(pixel: MetadataModule): ValueRange | undefined {
  const bits = toFiniteNumber(pixel['bitsStored']) ?? toFiniteNumber(pixel['bitsAllocated']) ?? 0;
  const isSigned = toFiniteNumber(pixel['pixelRepresentation']) === 1;
  const smallest = toFiniteNumber(pixel['smallestPixelValue']);
  const largest = toFiniteNumber(pixel['largestPixelValue']);
  if (smallest === undefined || largest === undefined || bits > 16) {
    return undefined;
  }
  const [min, max] = isSigned ? [toSigned(smallest), toSigned(largest)] : [smallest, largest];
  const isBlank = min === 0 && max === 0;
  const isPossible = isWithin({ min, max }, storedLimits({ bitsStored: bits, isSigned }));
  return isBlank || min > max || !isPossible ? undefined : { min, max };
}

/** Providers may read the two bytes of a signed value as one without a sign. */
function toSigned(value: number): number {
  return value > 0x7fff ? value - 0x10000 : value;
}
