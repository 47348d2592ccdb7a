import type { FrameMetadata, VolumeGeometry } from '../types.js';
import { planeAxes } from './planeAxes.js';
import { dot, subtract } from './vector.js';

/** Where a volume lies, and which frame is which slice. */
export interface VolumeDescription {
  readonly geometry: VolumeGeometry;
  /** `order[slice]` is an index into the frames that were given; ascending along the normal. */
  readonly order: readonly number[];
}

/**
 * Describes the volume that frames form.
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
  const axes = planeAxes(first.imageOrientationPatient);
  const extent = dot(subtract(last.imagePositionPatient, first.imagePositionPatient), axes.normal);
  const [betweenRows, betweenColumns] = first.pixelSpacing;
  return {
    geometry: {
      dimensions: [first.columns, first.rows, frames.length],
      spacing: [betweenColumns, betweenRows, extent / (frames.length - 1)],
      origin: first.imagePositionPatient,
      direction: [...axes.row, ...axes.column, ...axes.normal],
    },
    order: sorted.map(({ index }) => index),
  };
}
