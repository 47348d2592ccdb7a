import { framesAround } from './framesAround.js';
import type { FrameStates } from './FrameStates.js';
import type { FrameStore } from '../base/FrameStore.js';
import { finiteRange } from '../base/valueRange.js';

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
