import type { Types } from '@cornerstonejs/core';
import type { VolumeGeometry } from '../base/types.js';
import { slicesInView } from '../geometry/planeAxes.js';
import { outwards } from '../loading/schedule/frameOrder.js';
import { readViewPlane } from '../loading/schedule/ViewportFollower.js';

/** A slice that a viewport in the acquisition plane is at, and the one that it shows in its place. */
export interface StandInOnScreen {
  /** From 0, in volume order. */
  readonly sliceIndex: number;
  /** The slice whose pixels are shown. */
  readonly shownSliceIndex: number;
}

/**
 * Finds the first slice in a view that shows the pixels of another one, from its middle outwards.
 *
 * @param standInFor - the slice whose pixels are shown in place of another one
 * @returns undefined where there is none, and for planes across the slices
 */
export function findStandInOnScreen(
  geometry: VolumeGeometry,
  viewport: Pick<Types.IViewport, 'type' | 'getCamera'>,
  standInFor: (sliceIndex: number) => number | undefined,
): StandInOnScreen | undefined {
  const plane = readViewPlane(viewport);
  const inView = plane && slicesInView(geometry, plane);
  if (!inView) {
    return undefined;
  }
  const { sliceIndex: middle, radius } = inView;
  for (const place of outwards(2 * radius + 1, radius)) {
    const sliceIndex = middle - radius + place;
    const shownSliceIndex = standInFor(sliceIndex);
    if (shownSliceIndex !== undefined) {
      return { sliceIndex, shownSliceIndex };
    }
  }
  return undefined;
}
