/**
 * The header fields that tell volumes apart whose frames lie at the same places, by their DICOM
 * keywords (PS3.6), and the vendors' b-values.
 */
export type SplitTag =
  | 'TemporalPositionIdentifier'
  | 'TemporalPositionIndex'
  | 'DiffusionBValue'
  | 'SiemensPrivateBValue'
  | 'GEPrivateBValue'
  | 'PhilipsPrivateBValue'
  | 'DiffusionGradientOrientation'
  | 'TriggerTime'
  | 'NominalCardiacTriggerDelayTime'
  | 'NominalPercentageOfCardiacPhase'
  | 'EchoTime'
  | 'EffectiveEchoTime'
  | 'EchoNumbers'
  | 'FrameReferenceTime'
  | 'ImageType'
  | 'ComplexImageComponent'
  | 'AcquisitionNumber'
  | 'InstanceNumber';

/** What a header says; several values of one field are joined by backslashes, as DICOM writes them. */
export type SplitValue = number | string;

/** Reads a tag of a frame; `undefined` where its headers do not have it. */
export type SplitValueReader = (imageId: string, tag: SplitTag) => SplitValue | undefined;

/**
 * The tags in the order in which they are tried: what names a time point first, what only follows
 * from it (the number of the acquisition) last. The number of the instance is no value that frames
 * share, and counts only by its order.
 */
export const SPLIT_TAGS: readonly Exclude<SplitTag, 'InstanceNumber'>[] = [
  'TemporalPositionIdentifier',
  'TemporalPositionIndex',
  'DiffusionBValue',
  'SiemensPrivateBValue',
  'GEPrivateBValue',
  'PhilipsPrivateBValue',
  'DiffusionGradientOrientation',
  'TriggerTime',
  'NominalCardiacTriggerDelayTime',
  'NominalPercentageOfCardiacPhase',
  'EchoTime',
  'EffectiveEchoTime',
  'EchoNumbers',
  'FrameReferenceTime',
  'ImageType',
  'ComplexImageComponent',
  'AcquisitionNumber',
];

/**
 * Tags of which each position may have its own values: the frames of a position are counted in their
 * order. Trigger times of a cardiac series differ from slice to slice like that.
 */
export const RANKED_TAGS: readonly SplitTag[] = [
  'TriggerTime',
  'NominalCardiacTriggerDelayTime',
  'FrameReferenceTime',
  'InstanceNumber',
];
