import { checkVolumeEligibility, groupImageIdsIntoVolumes } from '../../src/index.js';
import type { VolumeGroups } from '../../src/index.js';
import type { OpenedChoice } from './choice.js';

/** The volume that the images of a series form, with one or several time points, or why they form none. */
export function describeImages(imageIds: string[]): OpenedChoice {
  const { eligible, reasons } = checkVolumeEligibility(imageIds);
  if (eligible) {
    const warnings = reasons.filter(({ severity }) => severity === 'warning');
    return {
      imageIds,
      reasons: [],
      warnings: warnings.map(({ message }) => message),
      timePointCount: 1,
    };
  }
  const timePointCount = countTimePoints(groupImageIdsIntoVolumes(imageIds));
  return {
    imageIds,
    reasons: timePointCount > 1 ? [] : reasons,
    warnings: [],
    timePointCount,
  };
}

/** Tags whose values are points of time: of other tags, such as an echo time, the volumes are of different kinds. */
const TIME_TAG = /Temporal|Time|Phase|Cycle/;
const NO_TIME_TAG = /Echo|Inversion|Repetition/;

/**
 * How many time points the groups of one series are.
 *
 * @returns 1 when they are not all volumes that one point of time tells apart
 */
export function countTimePoints({ volumes, rest }: Pick<VolumeGroups, 'volumes' | 'rest'>): number {
  const tags = new Set(volumes.map(({ splitBy }) => splitBy.map(({ tag }) => tag).join()));
  const [tag = ''] = tags;
  const isTime = tags.size === 1 && TIME_TAG.test(tag) && !NO_TIME_TAG.test(tag);
  return isTime && rest.length === 0 && volumes.length > 1 ? volumes.length : 1;
}
