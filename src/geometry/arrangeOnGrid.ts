import type { FrameMetadata, VolumeGeometry } from '../base/types.js';
import type { PlacedFrame } from './placedFrame.js';
import { placeFrames } from './placedFrame.js';
import { volumeGeometry } from './describeVolume.js';

/** Frames on a regular grid, in which places may be empty. */
export interface GridArrangement {
  readonly geometry: VolumeGeometry;
  /** For each slice, ascending along the normal, an index into the frames; the ends are never empty. */
  readonly slices: readonly (number | undefined)[];
  /** Indices of frames whose place another frame has. */
  readonly leftOut: readonly number[];
  /** Largest distance of a frame in {@link slices} from its slice along the normal. */
  readonly worstOffsetInMm: number;
}

/**
 * Puts each frame at the nearest place of a regular grid that begins at the first frame along the
 * normal. Of several frames nearest to one place, the nearest has it; of equally near ones the first
 * given.
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
  for (const frame of placed.toSorted((a, b) => a.frameIndex - b.frameIndex)) {
    const other = taken.get(sliceOf(frame));
    if (!other || offset(frame) < offset(other)) {
      taken.set(sliceOf(frame), frame);
    }
  }
  const kept = new Set(taken.values());
  const last = Math.max(...taken.keys());
  const first = frames[taken.get(0)?.frameIndex ?? 0] ?? reference;
  return {
    geometry: volumeGeometry(first, last + 1, spacingInMm),
    slices: Array.from({ length: last + 1 }, (_, slice) => taken.get(slice)?.frameIndex),
    leftOut: placed.filter((frame) => !kept.has(frame)).map(({ frameIndex }) => frameIndex),
    worstOffsetInMm: Math.max(...[...kept].map(offset)),
  };
}
