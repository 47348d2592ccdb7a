import type { FrameMetadata, Orientation } from '../base/types.js';
import { planeAxes } from './planeAxes.js';
import { cross, dot, normalize, subtract } from './vector.js';

/** Where a frame lies as seen from the stack, in mm from the first frame that was given. */
export interface PlacedFrame {
  /** Index into the frames that were given. */
  readonly frameIndex: number;
  /** Distance along the normal. */
  readonly along: number;
  /** Offsets along the row and the column direction. */
  readonly inPlane: readonly [number, number];
}

/**
 * Expresses Image Position (Patient) in the axes of the stack (PS3.3 C.7.6.2.1.1).
 *
 * @param orientation - of the stack, two unit vectors at right angles within rounding
 * @returns ascending along the normal; frames at one distance stay in the order given
 */
export function placeFrames(
  frames: readonly FrameMetadata[],
  orientation: Orientation,
): PlacedFrame[] {
  const { row, normal } = planeAxes(orientation);
  const unitRow = normalize(row);
  const unitColumn = cross(normal, unitRow);
  const start = frames[0]?.imagePositionPatient;
  if (!start) {
    return [];
  }
  return frames
    .map((frame, frameIndex): PlacedFrame => {
      const offset = subtract(frame.imagePositionPatient, start);
      return {
        frameIndex,
        along: dot(offset, normal),
        inPlane: [dot(offset, unitRow), dot(offset, unitColumn)],
      };
    })
    .sort((a, b) => a.along - b.along);
}
