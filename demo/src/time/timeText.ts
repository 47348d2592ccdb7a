/** Where a frame of a volume with time points lies; both count from 0. */
export interface FramePlace {
  readonly timePoint: number;
  readonly slice: number;
}

/** The place of a frame among those of all time points, one time point after the other. */
export function placeOf(frameIndex: number, slicesPerTimePoint: number): FramePlace {
  return {
    timePoint: Math.floor(frameIndex / slicesPerTimePoint),
    slice: frameIndex % slicesPerTimePoint,
  };
}

/** What a reader calls a frame: its slice, and its time point where there are several. */
export function frameText(frameIndex: number, slicesPerTimePoint: number, total: number): string {
  const { timePoint, slice } = placeOf(frameIndex, slicesPerTimePoint);
  const name = `Slice ${slice + 1}`;
  return total > slicesPerTimePoint ? `Time point ${timePoint + 1} · ${name.toLowerCase()}` : name;
}

/** @param timePoint - from 1, as the volume counts */
export function timePointText(timePoint: number, count: number): string {
  return `Time point ${timePoint} of ${count}`;
}
