import type { EligibilityReason } from '../../base/eligibilityReason.js';
import type { SplitValueReader } from '../../base/splitTag.js';
import type { FrameMetadata } from '../../base/types.js';
import { describeVolume } from '../describeVolume.js';
import { checkFrames } from '../eligibility/checkFrames.js';
import { isOrientationClose, isSoundOrientation } from '../eligibility/checkOrientations.js';
import { groupByPosition, positionedFrames } from '../eligibility/duplicatePositions.js';
import {
  describePixelFormat,
  isPixelSpacingClose,
  uniformFieldsOf,
} from '../eligibility/uniformFields.js';
import type { GeometryTolerance } from '../geometryTolerance.js';
import { pixelInMm, placeFrames } from '../planeAxes.js';
import { groupAlike, numericMajority } from '../statistics.js';
import { describePartialStack } from './partialStacks.js';
import { groupByValue, splitSharedPositions, type SplitBy } from './splitSharedPositions.js';
import type { SplitGroup } from './splitSharedPositions.js';

/** Frames that belong together. */
export interface FrameGroup {
  readonly frames: readonly FrameMetadata[];
  readonly splitBy: readonly SplitBy[];
  /** Errors only where the frames are no volume. */
  readonly reasons: readonly EligibilityReason[];
}

/** A mixed list, grouped; each frame is in one group. */
export interface FrameGroups {
  /** Frames in volume order. */
  readonly volumes: readonly FrameGroup[];
  readonly rest: readonly FrameGroup[];
}

/**
 * Groups frames into volumes.
 *
 * @param frames - in any order; not changed
 * @param read - reads the tags that may distinguish frames at one position
 */
export function groupFrames(
  frames: readonly FrameMetadata[],
  tolerance: GeometryTolerance,
  read: SplitValueReader,
): FrameGroups {
  const judge = (group: readonly FrameMetadata[], splitBy: readonly SplitBy[]) =>
    checkGroup(group, splitBy, tolerance, read);
  const { parts, odd } = partitionFrames(frames, tolerance);
  const judged = parts.flatMap((part) => {
    const whole = judge(part, []);
    if (isVolume(whole)) {
      return [whole];
    }
    const split = splitDuplicates(part, tolerance, read) ?? [];
    if (split.length <= 1) {
      const formats = splitFormats(whole, judge);
      return formats ?? splitAcquisitions(whole, read, judge);
    }
    return split
      .map((group) => judge(framesOf(part, group), group.splitBy))
      .flatMap((group) => splitAcquisitions(group, read, judge));
  });
  judged.push(...odd.map((group) => judge(group, [])));
  return {
    volumes: judged.filter(isVolume).map((group) => {
      const partial = describePartialStack(group.frames, frames, tolerance);
      const reasons = partial ? [...group.reasons, partial] : group.reasons;
      return inVolumeOrder({ ...group, reasons });
    }),
    rest: judged.filter((group) => !isVolume(group)),
  };
}

function checkGroup(
  frames: readonly FrameMetadata[],
  splitBy: readonly SplitBy[],
  tolerance: GeometryTolerance,
  read: SplitValueReader,
): FrameGroup {
  return { frames, splitBy, reasons: checkFrames(frames, tolerance, read).reasons };
}

function isVolume({ reasons }: FrameGroup): boolean {
  return reasons.every(({ severity }) => severity === 'warning');
}

function splitDuplicates(
  part: readonly FrameMetadata[],
  tolerance: GeometryTolerance,
  read: SplitValueReader,
): SplitGroup[] | undefined {
  const [first] = part;
  if (!first) {
    return undefined;
  }
  const placed = placeFrames(part, first.imageOrientationPatient);
  const sameInMm = tolerance.samePositionInPixels * pixelInMm(first);
  const positions = groupByPosition(placed, sameInMm);
  return splitSharedPositions(positionedFrames(part, positions), read);
}

/** Volumes at the same positions that only their pixel format distinguishes; undefined where there are none. */
function splitFormats(
  { frames, reasons }: FrameGroup,
  judge: (frames: readonly FrameMetadata[], splitBy: readonly SplitBy[]) => FrameGroup,
): FrameGroup[] | undefined {
  const isMixed = reasons.some(({ code }) => code === 'duplicate-position');
  const byFormat = groupAlike(frames, (a, b) => describePixelFormat(a) === describePixelFormat(b));
  if (!isMixed || byFormat.length < 2) {
    return undefined;
  }
  const parts = byFormat.map((part) => judge(part, []));
  return parts.every(isVolume) ? parts : undefined;
}

