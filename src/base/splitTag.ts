/**
 * The tags in the order in which they are tried: what names a time point first, what only follows from
 * it (the number and the time of the acquisition, and when the image was made) last.
 */
export const SPLIT_TAGS = [
  'TemporalPositionIdentifier',
  'TemporalPositionIndex',
  'TemporalPositionTimeOffset',
  'DiffusionBValue',
  'SiemensPrivateBValue',
  'GEPrivateBValue',
  'PhilipsPrivateBValue',
  'DiffusionGradientOrientation',
  'DiffusionDirectionality',
  'TriggerTime',
  'NominalCardiacTriggerDelayTime',
  'ActualCardiacTriggerDelayTime',
  'NominalPercentageOfCardiacPhase',
  'CardiacCyclePosition',
  'RRIntervalTimeNominal',
  'NominalInterval',
  'LowRRValue',
  'HighRRValue',
  'NominalPercentageOfRespiratoryPhase',
  'EchoTime',
  'EffectiveEchoTime',
  'EchoNumbers',
  'InversionTime',
  'InversionTimes',
  'FlipAngle',
  'RepetitionTime',
  'FrameReferenceTime',
  'FrameReferenceDateTime',
  'ImageType',
  'FrameType',
  'ComplexImageComponent',
  'KVP',
  'ConvolutionKernel',
  'StackID',
  'SequenceName',
  'AcquisitionNumber',
  'FrameAcquisitionNumber',
  'FrameAcquisitionDateTime',
  'AcquisitionDateTime',
  'AcquisitionDate',
  'AcquisitionTime',
  'ContentDate',
  'ContentTime',
  'ImageComments',
] as const;

/**
 * Tags of which each position may have its own values: the frames of a position are counted in their
 * order. Trigger times of a cardiac series differ from slice to slice like that, and times and numbers
 * of acquisitions where slices are acquired one by one.
 */
export const RANKED_TAGS = [
  'TriggerTime',
  'NominalCardiacTriggerDelayTime',
  'ActualCardiacTriggerDelayTime',
  'FrameReferenceTime',
  'FrameReferenceDateTime',
  'FrameAcquisitionDateTime',
  'AcquisitionDateTime',
  'AcquisitionTime',
  'AcquisitionNumber',
  'FrameAcquisitionNumber',
  'DimensionIndexValues',
  'InstanceNumber',
  'ContentTime',
] as const;

/**
 * The header fields that tell volumes apart whose frames lie at the same places, by their DICOM
 * keywords (PS3.6), and the vendors' b-values. The number of the instance and the dimension indices are
 * no values that frames share, and count only by their order.
 */
export type SplitTag = (typeof SPLIT_TAGS)[number] | (typeof RANKED_TAGS)[number];

/** Every tag, each once. */
export const ALL_TAGS: readonly SplitTag[] = [
  ...new Set<SplitTag>([...SPLIT_TAGS, ...RANKED_TAGS]),
];

/** The day of a tag that is a time of day. */
export const DATE_OF_TIME: Partial<Record<SplitTag, SplitTag>> = {
  AcquisitionTime: 'AcquisitionDate',
  ContentTime: 'ContentDate',
};

/** What a header says; several values of one field are joined by backslashes, as DICOM writes them. */
export type SplitValue = number | string;

/** Reads a tag of a frame; `undefined` where its headers do not have it. */
export type SplitValueReader = (imageId: string, tag: SplitTag) => SplitValue | undefined;
