import type { FrameMetadata } from '../../base/types.js';
import { checkFrames } from '../eligibility/checkFrames.js';
import { describeVolume } from '../describeVolume.js';
import { groupByPosition, positionedFrames } from '../eligibility/duplicatePositions.js';
import type { EligibilityReason } from '../../base/eligibilityReason.js';
import type { GeometryTolerance } from '../geometryTolerance.js';
import { groupAlike } from '../majority.js';
import { describePartialStack } from './partialStacks.js';
import { partitionFrames } from './partitionFrames.js';
import { placeFrames } from '../placedFrame.js';
import { pixelInMm } from '../planeAxes.js';
import { groupByValue, splitSharedPositions, type SplitBy } from './splitSharedPositions.js';
import type { SplitGroup } from './splitSharedPositions.js';
import type { SplitValueReader } from '../../base/splitTag.js';
import { describePixelFormat } from '../eligibility/uniformFields.js';

/** Frames that belong together. */
export interface FrameGroup {
  readonly frames: readonly FrameMetadata[];
  readonly splitBy: readonly SplitBy[];
  /** Errors only where the frames are no volume. */
  readonly reasons: readonly EligibilityReason[];
}

/** A mixed list, sorted out; each frame is in one place. */
export interface FrameGroups {
  /** Frames in volume order. */
  readonly volumes: readonly FrameGroup[];
  readonly rest: readonly FrameGroup[];
}

/**
 * Groups frames into volumes.
 *
 * @param frames - in any order; not changed
 * @param read - tells the tags by which frames at one place may be told apart
 */
export function groupFrames(
  frames: readonly FrameMetadata[],
  tolerance: GeometryTolerance,
  read: SplitValueReader,
): FrameGroups {
  const judge = (group: readonly FrameMetadata[], splitBy: readonly SplitBy[]) =>
    judgeGroup(group, splitBy, tolerance, read);
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

function judgeGroup(
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

/** Volumes at the same places that only the format of their pixels tells apart; undefined where there are none. */
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

/** Acquisitions beside each other are volumes of their own where together they are none. */
function splitAcquisitions(
  group: FrameGroup,
  read: SplitValueReader,
  judge: (frames: readonly FrameMetadata[], splitBy: readonly SplitBy[]) => FrameGroup,
): FrameGroup[] {
  if (isVolume(group)) {
    return [group];
  }
  const frames = group.frames.map(({ imageId }, frameIndex) => ({
    frameIndex,
    imageId,
    position: frameIndex,
  }));
  const parts = groupByValue(frames, 'AcquisitionNumber', read)?.map((part) =>
    judge(framesOf(group.frames, part), [...group.splitBy, ...part.splitBy]),
  );
  return parts?.every(isVolume) ? parts : [group];
}

function framesOf(frames: readonly FrameMetadata[], group: SplitGroup): FrameMetadata[] {
  return group.frames.flatMap(({ frameIndex }) => frames[frameIndex] ?? []);
}

function inVolumeOrder(group: FrameGroup): FrameGroup {
  const { order } = describeVolume(group.frames);
  return { ...group, frames: order.flatMap((index) => group.frames[index] ?? []) };
}
