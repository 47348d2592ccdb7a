import { lowerMedian } from '../median.js';
import type { PlacedFrame } from '../placedFrame.js';

type Offsets = readonly [number, number];

/** The line that the positions of a stack follow. */
export interface StackLine {
  /** In-plane drift in mm per mm along the normal; `[0, 0]` for a stack without tilt. */
  readonly slope: Offsets;
  /** In-plane offset in mm where the distance along the normal is 0. */
  readonly offset: Offsets;
}

/** In-plane distance of a frame from the line, in mm. */
export function distanceFromLine(line: StackLine, placed: PlacedFrame): number {
  return Math.hypot(
    placed.inPlane[0] - line.offset[0] - line.slope[0] * placed.along,
    placed.inPlane[1] - line.offset[1] - line.slope[1] * placed.along,
  );
}

/**
 * Fits the line through a stack so that frames which lie elsewhere do not bend it.
 *
 * A vote of lines through two frames finds the one that most frames are near, the least tilted of
 * equal ones. The median of their slopes and the mean of their offsets then take the rounding of the
 * headers out: a single frame that is off by a fraction of a pixel does not tilt the line either.
 *
 * @param placed - ascending along the normal, with an extent along it
 * @param nearInMm - how far rounding may move a frame in plane
 */
export function fitStackLine(placed: readonly PlacedFrame[], nearInMm: number): StackLine {
  const isNear = (line: StackLine) => (frame: PlacedFrame) =>
    distanceFromLine(line, frame) <= 2 * nearInMm;
  let best: { line: StackLine; votes: number } | undefined;
  for (const line of candidateLines(placed)) {
    const votes = placed.filter(isNear(line)).length;
    if (!best || votes > best.votes || (votes === best.votes && tiltOf(line) < tiltOf(best.line))) {
      best = { line, votes };
    }
    if (votes === placed.length) {
      break;
    }
  }
  return middleLine(best ? placed.filter(isNear(best.line)) : placed);
}

/** Lines through frames half the stack apart: far enough for a good slope, few enough to try. */
function* candidateLines(placed: readonly PlacedFrame[]): Generator<StackLine> {
  const half = placed.length >> 1;
  for (const lever of [half, half + 1]) {
    for (const [i, far] of placed.slice(lever).entries()) {
      const near = placed[i];
      if (near && far.along > near.along) {
        yield lineThrough(near, far);
      }
    }
  }
}

function lineThrough(near: PlacedFrame, far: PlacedFrame): StackLine {
  const run = far.along - near.along;
  return fitAxes((axis) => {
    const slope = (far.inPlane[axis] - near.inPlane[axis]) / run;
    return [slope, near.inPlane[axis] - slope * near.along];
  });
}

function middleLine(placed: readonly PlacedFrame[]): StackLine {
  const lines = [...candidateLines(placed)];
  const mean = (read: (frame: PlacedFrame) => number): number =>
    placed.reduce((sum, frame) => sum + read(frame), 0) / placed.length;
  return fitAxes((axis) => {
    const slope = lines.length > 0 ? lowerMedian(lines.map((line) => line.slope[axis])) : 0;
    return [slope, mean(({ along, inPlane }) => inPlane[axis] - slope * along)];
  });
}

function fitAxes(fit: (axis: 0 | 1) => [slope: number, offset: number]): StackLine {
  const [row, column] = [fit(0), fit(1)];
  return { slope: [row[0], column[0]], offset: [row[1], column[1]] };
}

/** Angle between a line and the normal, in degrees. */
export function tiltOf(line: StackLine): number {
  return (Math.atan(Math.hypot(line.slope[0], line.slope[1])) * 180) / Math.PI;
}
