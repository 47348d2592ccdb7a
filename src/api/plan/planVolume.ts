import type {
  AbsentSlice,
  EligibilityReason,
  GeometryReport,
  IrregularPolicy,
} from '../../base/eligibilityReason.js';
import { StreamingVolumeError } from '../../base/errors.js';
import { absentSliceImageId } from '../../base/sliceImageIds.js';
import type { AbsentSliceFill } from '../../base/sliceImageIds.js';
import type { FrameMetadata, VolumeGeometry } from '../../base/types.js';
import { arrangeOnGrid, describeVolume, volumeGeometry } from '../../geometry/describeVolume.js';
import { completeTolerance } from '../../geometry/geometryTolerance.js';
import { planeAxes, pointAlong } from '../../geometry/planeAxes.js';
import type { VolumeResampling } from '../../geometry/resampleStack.js';
import { readScaledFrames } from '../../headers/pet/scalePet.js';
import { readSliceDistance } from '../../headers/readFramePlane.js';
import { assess } from '../checkVolumeEligibility.js';
import type { Assessment } from '../checkVolumeEligibility.js';
import type { CreateVolumeOptions } from '../options.js';
import { planResampling } from './planResampling.js';

/** A volume as the headers describe it. */
export interface VolumePlan {
  /** In volume order; an absent slice has an imageId of its own, and otherwise the metadata of its neighbour. */
  readonly frames: readonly FrameMetadata[];
  readonly geometry: VolumeGeometry;
  readonly geometryReport: GeometryReport;
  /** Slice indices, from 0, without a frame: no request is made for them. */
  readonly absentFrames: readonly number[];
  /** The frames that slices are made of; undefined where each slice is one frame or absent. */
  readonly resampling: VolumeResampling | undefined;
}

/**
 * Plans the volume that imageIds form, with the corrections that the options allow.
 *
 * @throws StreamingVolumeError with code `not-a-volume` or `metadata-missing` and all reasons
 */
export function planVolume(volumeId: string, options: CreateVolumeOptions): VolumePlan {
  const { imageIds, tolerance, suv } = options;
  const assessment = assess(readScaledFrames(imageIds, suv), tolerance);
  const errors = assessment.reasons.filter(({ severity }) => severity === 'error');
  if (errors.length === 0) {
    return planUnchanged(assessment);
  }
  if (options.allowSingleSlice === true && isSingleSlice(assessment)) {
    return planSingleSlice(volumeId, assessment);
  }
  const plan = planOnGrid(assessment, errors, options);
  if (!plan) {
    throw refusal(volumeId, assessment.reasons);
  }
  return plan;
}

function planUnchanged({ frames, copies, reasons, stack }: Assessment): VolumePlan {
  const { geometry, order } = describeVolume(frames);
  return {
    frames: order.flatMap((index) => frames[index] ?? []),
    geometry,
    geometryReport: { ...UNTOUCHED, warnings: reasons, stack, leftOut: copies },
    ...ONE_FRAME_EACH,
  };
}

const UNTOUCHED: GeometryReport = {
  warnings: [],
  stack: undefined,
  sliceDistanceFrom: 'positions',
  policy: 'reject',
  absentSlices: [],
  resampledSlices: [],
  shear: undefined,
  leftOut: [],
  worstOffsetInMm: 0,
};

const ONE_FRAME_EACH = { absentFrames: [], resampling: undefined };

function isSingleSlice({ frames, reasons }: Assessment): boolean {
  const errors = reasons.filter(({ severity }) => severity === 'error');
  return frames.length === 1 && errors.every(({ code }) => code === 'not-enough-frames');
}

function planSingleSlice(volumeId: string, { frames, copies, reasons }: Assessment): VolumePlan {
  const frame = frames[0] as FrameMetadata;
  const distance = readSliceDistance(frame.imageId);
  if (!distance) {
    const missing: EligibilityReason = {
      code: 'metadata-missing',
      severity: 'error',
      message:
        'A volume of one image needs its SpacingBetweenSlices or SliceThickness, and both are missing.',
      imageIds: [frame.imageId],
    };
    throw refusal(volumeId, [...reasons, missing]);
  }
  return {
    frames,
    geometry: volumeGeometry(frame, 1, distance.inMm),
    geometryReport: {
      ...UNTOUCHED,
      warnings: reasons.filter(({ severity }) => severity === 'warning'),
      sliceDistanceFrom: distance.from,
      leftOut: copies,
    },
    ...ONE_FRAME_EACH,
  };
}

