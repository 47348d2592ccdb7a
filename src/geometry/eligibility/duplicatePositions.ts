import { vec3 } from 'gl-matrix';
import { countOf } from '../../base/eligibilityReason.js';
import type { EligibilityReason, Finding } from '../../base/eligibilityReason.js';
import { ALL_TAGS } from '../../base/splitTag.js';
import type { SplitValueReader } from '../../base/splitTag.js';
import type { FrameMetadata } from '../../base/types.js';
import { splitSharedPositions } from '../grouping/splitSharedPositions.js';
import type { PositionedFrame } from '../grouping/splitSharedPositions.js';
import type { PlacedFrame } from '../planeAxes.js';

/** Frames grouped by position. */
export interface Positions {
  /** The first frame of each position, ascending along the normal. */
  readonly distinct: readonly PlacedFrame[];
  /** For each of {@link distinct} all frames at that position, itself included. */
  readonly sharing: readonly (readonly PlacedFrame[])[];
}

/**
 * Groups frames by position.
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
    const distance = vec3.distance(
      [...frame.inPlane, frame.along],
      [...other.inPlane, other.along],
    );
    if (distance <= sameInMm) {
      return other;
    }
  }
  return undefined;
}

/** The frames with the indices of their positions. */
export function positionedFrames(
  frames: readonly FrameMetadata[],
  { sharing }: Positions,
): PositionedFrame[] {
  return sharing.flatMap((group, position) =>
    group.map(({ sourceIndex }) => {
      const imageId = frames[sourceIndex]?.imageId ?? '';
      return { sourceIndex, imageId, position };
    }),
  );
}

/**
 * Finds the frames that share positions, and the tags by which they split into volumes; undefined when no frames
 * share one.
 */
export function describeShared(
  frames: readonly FrameMetadata[],
  positions: Positions,
  read: SplitValueReader,
): Finding | undefined {
  const { sharing } = positions;
  const shared = sharing.filter((group) => group.length > 1);
  const first = frames[shared[0]?.[0]?.sourceIndex ?? -1];
  if (!first) {
    return undefined;
  }
  const sourceIndices = shared.flat().map(({ sourceIndex }) => sourceIndex);
  const place = `(${first.imagePositionPatient.map((mm) => mm.toFixed(3)).join(', ')}) mm`;
  const message =
    shared.length === 1
      ? `${countOf(sourceIndices.length, 'frame')} lie at the same position ${place}.`
      : `${countOf(sourceIndices.length, 'frame')} share ${shared.length} positions, ` +
        `the first of them ${place}.`;
  const groups = splitSharedPositions(positionedFrames(frames, positions), read);
  if (!groups) {
    // A stray second frame occupies few positions; a second volume most of them.
    return 2 * shared.length < sharing.length
      ? { code: 'duplicate-position', message, sourceIndices }
      : {
          code: 'duplicate-position',
          message: `${message} No tag tells whole volumes apart.`,
          sourceIndices,
          isWholeVolumes: true,
        };
  }
  const tags = groups.flatMap(({ splitBy }) => splitBy.map(({ tag }) => tag));
  const splitBy = [...new Set(tags)];
  return {
    code: 'duplicate-position',
    message: `${message} ${splitBy.join(' and ')} tells ${groups.length} volumes apart.`,
    sourceIndices,
    splitBy,
  };
}

/** Frames without copies. */
export interface DistinctFrames {
  /** In the order given. */
  readonly frames: readonly FrameMetadata[];
  /** Each copy with its original in {@link frames}. */
  readonly copies: ReadonlyMap<FrameMetadata, FrameMetadata>;
}

/**
 * Removes copies: frames with the SOP Instance UID, which is globally unique (PS3.3 C.12.1.1.1), and the frame number
 * of another one, and imageIds that occur twice.
 *
 * UIDs alone are not sufficient, as software has given one to whole series: a frame with another position, size or
 * value of a tag (such as its number or time) is no copy.
 *
 * @param read - reads tags; called only for frames with equal UIDs
 */
export function withoutCopies(
  frames: readonly FrameMetadata[],
  read: SplitValueReader,
): DistinctFrames {
  const taken = new Map<string, FrameMetadata[]>();
  const kept: FrameMetadata[] = [];
  const copies = new Map<FrameMetadata, FrameMetadata>();
  for (const frame of frames) {
    const candidates = taken.get(nameOf(frame)) ?? [];
    const original = candidates.find((other) => isCopy(frame, other, read));
    if (original) {
      copies.set(frame, original);
    } else {
      kept.push(frame);
      taken.set(nameOf(frame), [...candidates, frame]);
    }
  }
  return copies.size > 0 ? { frames: kept, copies } : { frames, copies };
}

/** The warning about copies that were left out; undefined where there are none. */
export function describeCopies(copies: DistinctFrames['copies']): EligibilityReason | undefined {
  const [first] = copies;
  if (!first) {
    return undefined;
  }
  const [copy, original] = first;
  return {
    code: 'duplicate-instance',
    severity: 'warning',
    message:
      `${countOf(copies.size, 'image')} ${copies.size === 1 ? 'is' : 'are'} there twice, and left ` +
      `out: ${copy.imageId} is the same instance as ${original.imageId}.`,
    imageIds: [...copies.keys()].map(({ imageId }) => imageId),
  };
}

function nameOf({ imageId, sopInstanceUID, frameNumber }: FrameMetadata): string {
  return sopInstanceUID === undefined || frameNumber === undefined
    ? imageId
    : `${sopInstanceUID} ${frameNumber}`;
}

function isCopy(a: FrameMetadata, b: FrameMetadata, read: SplitValueReader): boolean {
  return a.imageId === b.imageId || (isAlike(a, b) && ALL_TAGS.every((tag) => agrees(tag)));

  function agrees(tag: (typeof ALL_TAGS)[number]): boolean {
    const [ofA, ofB] = [read(a.imageId, tag), read(b.imageId, tag)];
    return ofA === ofB || ofA === undefined || ofB === undefined;
  }
}

function isAlike(a: FrameMetadata, b: FrameMetadata): boolean {
  const placeOf = (frame: FrameMetadata) =>
    [
      frame.rows,
      frame.columns,
      frame.samplesPerPixel,
      ...frame.pixelSpacing,
      ...frame.imagePositionPatient,
      ...frame.imageOrientationPatient,
    ].join();
  return placeOf(a) === placeOf(b) && a.seriesInstanceUID === b.seriesInstanceUID;
}
