import type { Types } from '@cornerstonejs/core';
import { isIntegerRescale } from '../../base/linearRescale.js';
import type { LinearRescale } from '../../base/types.js';

/**
 * Whether an Image of scaled values may have lost fractions. dicom-image-loader chooses the type of a
 * frame by its smallest and largest value alone: whole numbers there cut off the fractions of all values
 * between.
 */
export function mayLackFractions(
  { minPixelValue, maxPixelValue }: Types.IImage,
  rescale: LinearRescale,
): boolean {
  const hasWholeEnds = Number.isInteger(minPixelValue) && Number.isInteger(maxPixelValue);
  return hasWholeEnds && !isIntegerRescale(rescale);
}
