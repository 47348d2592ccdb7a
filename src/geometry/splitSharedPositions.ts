import { RANKED_TAGS, SPLIT_TAGS } from './splitTag.js';
import type { SplitTag, SplitValue, SplitValueReader } from './splitTag.js';

/** What tells a volume from others at the same place. */
export interface SplitBy {
  readonly tag: SplitTag;
  /** The value that all frames of the volume have; with `byOrder` its place, from 1. */
  readonly value: SplitValue;
  /** The tag differs from slice to slice, and the frames of each position were counted in its order. */
  readonly byOrder: boolean;
}

/** A frame and the position where it lies. */
export interface PositionedFrame {
  readonly frameIndex: number;
  readonly imageId: string;
  /** Frames with the same number share a position. */
  readonly position: number;
}

/** Frames at places of their own. */
export interface SplitGroup {
  readonly frames: readonly PositionedFrame[];
  /** One tag, or several one in another, as echoes of time points. */
  readonly splitBy: readonly SplitBy[];
}

/**
 * Splits frames that share positions into groups that do not, by the tags of their headers.
 *
 * A tag counts when each of its values stands at every position equally often: then what it splits
 * are whole volumes. Where positions are missing from some of them, the tag must at least have as
 * many values as frames share a position. Last of all the frames of each position are counted in
 * order.
 *
 * @returns in the order of the values; `undefined` when no tag does it, or all lie at one position
 */
export function splitSharedPositions(
  frames: readonly PositionedFrame[],
  read: SplitValueReader,
  tags: readonly SplitTag[] = SPLIT_TAGS,
): SplitGroup[] | undefined {
  const most = mostAtOnePosition(frames);
  if (most <= 1) {
    return [{ frames, splitBy: [] }];
  }
  if (positionsOf(frames).size < 2) {
    return undefined;
  }
  for (const [index, tag] of tags.entries()) {
    const groups = groupByValue(frames, tag, read);
    const split = groups && splitWhole(frames, groups, read, tags.slice(index + 1));
    if (split) {
      return split;
    }
  }
  for (const tag of tags) {
    const groups = groupByValue(frames, tag, read);
    if (groups?.length === most && groups.every((group) => mostAtOnePosition(group.frames) === 1)) {
      return groups;
    }
  }
  for (const tag of RANKED_TAGS) {
    const groups = groupByOrder(frames, tag, read, most);
    if (groups) {
      return groups;
    }
  }
  return undefined;
}

/**
 * Groups frames by the value of one tag.
 *
 * @returns ascending; `undefined` when a frame has no value, or all have the same
 */
export function groupByValue(
  frames: readonly PositionedFrame[],
  tag: SplitTag,
  read: SplitValueReader,
): SplitGroup[] | undefined {
  const byValue = new Map<SplitValue, PositionedFrame[]>();
  for (const frame of frames) {
    const value = read(frame.imageId, tag);
    if (value === undefined) {
      return undefined;
    }
    const group = byValue.get(value) ?? [];
    group.push(frame);
    byValue.set(value, group);
  }
  if (byValue.size < 2) {
    return undefined;
  }
  return [...byValue]
    .sort(([a], [b]) => compareValues(a, b))
    .map(([value, group]) => ({ frames: group, splitBy: [{ tag, value, byOrder: false }] }));
}

function splitWhole(
  frames: readonly PositionedFrame[],
  groups: readonly SplitGroup[],
  read: SplitValueReader,
  furtherTags: readonly SplitTag[],
): SplitGroup[] | undefined {
  const positions = positionsOf(frames).size;
  const split: SplitGroup[] = [];
  for (const group of groups) {
    const isWhole =
      group.frames.length === positions * mostAtOnePosition(group.frames) &&
      positionsOf(group.frames).size === positions;
    const parts = isWhole ? splitSharedPositions(group.frames, read, furtherTags) : undefined;
    if (!parts) {
      return undefined;
    }
    split.push(...parts.map((part) => ({ ...part, splitBy: [...group.splitBy, ...part.splitBy] })));
  }
  return split;
}

function groupByOrder(
  frames: readonly PositionedFrame[],
  tag: SplitTag,
  read: SplitValueReader,
  most: number,
): SplitGroup[] | undefined {
  const places = Array.from({ length: most }, (): PositionedFrame[] => []);
  for (const sharing of positionsOf(frames).values()) {
    const values = sharing.map(({ imageId }) => read(imageId, tag));
    const isOrdered = values.every((value) => value !== undefined) && new Set(values).size === most;
    if (!isOrdered || sharing.length !== most) {
      return undefined;
    }
    sharing
      .map((frame, i) => ({ frame, value: values[i] ?? 0 }))
      .sort((a, b) => compareValues(a.value, b.value))
      .forEach(({ frame }, place) => places[place]?.push(frame));
  }
  return places.map((group, place) => ({
    frames: group,
    splitBy: [{ tag, value: place + 1, byOrder: true }],
  }));
}

function positionsOf(frames: readonly PositionedFrame[]): Map<number, PositionedFrame[]> {
  const positions = new Map<number, PositionedFrame[]>();
  for (const frame of frames) {
    const sharing = positions.get(frame.position) ?? [];
    sharing.push(frame);
    positions.set(frame.position, sharing);
  }
  return positions;
}

function mostAtOnePosition(frames: readonly PositionedFrame[]): number {
  return Math.max(0, ...[...positionsOf(frames).values()].map(({ length }) => length));
}

function compareValues(a: SplitValue, b: SplitValue): number {
  if (typeof a === 'number' && typeof b === 'number') {
    return a - b;
  }
  return String(a) < String(b) ? -1 : 1;
}
