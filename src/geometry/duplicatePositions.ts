import type { FrameMetadata } from '../types.js';
import type { Finding } from './finding.js';
import type { PlacedFrame } from './placedFrame.js';
import { countOf } from './wording.js';

/** Frames that share positions, and one frame of each position. */
export interface PositionsTaken {
  readonly finding: Finding | undefined;
  /** The first frame of each position, ascending along the normal. */
  readonly distinct: readonly PlacedFrame[];
}

/**
 * Separates frames that lie at the same place.
 *
 * @param placed - ascending along the normal
 * @param sameInMm - positions that are no farther apart are the same
 */
export function separateDuplicates(
  frames: readonly FrameMetadata[],
  placed: readonly PlacedFrame[],
  sameInMm: number,
): PositionsTaken {
  const distinct: PlacedFrame[] = [];
  const shared = new Map<PlacedFrame, number[]>();
  for (const frame of placed) {
    const twin = findTwin(distinct, frame, sameInMm);
    if (twin) {
      const sharing = shared.get(twin) ?? [twin.frameIndex];
      shared.set(twin, [...sharing, frame.frameIndex]);
    } else {
      distinct.push(frame);
    }
  }
  return { finding: describeShared(frames, [...shared.values()]), distinct };
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

function describeShared(
  frames: readonly FrameMetadata[],
  groups: readonly number[][],
): Finding | undefined {
  const first = frames[groups[0]?.[0] ?? -1];
  if (!first) {
    return undefined;
  }
  const frameIndices = groups.flat();
  const place = `(${first.imagePositionPatient.map((mm) => mm.toFixed(3)).join(', ')}) mm`;
  return {
    code: 'duplicate-position',
    message:
      groups.length === 1
        ? `${countOf(frameIndices.length, 'frame')} lie at the same position ${place}.`
        : `${countOf(frameIndices.length, 'frame')} share ${groups.length} positions, ` +
          `the first of them ${place}.`,
    frameIndices,
  };
}
