import type { FrameMetadata } from '../../base/types.js';
import type { Finding } from './finding.js';
import type { PlacedFrame } from '../placedFrame.js';
import { splitSharedPositions } from '../grouping/splitSharedPositions.js';
import type { PositionedFrame } from '../grouping/splitSharedPositions.js';
import type { SplitValueReader } from '../../base/splitTag.js';
import { countOf } from '../wording.js';

/** Frames by the position that they share. */
export interface Positions {
  /** The first frame of each position, ascending along the normal. */
  readonly distinct: readonly PlacedFrame[];
  /** For each of {@link distinct} all frames that lie there, itself included. */
  readonly sharing: readonly (readonly PlacedFrame[])[];
}

/**
 * Puts frames together that lie at the same place.
 *
 * @param placed - ascending along the normal
 * @param sameInMm - positions that are no farther apart are the same
 */
export function groupByPosition(placed: readonly PlacedFrame[], sameInMm: number): Positions {
  const sharing = new Map<PlacedFrame, PlacedFrame[]>();
  const distinct: PlacedFrame[] = [];
  for (const frame of placed) {
    const twin = findTwin(distinct, frame, sameInMm);
    if (twin) {
      sharing.get(twin)?.push(frame);
    } else {
      distinct.push(frame);
      sharing.set(frame, [frame]);
    }
  }
  return { distinct, sharing: [...sharing.values()] };
}

function findTwin(
  distinct: readonly PlacedFrame[],
  frame: PlacedFrame,
  sameInMm: number,
): PlacedFrame | undefined {
  for (let i = distinct.length - 1; i >= 0; i--) {
    const other = distinct[i];
    if (!other || frame.along - other.along > sameInMm) {
      return undefined;
    }
    const distance = Math.hypot(
      frame.along - other.along,
      frame.inPlane[0] - other.inPlane[0],
      frame.inPlane[1] - other.inPlane[1],
    );
    if (distance <= sameInMm) {
      return other;
    }
  }
  return undefined;
}

/** The frames with the numbers of their positions. */
export function positionedFrames(
  frames: readonly FrameMetadata[],
  { sharing }: Positions,
): PositionedFrame[] {
  return sharing.flatMap((group, position) =>
    group.map(({ frameIndex }) => {
      const imageId = frames[frameIndex]?.imageId ?? '';
      return { frameIndex, imageId, position };
    }),
  );
}

/**
 * Says which frames share positions, and by which tags they split into volumes; `undefined` when
 * none share.
 */
export function describeShared(
  frames: readonly FrameMetadata[],
  positions: Positions,
  read: SplitValueReader,
): Finding | undefined {
  const { sharing } = positions;
  const shared = sharing.filter((group) => group.length > 1);
  const first = frames[shared[0]?.[0]?.frameIndex ?? -1];
  if (!first) {
    return undefined;
  }
  const frameIndices = shared.flat().map(({ frameIndex }) => frameIndex);
  const place = `(${first.imagePositionPatient.map((mm) => mm.toFixed(3)).join(', ')}) mm`;
  const message =
    shared.length === 1
      ? `${countOf(frameIndices.length, 'frame')} lie at the same position ${place}.`
      : `${countOf(frameIndices.length, 'frame')} share ${shared.length} positions, ` +
        `the first of them ${place}.`;
  const groups = splitSharedPositions(positionedFrames(frames, positions), read);
  if (!groups) {
    // A stray second frame leaves most places alone; a second volume does not.
    return 2 * shared.length < sharing.length
      ? { code: 'duplicate-position', message, frameIndices }
      : {
          code: 'duplicate-position',
          message: `${message} No tag tells whole volumes apart.`,
          frameIndices,
          isWholeVolumes: true,
        };
  }
  const tags = groups.flatMap(({ splitBy }) => splitBy.map(({ tag }) => tag));
  const splitBy = [...new Set(tags)];
  return {
    code: 'duplicate-position',
    message: `${message} ${splitBy.join(' and ')} tells ${groups.length} volumes apart.`,
    frameIndices,
    splitBy,
  };
}