/** Acquisitions are volumes of their own where together they form none. */
function splitAcquisitions(
  group: FrameGroup,
  read: SplitValueReader,
  judge: (frames: readonly FrameMetadata[], splitBy: readonly SplitBy[]) => FrameGroup,
): FrameGroup[] {
  if (isVolume(group)) {
    return [group];
  }
  const frames = group.frames.map(({ imageId }, sourceIndex) => ({
    sourceIndex,
    imageId,
    position: sourceIndex,
  }));
  const parts = groupByValue(frames, 'AcquisitionNumber', read)?.map((part) =>
    judge(framesOf(group.frames, part), [...group.splitBy, ...part.splitBy]),
  );
  return parts?.every(isVolume) ? parts : [group];
}

function framesOf(frames: readonly FrameMetadata[], group: SplitGroup): FrameMetadata[] {
  return group.frames.flatMap(({ sourceIndex }) => frames[sourceIndex] ?? []);
}

function inVolumeOrder(group: FrameGroup): FrameGroup {
  const { order } = describeVolume(group.frames);
  return { ...group, frames: order.flatMap((index) => group.frames[index] ?? []) };
}

/** Parts of a mixed list of frames. */
interface FramePartition {
  /** Frames that agree in everything but their positions. */
  readonly parts: readonly (readonly FrameMetadata[])[];
  /** Frames that agree only in their fields: each orientation or pixel size occurs once. */
  readonly odd: readonly (readonly FrameMetadata[])[];
}

/**
 * Partitions frames by series, frame of reference, modality, size, pixel format, orientation and pixel
 * spacing, so that `checkFrames` has only the positions of a part left to check.
 *
 * @returns in the order of the first frame of each field; every frame is in one part
 */
function partitionFrames(
  frames: readonly FrameMetadata[],
  tolerance: GeometryTolerance,
): FramePartition {
  const byFields = new Map<string, FrameMetadata[]>();
  const fieldsOf = uniformFieldsOf(frames);
  for (const [index, frame] of frames.entries()) {
    const fields = fieldsOf[index] ?? '';
    const alike = byFields.get(fields) ?? [];
    alike.push(frame);
    byFields.set(fields, alike);
  }
  const parts: FrameMetadata[][] = [];
  const odd: FrameMetadata[][] = [];
  for (const alike of byFields.values()) {
    const planes = partBySlopes(alike, tolerance);
    const singles = planes.filter(({ length }) => length === 1).flat();
    parts.push(...planes.filter(({ length }) => length > 1));
    if (singles.length > 0) {
      odd.push(singles);
    }
  }
  return { parts, odd };
}

function partBySlopes(
  frames: readonly FrameMetadata[],
  tolerance: GeometryTolerance,
): FrameMetadata[][] {
  const isSound = (frame: FrameMetadata) =>
    isSoundOrientation(frame.imageOrientationPatient, tolerance);
  const skewed = frames.filter((frame) => !isSound(frame));
  const planes = partByNumbers(
    frames.filter(isSound),
    (frame) => frame.imageOrientationPatient,
    (a, b, slack) => isOrientationClose(a, b, slack, tolerance),
  ).flatMap((plane) =>
    partByNumbers(
      plane,
      (frame) => frame.pixelSpacing,
      (a, b, slack) => isPixelSpacingClose(a, b, slack, tolerance),
    ),
  );
  return skewed.length > 0 ? [...planes, skewed] : planes;
}

/** Partitions frames so that all of a part are close to its median, as the checks demand. */
function partByNumbers(
  frames: readonly FrameMetadata[],
  numbersOf: (frame: FrameMetadata) => readonly number[],
  isClose: (a: readonly number[], b: readonly number[], slack: number) => boolean,
): FrameMetadata[][] {
  const alike = groupAlike(frames, (a, b) => isClose(numbersOf(a), numbersOf(b), 2));
  return alike.flatMap((group) => {
    const far = new Set(numericMajority(group.map(numbersOf), isClose).minority);
    const near = group.filter((_, index) => !far.has(index));
    const others = [...far].flatMap((index) => group[index] ?? []);
    // A group without a frame near the median stays whole: the checks report it.
    return far.size === 0 || near.length === 0
      ? [group]
      : [near, others].flatMap((part) => partByNumbers(part, numbersOf, isClose));
  });
}
