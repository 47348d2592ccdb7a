import type { EligibilityOptions } from './checkVolumeEligibility.js';
import type { EligibilityReason } from './geometry/eligibilityReason.js';
import { completeTolerance } from './geometry/geometryTolerance.js';
import { groupFrames } from './geometry/groupFrames.js';
import type { SplitBy } from './geometry/splitSharedPositions.js';
import { readFrameMetadata } from './metadata/readFrameMetadata.js';
import { readSplitValue } from './metadata/readSplitValue.js';

/** ImageIds that form a volume. */
export interface VolumeGroup {
  /** In volume order: ascending along the normal. */
  readonly imageIds: readonly string[];
  readonly seriesInstanceUID: string | undefined;
  /** What tells the volume from others at the same place, such as its time point; empty for one alone. */
  readonly splitBy: readonly SplitBy[];
  /** What makes the volume approximate, as its `geometryReport` will say. */
  readonly warnings: readonly EligibilityReason[];
}

/** ImageIds that belong together and form no volume. */
export interface LeftoverGroup {
  readonly imageIds: readonly string[];
  readonly seriesInstanceUID: string | undefined;
  readonly splitBy: readonly SplitBy[];
  /** Why not; at least one error. */
  readonly reasons: readonly EligibilityReason[];
}

/** A list of imageIds, sorted out. Every imageId is in exactly one place. */
export interface VolumeGroups {
  /** By series in the order given; the larger first in a series, and its time points ascending. */
  readonly volumes: readonly VolumeGroup[];
  readonly rest: readonly LeftoverGroup[];
}

/**
 * Sorts a mixed list of imageIds into volumes and what is left over, from their metadata in Cornerstone's
 * providers alone: by series, frame of reference, modality, size, pixel format, orientation and pixel
 * spacing, and where frames lie at the same places by time point, b-value, echo, cardiac phase, image
 * type or acquisition.
 *
 * @param imageIds - in any order; the array is not changed. One that is there twice counts once
 * @throws TypeError for a wrong tolerance
 */
export function groupImageIdsIntoVolumes(
  imageIds: readonly string[],
  { tolerance }: EligibilityOptions = {},
): VolumeGroups {
  const limits = completeTolerance(tolerance);
  const { frames, missing } = readFrameMetadata([...new Set(imageIds)]);
  const { volumes, rest } = groupFrames(frames, limits, readSplitValue);
  const unread = missing.map((reason) => ({
    imageIds: reason.imageIds,
    seriesInstanceUID: undefined,
    splitBy: [],
    reasons: [reason],
  }));
  return {
    volumes: volumes.map(({ frames: sorted, splitBy, reasons }) => ({
      imageIds: sorted.map(({ imageId }) => imageId),
      seriesInstanceUID: sorted[0]?.seriesInstanceUID,
      splitBy,
      warnings: reasons,
    })),
    rest: [
      ...rest.map(({ frames: left, splitBy, reasons }) => ({
        imageIds: left.map(({ imageId }) => imageId),
        seriesInstanceUID: left[0]?.seriesInstanceUID,
        splitBy,
        reasons,
      })),
      ...unread,
    ],
  };
}
