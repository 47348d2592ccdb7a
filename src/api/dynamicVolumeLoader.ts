import { presentPart } from '../base/lazyPart.js';
import { StreamingDynamicImageVolume } from '../volume/dynamic/StreamingDynamicImageVolume.js';
import { createLoadObject } from './creation/createLoadObject.js';
import type { CreatedVolume, StreamingVolumeLoadObject } from './creation/createLoadObject.js';
import type { CreateVolumeOptions } from './options.js';
import { planTimePoints } from './plan/planTimePoints.js';
import { tellDecimated } from './plan/fitVolume.js';
import { allocate, describeVolumes, notRequestedFor } from './volumeLoader.js';

/**
 * Makes a volume of several time points (4D) of imageIds, for `volumeLoader.registerVolumeLoader`. The imageIds are
 * split into time points by their headers; the memory of the first one is allocated before any pixel is requested,
 * that of the others when they are wanted.
 *
 * In all else as `cornerstoneStreamingImageVolumeLoader`.
 *
 * @throws StreamingVolumeError with code `not-a-volume` also when the geometries of the time points differ; the reason
 *   has the code `unequal-time-points`
 */
export function cornerstoneStreamingDynamicImageVolumeLoader(
  volumeId: string,
  options: CreateVolumeOptions,
): StreamingVolumeLoadObject<StreamingDynamicImageVolume> {
  return createLoadObject(volumeId, options, HERE);
}

const HERE = presentPart(createDynamicVolume);

/** Makes a volume of several time points from its headers. */
export function createDynamicVolume(
  volumeId: string,
  options: CreateVolumeOptions,
): CreatedVolume<StreamingDynamicImageVolume> {
  const { plans, splittingTag } = planTimePoints(volumeId, options);
  const volume = new StreamingDynamicImageVolume({
    timePoints: describeVolumes(volumeId, options, plans),
    splittingTag,
    timePointBudgetInBytes: options.timePointBudgetInBytes,
    allocate,
  });
  tellDecimated(volumeId, plans[0].geometryReport);
  return {
    volume,
    leftOut: plans.flatMap(({ geometryReport }) => notRequestedFor(geometryReport)),
  };
}
