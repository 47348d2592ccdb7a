import { metaData, utilities } from '@cornerstonejs/core';
import { countOf } from '../../base/eligibilityReason.js';
import type { EligibilityReason } from '../../base/eligibilityReason.js';
import { StreamingVolumeError } from '../../base/errors.js';
import type { SplitTag } from '../../base/splitTag.js';
import type { FrameMetadata } from '../../base/types.js';
import { describeDifference } from '../../geometry/describeDifference.js';
import type { SplitBy } from '../../geometry/grouping/splitSharedPositions.js';
import { findFrameHeader } from '../../headers/frameHeader.js';
import { readFrameCount } from '../../headers/readFrameMetadata.js';
import { toFiniteNumber } from '../../headers/readModule.js';
import { groupImageIdsIntoVolumes } from '../groupImageIdsIntoVolumes.js';
import { fitTimePoints } from './fitVolume.js';
import type { CreateVolumeOptions } from '../options.js';
import type { ReducedPlan } from './planReduction.js';
import { planVolume } from './planVolume.js';
import type { VolumePlan } from './planVolume.js';

/** Volumes of one geometry, one for each time point. */
export interface TimePointPlans {
  /** In the order of the values that tell them apart; at least one. */
  readonly plans: readonly [ReducedPlan, ...ReducedPlan[]];
  /** By core's name (utilities `splitImageIdsBy4DTags`); null where nothing tells them apart. */
  readonly splittingTag: string | null;
}

/**
 * Splits imageIds into time points, and plans each as a volume. Everything that `groupImageIdsIntoVolumes` can split
 * by tells time points apart, and all that core's `splitImageIdsBy4DTags` knows. One imageId of a multi-frame image is
 * all its frames, as in core.
 *
 * @throws StreamingVolumeError with code `not-a-volume` or `metadata-missing` and all reasons, among them
 *   `unequal-time-points` where their geometries differ
 */
export function planTimePoints(volumeId: string, options: CreateVolumeOptions): TimePointPlans {
  const imageIds = allFrames(options.imageIds);
  const { groups, splittingTag } = splitIntoTimePoints(imageIds, options);
  const plans = groups.map((group) => planVolume(volumeId, { ...options, imageIds: group })) as [
    VolumePlan,
    ...VolumePlan[],
  ];
  const reasons = findDifferences(plans, options.tolerance?.samePositionInPixels);
  if (reasons.length > 0) {
    throw new StreamingVolumeError(
      'not-a-volume',
      `Volume ${volumeId} cannot be made: ${reasons.map(({ message }) => message).join(' ')}`,
      { volumeId, reasons, imageIds: reasons.flatMap((reason) => reason.imageIds) },
    );
  }
  const [first, ...others] = plans;
  const { geometry } = first;
  const alike = others.map((plan) => ({ ...plan, geometry }));
  return { plans: fitTimePoints(volumeId, [first, ...alike], options), splittingTag };
}

/** Core takes one imageId of a multi-frame image for the whole of it. */
function allFrames(imageIds: readonly string[]): readonly string[] {
  const [only] = imageIds;
  const count = imageIds.length === 1 && only !== undefined ? readFrameCount(only) : 1;
  return only === undefined || count <= 1
    ? imageIds
    : Array.from({ length: count }, (_, index) => utilities.generateFrameImageId(only, index + 1));
}

interface SplitImageIds {
  readonly groups: readonly (readonly string[])[];
  readonly splittingTag: string | null;
}

function splitIntoTimePoints(
  imageIds: readonly string[],
  { tolerance }: CreateVolumeOptions,
): SplitImageIds {
  const { volumes, rest } = groupImageIdsIntoVolumes(imageIds, { tolerance });
  const groups = [...volumes, ...rest];
  // A rest with a tag of its own is a time point too: `planVolume` says what it lacks, or corrects it.
  const isSplit = volumes.length > 0 && rest.every(({ splitBy }) => splitBy.length > 0);
  if (isSplit && groups.length > 1) {
    const ordered = inOrderOf(groups, imageIds);
    return {
      groups: ordered.map((group) => group.imageIds.concat(group.leftOut)),
      splittingTag: tagOf(ordered),
    };
  }
  const isUnreadable = rest.some(({ reasons }) =>
    reasons.some(({ code }) => code === 'metadata-missing'),
  );
  const byCore =
    isSplit || isUnreadable ? undefined : utilities.splitImageIdsBy4DTags([...imageIds]);
  return byCore && byCore.imageIdGroups.length > 1
    ? { groups: byCore.imageIdGroups, splittingTag: byCore.splittingTag }
    : { groups: [imageIds], splittingTag: null };
}

