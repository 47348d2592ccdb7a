import type { FrameMetadata, VolumeGeometry } from '../base/types.js';
import { completeTolerance } from './geometryTolerance.js';
import type { ToleranceOptions } from './geometryTolerance.js';
import { pixelInMm } from './planeAxes.js';

/** A volume, and one of its frames. */
interface ComparedVolume {
  readonly geometry: VolumeGeometry;
  readonly frame: FrameMetadata;
}

/**
 * Why two volumes do not have their voxels at the same places, in words; undefined where they do.
 *
 * @param tolerance - positions that differ by less are the same
 */
export function describeDifference(
  { geometry: first, frame }: ComparedVolume,
  { geometry: other, frame: otherFrame }: ComparedVolume,
  tolerance: ToleranceOptions = {},
): string | undefined {
  const sameInMm = completeTolerance(tolerance).samePositionInPixels * pixelInMm(frame);
  if (first.dimensions.some((size, axis) => size !== other.dimensions[axis])) {
    const sizeOf = ({ dimensions }: VolumeGeometry): string => dimensions.join(' x ');
    return `it has ${sizeOf(other)} voxels (columns, rows, slices) instead of ${sizeOf(first)}`;
  }
  if (frame.frameOfReferenceUID !== otherFrame.frameOfReferenceUID) {
    return 'it has another frame of reference';
  }
  if (frame.modality !== otherFrame.modality) {
    return `its modality is ${otherFrame.modality} instead of ${frame.modality}`;
  }
  if (frame.samplesPerPixel !== otherFrame.samplesPerPixel) {
    return `it has ${otherFrame.samplesPerPixel} samples per pixel instead of ${frame.samplesPerPixel}`;
  }
  const corners = cornersOf(first);
  const farthest = Math.max(
    ...cornersOf(other).map((corner, index) => distance(corner, corners[index] as number[])),
  );
  return farthest > sameInMm
    ? `its corners are up to ${farthest.toPrecision(3)} mm away from those of the first one`
    : undefined;
}

/** The centres of the first voxel and of the last ones along each axis, in mm. */
function cornersOf({ dimensions, spacing, origin, direction }: VolumeGeometry): number[][] {
  const axes = [0, 1, 2].map((axis) => {
    const length = ((dimensions[axis] as number) - 1) * (spacing[axis] as number);
    return origin.map((at, i) => at + length * (direction[3 * axis + i] as number));
  });
  return [[...origin], ...axes];
}

function distance(a: readonly number[], b: readonly number[]): number {
  return Math.hypot(...a.map((value, i) => value - (b[i] as number)));
}
