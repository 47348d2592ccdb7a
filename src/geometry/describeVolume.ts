import type { FrameMetadata, VolumeGeometry } from '../base/types.js';
import { planeAxes } from './planeAxes.js';
import { dot, subtract } from './vector.js';

/** Where a volume lies, and which frame is which slice. */
export interface VolumeDescription {
  readonly geometry: VolumeGeometry;
  /** `order[slice]` is an index into the frames that were given; ascending along the normal. */
  readonly order: readonly number[];
}

/**
 * Describes the volume that frames form, in the patient coordinate system (PS3.3 C.7.6.2.1.1).
 *
 * Slices ascend along row cosines x column cosines, as Cornerstone orders them too. The distance
 * between slices is the mean of all, so that the last slice lies where its header puts it.
 *
 * @param frames - at least two that passed `checkFrames`, in any order; not changed
 * @throws TypeError when there are fewer than two
 */
export function describeVolume(frames: readonly FrameMetadata[]): VolumeDescription {
  const reference = frames[0];
  if (!reference || frames.length < 2) {
    throw new TypeError(`Expected at least 2 frames, got ${frames.length}`);
  }
  const { normal } = planeAxes(reference.imageOrientationPatient);
  const sorted = frames
    .map((frame, index) => ({ frame, index, along: dot(frame.imagePositionPatient, normal) }))
    .sort((a, b) => a.along - b.along);
  const first = sorted[0]?.frame ?? reference;
  const last = sorted.at(-1)?.frame ?? reference;
  const extent = dot(
    subtract(last.imagePositionPatient, first.imagePositionPatient),
    planeAxes(first.imageOrientationPatient).normal,
  );
  return {
    geometry: volumeGeometry(first, frames.length, extent / (frames.length - 1)),
    order: sorted.map(({ index }) => index),
  };
}

/**
 * Where a volume lies that begins with this frame.
 *
 * @param first - the slice at index 0
 * @param sliceSpacing - distance between slices along the normal, in mm
 */
export function volumeGeometry(
  first: FrameMetadata,
  slices: number,
  sliceSpacing: number,
): VolumeGeometry {
  const { row, column, normal } = planeAxes(first.imageOrientationPatient);
  const [betweenRows, betweenColumns] = first.pixelSpacing;
  return {
    dimensions: [first.columns, first.rows, slices],
    spacing: [betweenColumns, betweenRows, sliceSpacing],
    origin: first.imagePositionPatient,
    direction: [...row, ...column, ...normal],
  };
}
