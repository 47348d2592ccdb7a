import { Enums } from '@cornerstonejs/core';
import { countOf } from '../base/eligibilityReason.js';
import type { EligibilityReason } from '../base/eligibilityReason.js';
import { describeCopies, withoutCopies } from '../geometry/eligibility/duplicatePositions.js';
import { completeTolerance } from '../geometry/geometryTolerance.js';
import { groupFrames } from '../geometry/grouping/groupFrames.js';
import type { FrameGroup } from '../geometry/grouping/groupFrames.js';
import type { SplitBy } from '../geometry/grouping/splitSharedPositions.js';
import { readScaledFrames } from '../headers/pet/scalePet.js';
import { readModule } from '../headers/readModule.js';
import { createSplitValueReader } from '../headers/readSplitValue.js';
import type { EligibilityOptions } from './checkVolumeEligibility.js';

/** ImageIds that form a volume. */
export interface VolumeGroup {
  /** In volume order: ascending along the normal. */
  readonly imageIds: readonly string[];
  readonly seriesInstanceUID: string | undefined;
  /** Tags and values that distinguish the volume from others at the same place; empty where there are none. */
  readonly splitBy: readonly SplitBy[];
  /**
   * What makes the volume approximate, as in its `geometryReport`; and what only the list shows: instances that
   * occur twice, or that the volume is a part of a stack.
   */
  readonly warnings: readonly EligibilityReason[];
  /** Other imageIds of the same instances, which are not in `imageIds`. */
  readonly leftOut: readonly string[];
}

/** ImageIds that belong together and form no volume. */
export interface LeftoverGroup {
  readonly imageIds: readonly string[];
  readonly seriesInstanceUID: string | undefined;
  readonly splitBy: readonly SplitBy[];
  /** Why not; at least one error. */
  readonly reasons: readonly EligibilityReason[];
  /** Other imageIds of the same instances, which are not in `imageIds`. */
  readonly leftOut: readonly string[];
}

/** A list of imageIds, grouped. Every imageId is in exactly one place. */
export interface VolumeGroups {
  /** By series in the order given; the larger first in a series, and its time points ascending. */
  readonly volumes: readonly VolumeGroup[];
  readonly rest: readonly LeftoverGroup[];
}

/**
 * Groups a mixed list of imageIds into volumes and a rest, by their metadata in Cornerstone's providers and without
 * a request: by series, frame of reference, modality, size, kind of pixels, orientation and pixel
 * spacing, and where frames lie at the same places by time point, b-value, echo, cardiac phase, image
 * type, acquisition or time. A volume that is only a part of its stack has a warning.
 *
 * @param imageIds - in any order; the array is not changed. An imageId that occurs twice counts once, and of
 *   several imageIds of one instance the first is taken
 * @throws TypeError for a wrong tolerance
 */
export function groupImageIdsIntoVolumes(
  imageIds: readonly string[],
  { tolerance }: EligibilityOptions = {},
): VolumeGroups {
  const limits = completeTolerance(tolerance);
  const { frames: all, missing } = readScaledFrames([...new Set(imageIds)]);
  const read = createSplitValueReader();
  const { frames, copies } = withoutCopies(all, read);
  const { volumes, rest } = groupFrames(frames, limits, read);
  const groupOf = ({ frames: members, splitBy }: FrameGroup) => {
    const own = new Set(members);
    const ofGroup = new Map([...copies].filter(([, original]) => own.has(original)));
    const twice = describeCopies(ofGroup);
    return {
      group: {
        imageIds: members.map(({ imageId }) => imageId),
        seriesInstanceUID: members[0]?.seriesInstanceUID,
        splitBy,
        leftOut: twice?.imageIds ?? [],
      },
      twice: twice ? [twice] : [],
    };
  };
  return {
    volumes: volumes.map((volume) => {
      const { group, twice } = groupOf(volume);
      const unread = describeUnread(group.seriesInstanceUID, missing);
      return { ...group, warnings: [...volume.reasons, ...twice, ...unread] };
    }),
    rest: [
      ...rest.map((left) => {
        const { group, twice } = groupOf(left);
        return { ...group, reasons: [...left.reasons, ...twice] };
      }),
      ...missing.map((reason) => ({
        imageIds: reason.imageIds,
        seriesInstanceUID: undefined,
        splitBy: [],
        reasons: [reason],
        leftOut: [],
      })),
    ],
  };
}

/** Images of a series without a known position may be slices of any of its volumes. */
function describeUnread(
  seriesInstanceUID: string | undefined,
  missing: readonly EligibilityReason[],
): EligibilityReason[] {
  const imageIds = missing
    .flatMap((reason) => reason.imageIds)
    .filter((imageId) => isOfSeries(imageId, seriesInstanceUID));
  return imageIds.length === 0
    ? []
    : [
        {
          code: 'partial-stack',
          severity: 'warning',
          message:
            `The volume may be a part of its series: the headers of ` +
            `${countOf(imageIds.length, 'other image')} of the series do not say where they lie.`,
          imageIds,
        },
      ];
}

function isOfSeries(imageId: string, seriesInstanceUID: string | undefined): boolean {
  if (seriesInstanceUID === undefined) {
    return false;
  }
  try {
    const series = readModule(Enums.MetadataModules.GENERAL_SERIES, imageId);
    return series?.['seriesInstanceUID'] === seriesInstanceUID;
  } catch {
    // The failure of the provider is the reason in the rest.
    return false;
  }
}
