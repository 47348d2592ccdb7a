import type { FrameStore } from '../base/voxels/FrameStore.js';
import { IMAGE_QUALITY } from '../base/types.js';
import { finiteRange } from '../base/voxels/voxelTypes.js';
import type { FrameStates } from './FrameStates.js';
import type { LoadContext } from './LoadContext.js';
import type { NearbyFrame } from './schedule/ProgressivePlan.js';

/**
 * Interpolates the absent slices next to one that has just been loaded, linearly between the nearest
 * frames on both sides, where the frame on the other side is loaded too. Values are rounded where the
 * store holds whole numbers.
 *
 * @returns the slices that were filled
 */
export function interpolateAbsent(
  { states, store }: Pick<LoadContext, 'states' | 'store'>,
  sliceIndex: number,
): number[] {
  const filled: number[] = [];
  for (const neighbour of [sliceIndex - 1, sliceIndex + 1]) {
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
 * Copies a frame to nearby slices that have nothing as good yet (nearest-neighbour fill).
 *
 * A slice that is loading is left alone: a worker may be writing it, and its pixels must not be overwritten
 * with those of a neighbour.
 *
 * @param sliceIndex - a slice that has pixels
 * @returns the slices that were filled
 */
export function fillNearby(
  { states, store }: Pick<LoadContext, 'states' | 'store'>,
  sliceIndex: number,
  nearbyFrames: readonly NearbyFrame[],
): number[] {
  const filled: number[] = [];
  for (const { offset, imageQualityStatus = IMAGE_QUALITY.farReplicate } of nearbyFrames) {
    const target = sliceIndex + offset;
    const isWaiting = states.has(target) && WAITING.has(states.get(target));
    if (isWaiting && (states.quality(target) ?? 0) < imageQualityStatus) {
      store.copyFrame(sliceIndex, target);
      states.show(target, imageQualityStatus);
      filled.push(target);
    }
  }
  return filled;
}

const WAITING: ReadonlySet<string> = new Set(['idle', 'queued', 'partial']);

/**
 * The nearest slices before and behind a slice that are not absent.
 *
 * @returns one or two slice indices, ascending
 */
export function framesAround(states: FrameStates, sliceIndex: number): number[] {
  return [-1, 1].flatMap((step) => {
    let index = sliceIndex + step;
    while (states.has(index) && states.get(index) === 'absent') {
      index += step;
    }
    return states.has(index) ? [index] : [];
  });
}
