import { COARSE_STEP } from '../../loading/schedule/frameOrder.js';
import type { SliceFacts } from '../texture/StandIns.js';

/**
 * Whether slices are still to come in gaps too large for a picture across the slices to be recognisable: as many in a
 * row as the coarse steps of the frame orders, or more.
 *
 * @param frameCount - number of slices
 */
export function isSparse(
  frameCount: number,
  { canLend, isToCome }: Pick<SliceFacts, 'canLend' | 'isToCome'>,
): boolean {
  let gap = 0;
  let willBeFilled = false;
  for (let sliceIndex = 0; sliceIndex < frameCount; sliceIndex++) {
    if (canLend(sliceIndex)) {
      gap = 0;
      willBeFilled = false;
    } else {
      gap += 1;
      willBeFilled ||= isToCome(sliceIndex);
      if (willBeFilled && gap >= COARSE_STEP) {
        return true;
      }
    }
  }
  return false;
}