/** The plan on a regular grid; undefined where the policy does not allow it. */
function planOnGrid(
  assessment: Assessment,
  errors: readonly EligibilityReason[],
  { onIrregular = 'reject', tolerance }: CreateVolumeOptions,
): VolumePlan | undefined {
  const { frames, copies, reasons, stack } = assessment;
  if (onIrregular === 'reject' || !stack || !errors.every(isCorrected[onIrregular])) {
    return undefined;
  }
  const report = {
    ...UNTOUCHED,
    warnings: reasons.map((reason) => ({ ...reason, severity: 'warning' as const })),
    stack,
    policy: onIrregular,
  };
  const { geometry, slices, leftOut, worstOffsetInMm } = arrangeOnGrid(frames, stack.spacingInMm);
  if (onIrregular === 'resample') {
    const { largestRelativeSpacing, spacingInMm } = completeTolerance(tolerance);
    const allowedInMm =
      Math.max(largestRelativeSpacing * stack.spacingInMm, spacingInMm) + 2 * stack.roundingInMm;
    if (worstOffsetInMm > allowedInMm || errors.some(isTilt)) {
      const { geometryReport, ...plan } = planResampling(frames, reasons, stack, tolerance);
      const ofResampling = { ...geometryReport, leftOut: [...copies, ...geometryReport.leftOut] };
      return { ...plan, absentFrames: [], geometryReport: { ...report, ...ofResampling } };
    }
  }
  const filled = fillSlices(frames, slices, geometry, FILLS[onIrregular]);
  return {
    frames: filled.frames,
    geometry,
    absentFrames: filled.absent.map(({ imageIdIndex }) => imageIdIndex),
    resampling: undefined,
    geometryReport: {
      ...report,
      absentSlices: onIrregular === 'nearest' ? filled.absent : [],
      resampledSlices: onIrregular === 'resample' ? filled.absent : [],
      leftOut: [...copies, ...leftOut.flatMap((index) => frames[index]?.imageId ?? [])],
      worstOffsetInMm,
    },
  };
}

const FILLS: Readonly<Record<Exclude<IrregularPolicy, 'reject'>, AbsentSliceFill>> = {
  nearest: 'background',
  resample: 'interpolated',
};

const CORRECTED_BY_GRID: readonly string[] = [
  'missing-slices',
  'irregular-spacing',
  'duplicate-position',
];

/**
 * Frames that tags distinguish are several volumes, which no grid makes one; neither are frames of which most
 * positions have several without a tag that distinguishes them.
 */
const isCorrectedByGrid = ({ code, splitBy, isWholeVolumes }: EligibilityReason): boolean =>
  CORRECTED_BY_GRID.includes(code) && splitBy === undefined && isWholeVolumes === undefined;

const isTilt = ({ code }: EligibilityReason): boolean => code === 'gantry-tilt';

const isCorrected: Readonly<
  Record<Exclude<IrregularPolicy, 'reject'>, (reason: EligibilityReason) => boolean>
> = {
  nearest: isCorrectedByGrid,
  resample: (reason) => isCorrectedByGrid(reason) || isTilt(reason),
};

function fillSlices(
  frames: readonly FrameMetadata[],
  slices: readonly (number | undefined)[],
  { origin, spacing }: VolumeGeometry,
  fill: AbsentSliceFill,
): { frames: FrameMetadata[]; absent: AbsentSlice[] } {
  const absent: AbsentSlice[] = [];
  const filled: FrameMetadata[] = [];
  let neighbour = frames[slices[0] ?? 0] as FrameMetadata;
  const { normal } = planeAxes(neighbour.imageOrientationPatient);
  slices.forEach((sourceIndex, sliceIndex) => {
    const frame = sourceIndex === undefined ? undefined : frames[sourceIndex];
    if (frame) {
      neighbour = frame;
      filled.push(frame);
      return;
    }
    const position = pointAlong(origin, normal, sliceIndex * spacing[2]);
    const imageId = absentSliceImageId({ fill, position, neighbourImageId: neighbour.imageId });
    absent.push({ imageIdIndex: sliceIndex, positionInMm: position });
    filled.push({ ...neighbour, imageId, imagePositionPatient: position });
  });
  return { frames: filled, absent };
}

function refusal(volumeId: string, reasons: readonly EligibilityReason[]): StreamingVolumeError {
  const errors = reasons.filter(({ severity }) => severity === 'error');
  const isMissing = errors.some(({ code }) => code === 'metadata-missing');
  return new StreamingVolumeError(
    isMissing ? 'metadata-missing' : 'not-a-volume',
    `Volume ${volumeId} cannot be made: ${errors.map(({ message }) => message).join(' ')}`,
    { volumeId, reasons, imageIds: [...new Set(errors.flatMap((reason) => reason.imageIds))] },
  );
}
