import type { FrameMetadata } from '../../base/types.js';
import { isOrientationClose, isSoundOrientation } from '../eligibility/checkOrientations.js';
import type { GeometryTolerance } from '../geometryTolerance.js';
import { groupAlike, numericMajority } from '../majority.js';
import { isPixelSpacingClose, uniformFieldsOf } from '../eligibility/uniformFields.js';

/** Parts of a mixed list of frames. */
export interface FramePartition {
  /** Frames that agree in everything but their positions. */
  readonly parts: readonly (readonly FrameMetadata[])[];
  /** Frames that agree only in their fields: each orientation or pixel size is there but once. */
  readonly odd: readonly (readonly FrameMetadata[])[];
}

/**
 * Parts frames by series, frame of reference, modality, size, pixel format, orientation and pixel
 * spacing, so that `checkFrames` has only the positions of a part left to judge.
 *
 * @returns in the order of the first frame of each field; every frame is in one place
 */
export function partitionFrames(
  frames: readonly FrameMetadata[],
  tolerance: GeometryTolerance,
): FramePartition {
  const byFields = new Map<string, FrameMetadata[]>();
  const fieldsOf = uniformFieldsOf(frames);
  for (const [index, frame] of frames.entries()) {
    const fields = fieldsOf[index] ?? '';
    const alike = byFields.get(fields) ?? [];
    alike.push(frame);
    byFields.set(fields, alike);
  }
  const parts: FrameMetadata[][] = [];
  const odd: FrameMetadata[][] = [];
  for (const alike of byFields.values()) {
    const planes = partBySlopes(alike, tolerance);
    const singles = planes.filter(({ length }) => length === 1).flat();
    parts.push(...planes.filter(({ length }) => length > 1));
    if (singles.length > 0) {
      odd.push(singles);
    }
  }
  return { parts, odd };
}

function partBySlopes(
  frames: readonly FrameMetadata[],
  tolerance: GeometryTolerance,
): FrameMetadata[][] {
  const isSound = (frame: FrameMetadata) =>
    isSoundOrientation(frame.imageOrientationPatient, tolerance);
  const skewed = frames.filter((frame) => !isSound(frame));
  const planes = partByNumbers(
    frames.filter(isSound),
    (frame) => frame.imageOrientationPatient,
    (a, b, slack) => isOrientationClose(a, b, slack, tolerance),
  ).flatMap((plane) =>
    partByNumbers(
      plane,
      (frame) => frame.pixelSpacing,
      (a, b, slack) => isPixelSpacingClose(a, b, slack, tolerance),
    ),
  );
  return skewed.length > 0 ? [...planes, skewed] : planes;
}

/** Parts frames so that all of a part are close to its median, as the checks ask for. */
function partByNumbers(
  frames: readonly FrameMetadata[],
  numbersOf: (frame: FrameMetadata) => readonly number[],
  isClose: (a: readonly number[], b: readonly number[], slack: number) => boolean,
): FrameMetadata[][] {
  const alike = groupAlike(frames, (a, b) => isClose(numbersOf(a), numbersOf(b), 2));
  return alike.flatMap((group) => {
    const far = new Set(numericMajority(group.map(numbersOf), isClose).minority);
    const near = group.filter((_, index) => !far.has(index));
    const others = [...far].flatMap((index) => group[index] ?? []);
    // Without any frame near the median the group is left as it is, for the checks to tell.
    return far.size === 0 || near.length === 0
      ? [group]
      : [near, others].flatMap((part) => partByNumbers(part, numbersOf, isClose));
  });
}
