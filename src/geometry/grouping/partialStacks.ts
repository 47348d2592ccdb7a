import { vec3 } from 'gl-matrix';
import { countOf } from '../../base/eligibilityReason.js';
import type { EligibilityReason } from '../../base/eligibilityReason.js';
import type { FrameMetadata } from '../../base/types.js';
import type { GeometryTolerance } from '../geometryTolerance.js';
import { planeAxes } from '../planeAxes.js';
import { lowerMedian } from '../statistics.js';

/** Cosine of the angle up to which other planes count as slices of the same stack: 8 degrees. */
const NEARLY_PARALLEL = 0.99;

/** Part of the slice distance within which a frame is at the position of a slice. */
const SAME_PLACE = 0.25;

/**
 * Warns of a volume that is only a part of its stack: other frames of the series lie between its slices, or next to
 * its first or last. Frames at the positions of its slices are another volume, and frames further away are none of
 * this stack.
 *
 * @param volume - frames that form a volume, at least two
 * @param all - the list that they were found in; frames of `volume` are skipped
 */
export function describePartialStack(
  volume: readonly FrameMetadata[],
  all: readonly FrameMetadata[],
  tolerance: GeometryTolerance,
): EligibilityReason | undefined {
  const [reference] = volume;
  if (!reference) {
    return undefined;
  }
  const { normal } = planeAxes(reference.imageOrientationPatient);
  const alongOf = (frame: FrameMetadata) => vec3.dot(frame.imagePositionPatient, normal);
  const slices = volume.map(alongOf).sort((a, b) => a - b);
  const spacingInMm = lowerMedian(slices.slice(1).map((along, i) => along - (slices[i] ?? along)));
  const reachInMm = (1 + tolerance.missingSlice) * spacingInMm;
  const own = new Set(volume);
  const beside = all.filter(
    (frame) =>
      frame.seriesInstanceUID === reference.seriesInstanceUID &&
      distanceToNearest(slices, alongOf(frame)) > SAME_PLACE * spacingInMm &&
      !own.has(frame) &&
      isBehindOrBefore(frame, reference),
  );
  const [first = 0, last = 0] = [slices[0], slices.at(-1)];
  const from = -reachFrom(
    -first,
    beside.map((frame) => -alongOf(frame)),
    reachInMm,
  );
  const to = reachFrom(last, beside.map(alongOf), reachInMm);
  const imageIds = beside
    .filter((frame) => alongOf(frame) >= from && alongOf(frame) <= to)
    .map(({ imageId }) => imageId);
  const isOne = imageIds.length === 1;
  return imageIds.length === 0
    ? undefined
    : {
        code: 'partial-stack',
        severity: 'warning',
        message:
          `The volume is a part of its series: ${countOf(imageIds.length, 'other frame')} ` +
          `${isOne ? 'lies' : 'lie'} between or next to its ${volume.length} slices, and ` +
          `${isOne ? 'is' : 'are'} not in it.`,
        imageIds,
      };
}

/** End of a chain of places, each within reach of the one before. */
function reachFrom(start: number, places: readonly number[], reachInMm: number): number {
  let end = start;
  for (const place of places.toSorted((a, b) => a - b)) {
    if (place - end >= reachInMm) {
      break;
    }
    end = Math.max(end, place);
  }
  return end;
}

/** @param sorted - ascending, at least one */
function distanceToNearest(sorted: readonly number[], value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < value) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  const before = sorted[low - 1] ?? -Infinity;
  const behind = sorted[low] ?? Infinity;
  return Math.min(value - before, behind - value);
}

/** Whether a frame may be a slice of the same stack, by its plane and its offset in plane. */
function isBehindOrBefore(frame: FrameMetadata, reference: FrameMetadata): boolean {
  const { normal } = planeAxes(reference.imageOrientationPatient);
  const isParallel =
    vec3.dot(planeAxes(frame.imageOrientationPatient).normal, normal) >= NEARLY_PARALLEL;
  const offset = vec3.subtract(
    [0, 0, 0],
    frame.imagePositionPatient,
    reference.imagePositionPatient,
  );
  const [betweenRows, betweenColumns] = reference.pixelSpacing;
  const sideInMm = Math.max(reference.rows * betweenRows, reference.columns * betweenColumns);
  return isParallel && vec3.length(vec3.cross(offset, offset, normal)) < sideInMm / 2;
}
