import { Enums } from '@cornerstonejs/core';
import { findFrameHeader } from './frameHeader.js';
import { frameInPath } from './frameInPath.js';
import { parsePart10ImageId } from './part10/part10ImageId.js';
import { readModule } from './readModule.js';
import { toFiniteNumber } from './readScaling.js';

const SOP_INSTANCE_UID = '00080018';

/** Which frame of which instance an imageId stands for, as far as anybody says. */
export interface FrameOfInstance {
  readonly sopInstanceUID?: string;
  /** From 1. */
  readonly frameNumber?: number;
}

/**
 * Reads which instance an imageId is of (SOP Common Module, PS3.3 C.12.1), and which frame of it. The
 * number is in the imageIds of dicom-image-loader; of those of other loaders it is known only where the
 * image has no more than one.
 */
export function readFrameOfInstance(imageId: string): FrameOfInstance {
  const { MetadataModules } = Enums;
  // What providers know may be the instance that the frame was made of, which its functional groups name.
  const uid =
    findFrameHeader(imageId)?.instance.values(SOP_INSTANCE_UID)?.[0] ??
    readModule(MetadataModules.SOP_COMMON, imageId)?.['sopInstanceUID'];
  if (typeof uid !== 'string' || uid === '') {
    return {};
  }
  const frameNumber =
    parsePart10ImageId(imageId)?.frameNumber ??
    (imageId.startsWith('wadors:') ? frameInPath(imageId) : undefined) ??
    (countFrames(imageId) > 1 ? undefined : 1);
  return { sopInstanceUID: uid, ...(frameNumber !== undefined && { frameNumber }) };
}

function countFrames(imageId: string): number {
  const module = readModule(Enums.MetadataModules.MULTIFRAME, imageId);
  return toFiniteNumber(module?.['NumberOfFrames'] ?? module?.['numberOfFrames']) ?? 1;
}