interface Group {
  readonly imageIds: readonly string[];
  readonly seriesInstanceUID: string | undefined;
  readonly splitBy: readonly SplitBy[];
}

/** Groups come as volumes first and then the rest, each ascending; both together are sorted by their values. */
function inOrderOf<T extends Group>(groups: readonly T[], imageIds: readonly string[]): T[] {
  const isOfOneTag = groups.every(
    ({ splitBy }) => splitBy.length === 1 && typeof splitBy[0]?.value === 'number',
  );
  if (isOfOneTag) {
    const valueOf = ({ splitBy }: Group): number => Number(splitBy[0]?.value);
    return [...groups].sort((a, b) => valueOf(a) - valueOf(b));
  }
  // Series without a tag are in the order given.
  const places = new Map(imageIds.map((imageId, index) => [imageId, index]));
  const placeOf = (group: Group): number =>
    Math.min(...group.imageIds.map((imageId) => places.get(imageId) ?? Infinity));
  return groups.every(({ splitBy }) => splitBy.length === 0)
    ? [...groups].sort((a, b) => placeOf(a) - placeOf(b))
    : [...groups];
}

/** Core's names of tags, where they are not the keywords of DICOM. */
const CORE_NAMES: Partial<Record<SplitTag, string>> = {
  EchoNumbers: 'EchoNumber',
  FrameReferenceTime: 'PetFrameReferenceTime',
};

function tagOf(groups: readonly Group[]): string | null {
  const tag = groups.find(({ splitBy }) => splitBy.length > 0)?.splitBy[0]?.tag;
  if (tag === undefined) {
    const series = new Set(groups.map(({ seriesInstanceUID }) => seriesInstanceUID));
    return series.size > 1 ? 'SeriesInstanceUID' : null;
  }
  const imageId = groups[0]?.imageIds[0] ?? '';
  if (tag === 'TriggerTime' && isCardiac(imageId)) {
    return 'CardiacTriggerTime';
  }
  const isNuclear = findFrameHeader(imageId)?.instance.values(TIME_SLOT_VECTOR) !== undefined;
  return tag === 'TemporalPositionIndex' && isNuclear ? 'TimeSlotVector' : (CORE_NAMES[tag] ?? tag);
}

/** Of nuclear medicine (PS3.3 C.8.4.8); read as the temporal positions of the frames. */
const TIME_SLOT_VECTOR = '00540070';

/** Whether core takes a series for a cardiac one: it sorts these by trigger time at each position of a stack. */
function isCardiac(imageId: string): boolean {
  const numberOf = (tag: string): number | undefined =>
    toFiniteNumber(metaData.get(tag, imageId) as unknown);
  return (
    numberOf('CardiacNumberOfImages') !== undefined &&
    numberOf('InStackPositionNumber') !== undefined &&
    metaData.get('StackID', imageId) !== undefined
  );
}

function findDifferences(
  plans: readonly VolumePlan[],
  samePositionInPixels?: number,
): EligibilityReason[] {
  const [first, ...others] = plans as readonly [VolumePlan, ...VolumePlan[]];
  const sameInPixels = samePositionInPixels === undefined ? {} : { samePositionInPixels };
  return others.flatMap((plan, index) => {
    const difference = describeDifference(
      { geometry: first.geometry, frame: first.frames[0] as FrameMetadata },
      { geometry: plan.geometry, frame: plan.frames[0] as FrameMetadata },
      sameInPixels,
    );
    return difference === undefined
      ? []
      : [
          {
            code: 'unequal-time-points' as const,
            severity: 'error' as const,
            message:
              `Time point ${index + 2} of ${countOf(plans.length, 'time point')} cannot lie in one volume with the ` +
              `first one: ${difference}.`,
            imageIds: plan.frames.map(({ imageId }) => imageId),
          },
        ];
  });
}
