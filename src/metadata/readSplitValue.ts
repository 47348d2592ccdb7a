import { Enums, metaData } from '@cornerstonejs/core';
import type { SplitTag, SplitValue, SplitValueReader } from '../geometry/splitTag.js';
import { readHeaderText } from './readHeaderText.js';
import type { HeaderField } from './readHeaderText.js';
import { readModule } from './readModule.js';
import { readPrivateBValue } from './readPrivateBValue.js';
import { toFiniteNumber } from './readScaling.js';

/**
 * Where a header holds a tag (PS3.6); `groups` are the functional groups of enhanced images in which
 * it stands (PS3.3 C.7.6.16).
 */
const FIELDS: Partial<Record<SplitTag, HeaderField>> = {
  TemporalPositionIdentifier: { tag: '00200100' },
  TemporalPositionIndex: { tag: '00209128', groups: ['00209111'], binary: 'UL' },
  DiffusionBValue: { tag: '00189087', groups: ['00189117'], binary: 'FD' },
  DiffusionGradientOrientation: { tag: '00189089', groups: ['00189117', '00189076'], binary: 'FD' },
  TriggerTime: { tag: '00181060' },
  NominalCardiacTriggerDelayTime: { tag: '00209153', groups: ['00189118'], binary: 'FD' },
  NominalPercentageOfCardiacPhase: { tag: '00209241', groups: ['00189118'], binary: 'FD' },
  EchoTime: { tag: '00180081' },
  EffectiveEchoTime: { tag: '00189082', groups: ['00189114'], binary: 'FD' },
  EchoNumbers: { tag: '00180086' },
  FrameReferenceTime: { tag: '00541300' },
  ImageType: { tag: '00080008' },
  ComplexImageComponent: { tag: '00089208', groups: ['00189226'] },
  AcquisitionNumber: { tag: '00200012' },
  InstanceNumber: { tag: '00200013' },
};

/**
 * Reads a tag that tells volumes apart: from the headers that dicom-image-loader holds, or else from
 * any metadata provider that answers to the keyword, to `instance` with a field of that name, or, as
 * providers have it, to `petImageModule` and `generalImageModule`.
 */
export const readSplitValue: SplitValueReader = (imageId, tag) => {
  const field = FIELDS[tag];
  if (!field) {
    return readPrivateBValue(imageId, tag);
  }
  return (
    toSplitValue(readHeaderText(imageId, field)) ??
    toSplitValue(metaData.get(tag, imageId)) ??
    toSplitValue(readModule(Enums.MetadataModules.INSTANCE, imageId)?.[tag]) ??
    toSplitValue(readFromModule(imageId, tag))
  );
};

function readFromModule(imageId: string, tag: SplitTag): unknown {
  const { MetadataModules } = Enums;
  if (tag === 'FrameReferenceTime') {
    return readModule(MetadataModules.PET_IMAGE, imageId)?.['frameReferenceTime'];
  }
  return tag === 'InstanceNumber'
    ? readModule(MetadataModules.GENERAL_IMAGE, imageId)?.['instanceNumber']
    : undefined;
}

/** Lists come as arrays, or as objects like arrays. */
function toSplitValue(value: unknown): SplitValue | undefined {
  const isList = typeof value === 'object' && value !== null && 'length' in value;
  const text = isList ? Array.from(value as ArrayLike<unknown>, String).join('\\') : value;
  const number = toFiniteNumber(text);
  return number ?? (typeof text === 'string' && text.trim() !== '' ? text.trim() : undefined);
}
