import type { FrameStates } from './FrameStates.js';
import type { FrameStore } from '../base/FrameStore.js';
import { IMAGE_QUALITY } from '../base/imageQuality.js';
import type { NearbyFrame } from './schedule/RetrievePlan.js';

/**
 * Lets a frame stand in for others that have nothing as good yet.
 *
 * A frame that is loading is left alone: a worker may be writing it, and its pixels must not be covered
 * by those of a neighbour.
 *
 * @param frameIndex - a frame that has pixels
 * @returns the frames that were filled
 */
export function fillNearby(
  { states, store }: { states: FrameStates; store: FrameStore },
  frameIndex: number,
  nearbyFrames: readonly NearbyFrame[],
): number[] {
  const filled: number[] = [];
  for (const { offset, imageQualityStatus = IMAGE_QUALITY.farReplicate } of nearbyFrames) {
    const target = frameIndex + offset;
    const exists = target >= 0 && target < store.frameCount;
    if (exists && WAITING.has(states.get(target))) {
      if ((states.quality(target) ?? 0) < imageQualityStatus) {
        store.copyFrame(frameIndex, target);
        states.show(target, imageQualityStatus);
        filled.push(target);
      }
    }
  }
  return filled;
}

const WAITING: ReadonlySet<string> = new Set(['idle', 'queued', 'partial']);
