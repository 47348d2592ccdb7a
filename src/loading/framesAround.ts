import type { FrameStates } from './FrameStates.js';

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
