import { vec3 } from 'gl-matrix';
import type { FrameMetadata, VolumeGeometry } from '../base/types.js';
import { placeFrames, planeAxes } from './planeAxes.js';
import type { PlacedFrame } from './planeAxes.js';

/** The geometry of a volume, and the frame of each slice. */
export interface VolumeDescription {
  readonly geometry: VolumeGeometry;
  /** `order[sliceIndex]` is the sourceIndex of a frame; ascending along the normal. */
  readonly order: readonly number[];
}

/**
 * Describes the volume that frames form, in the patient coordinate system (PS3.3 C.7.6.2.1.1).
 *
 * Slices ascend along row cosines x column cosines, as in Cornerstone. The distance between slices is the mean of
 * all, so that the last slice has the position of its header.
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
    .map((frame, index) => ({ frame, index, along: vec3.dot(frame.imagePositionPatient, normal) }))
    .sort((a, b) => a.along - b.along);
  const first = sorted[0]?.frame ?? reference;
  const last = sorted.at(-1)?.frame ?? reference;
  const extent = vec3.dot(
    vec3.subtract([0, 0, 0], last.imagePositionPatient, first.imagePositionPatient),
    planeAxes(first.imageOrientationPatient).normal,
  );
  return {
    geometry: volumeGeometry(first, frames.length, extent / (frames.length - 1)),
    order: sorted.map(({ index }) => index),
  };
}

/**
 * The geometry of a volume that begins with a frame.
 *
 * @param first - the slice at index 0
 * @param slices - number of slices
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

/** Frames on a regular grid, whose slices may be empty. */
export interface GridArrangement {
  readonly geometry: VolumeGeometry;
  /** For each slice, ascending along the normal, a sourceIndex or undefined; the end slices are never empty. */
  readonly slices: readonly (number | undefined)[];
  /** Source indices of frames whose slice another frame has. */
  readonly leftOut: readonly number[];
  /** Largest distance of a frame in {@link slices} from its slice along the normal. */
  readonly worstOffsetInMm: number;
}

/**
 * Puts each frame into the nearest slice of a regular grid that begins at the first frame along the normal. Of
 * several frames with one nearest slice, the nearest frame takes it; of equally near ones the first given.
 *
 * @param frames - in any order, with one orientation and one size; at least one. Not changed
 * @param spacingInMm - of the grid, above 0
 */
export function arrangeOnGrid(
  frames: readonly FrameMetadata[],
  spacingInMm: number,
): GridArrangement {
  const [reference] = frames;
  if (!reference) {
    throw new TypeError('Expected at least 1 frame, got 0');
  }
  const placed = placeFrames(frames, reference.imageOrientationPatient);
  const start = placed[0]?.along ?? 0;
  const sliceOf = ({ along }: PlacedFrame) => Math.round((along - start) / spacingInMm);
  const offset = (frame: PlacedFrame) =>
    Math.abs(frame.along - start - sliceOf(frame) * spacingInMm);
  const taken = new Map<number, PlacedFrame>();
  for (const frame of placed.toSorted((a, b) => a.sourceIndex - b.sourceIndex)) {
    const other = taken.get(sliceOf(frame));
    if (!other || offset(frame) < offset(other)) {
      taken.set(sliceOf(frame), frame);
    }
  }
  const kept = new Set(taken.values());
  const last = Math.max(...taken.keys());
  const first = frames[taken.get(0)?.sourceIndex ?? 0] ?? reference;
  return {
    geometry: volumeGeometry(first, last + 1, spacingInMm),
    slices: Array.from({ length: last + 1 }, (_, slice) => taken.get(slice)?.sourceIndex),
    leftOut: placed.filter((frame) => !kept.has(frame)).map(({ sourceIndex }) => sourceIndex),
    worstOffsetInMm: Math.max(...[...kept].map(offset)),
  };
}
