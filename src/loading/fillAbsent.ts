import type { FrameStore } from '../base/FrameStore.js';
import { IMAGE_QUALITY } from '../base/types.js';
import { finiteRange } from '../base/voxelTypes.js';
import type { FrameStates } from './FrameStates.js';
import type { NearbyFrame } from './schedule/ProgressivePlan.js';

/**
 * Interpolates the absent frames next to one that has just been loaded, linearly between the nearest
 * frames on both sides, where the one on the other side is loaded too. Values are rounded where the
 * store holds whole numbers.
 *
 * @returns the frames that were filled
 */
export function interpolateAbsent(
  { states, store }: { states: FrameStates; store: FrameStore },
  frameIndex: number,
): number[] {
  const filled: number[] = [];
  for (const neighbour of [frameIndex - 1, frameIndex + 1]) {
    if (states.has(neighbour) && states.get(neighbour) === 'absent') {
      const [from, to] = framesAround(states, neighbour);
      const ends = [from, to].map((end) => end !== undefined && states.get(end) === 'loaded');
      if (from !== undefined && to !== undefined && ends.every(Boolean)) {
        for (let index = from + 1; index < to; index++) {
          interpolate(store, index, from, to);
          filled.push(index);
        }
      }
    }
  }
  return filled;
}

function interpolate(store: FrameStore, index: number, from: number, to: number): void {
  const [before, behind, target] = [store.frame(from), store.frame(to), store.frame(index)];
  const weight = (index - from) / (to - from);
  for (let i = 0; i < target.length; i++) {
    const start = before[i] ?? 0;
    const value = start + weight * ((behind[i] ?? 0) - start);
    target[i] = store.isWhole ? Math.round(value) : value;
  }
  const range = finiteRange(target);
  if (range) {
    store.setRange(index, range);
  }
}

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

/**
 * The nearest frames before and behind a slice that are not absent.
 *
 * @returns one or two frame indices, ascending
 */
export function framesAround(states: FrameStates, frameIndex: number): number[] {
  return [-1, 1].flatMap((step) => {
    let index = frameIndex + step;
    while (states.has(index) && states.get(index) === 'absent') {
      index += step;
    }
    return states.has(index) ? [index] : [];
  });
}
