/**
 * The tags in the order in which they are tried: first the ones that name a time point, last the ones that only
 * follow from it (number and time of the acquisition, time of the image).
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
 * Tags whose values may differ between positions: the frames of a position are ranked by them. Examples are trigger times of
 * a cardiac series, and times and numbers of acquisitions where slices are acquired one by one.
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
 * The header fields that distinguish volumes at the same positions, by their DICOM keywords (PS3.6), and the vendors'
 * b-values. Instance numbers and dimension indices are not shared by frames, and only rank them.
 */
export type SplitTag = (typeof SPLIT_TAGS)[number] | (typeof RANKED_TAGS)[number];

/** Every tag, each once. */
export const ALL_TAGS: readonly SplitTag[] = [
  ...new Set<SplitTag>([...SPLIT_TAGS, ...RANKED_TAGS]),
];

/** The date that belongs to a time of day. */
export const DATE_OF_TIME: Partial<Record<SplitTag, SplitTag>> = {
  AcquisitionTime: 'AcquisitionDate',
  ContentTime: 'ContentDate',
};

/** A header value; several values of one field are joined by backslashes, as in DICOM. */
export type SplitValue = number | string;

/** Reads a tag of a frame; undefined where its headers do not have it. */
export type SplitValueReader = (imageId: string, tag: SplitTag) => SplitValue | undefined;
