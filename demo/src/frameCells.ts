import type { StreamingImageVolume } from '../../src/index.js';

/** The one state that a frame is in. */
export type FrameState = StreamingImageVolume['frameStates'][number];

/** All states, in the order of a load. */
export const FRAME_STATES = [
  'idle',
  'queued',
  'loading',
  'partial',
  'loaded',
  'failed',
  'absent',
] as const;

/**
 * Where the cell of a frame begins and ends, in whole pixels, when all of them share a width.
 *
 * @returns at least one pixel, so that neighbours overlap where there are more frames than pixels
 */
export function cellSpan(
  frameIndex: number,
  frameCount: number,
  width: number,
): { readonly start: number; readonly end: number } {
  const start = Math.min(Math.round((frameIndex * width) / frameCount), width - 1);
  return { start, end: Math.max(start + 1, Math.round(((frameIndex + 1) * width) / frameCount)) };
}

/** The frame whose cell is at a position, from 0 at the left edge to `width` at the right one. */
export function frameAt(x: number, frameCount: number, width: number): number {
  return Math.max(0, Math.min(frameCount - 1, Math.floor((x / width) * frameCount)));
}

/** The number of frames in each state. */
export function countStates(states: readonly FrameState[]): Record<FrameState, number> {
  const counts = { idle: 0, queued: 0, loading: 0, partial: 0, loaded: 0, failed: 0, absent: 0 };
  for (const state of states) {
    counts[state] += 1;
  }
  return counts;
}

/** One sentence for screen readers, without the states that no frame is in. */
export function describeCounts(counts: Readonly<Record<FrameState, number>>): string {
  const parts = FRAME_STATES.filter((state) => counts[state] > 0).map(
    (state) => `${counts[state]} ${state}`,
  );
  const total = FRAME_STATES.reduce((sum, state) => sum + counts[state], 0);
  return total > 0
    ? `${total} ${total === 1 ? 'frame' : 'frames'}: ${parts.join(', ')}`
    : 'No frames';
}
