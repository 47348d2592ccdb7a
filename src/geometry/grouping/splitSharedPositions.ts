import { DATE_OF_TIME, RANKED_TAGS, SPLIT_TAGS } from '../../base/splitTag.js';
import type { SplitTag, SplitValue, SplitValueReader } from '../../base/splitTag.js';

/** What tells a volume from others at the same place. */
export interface SplitBy {
  readonly tag: SplitTag;
  /**
   * The value that all frames of the volume have, `none` where they do not have the tag and others do;
   * with `byOrder` its place, from 1.
   */
  readonly value: SplitValue;
  /** The tag differs from slice to slice, and the frames of each position were counted in its order. */
  readonly byOrder: boolean;
}

/** A frame and the position where it lies. */
export interface PositionedFrame {
  readonly sourceIndex: number;
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

/** In {@link SplitBy.value} for frames that do not have the tag which others have. */
const NO_VALUE = 'none';

/**
 * Splits frames that share positions into groups that do not, by the tags of their headers.
 *
 * A tag counts when each of its values stands at every position equally often: then what it splits
 * are whole volumes; not to have the tag is such a value too. Where positions are missing from some of
 * them, one tag or two together must at least have as many values as frames share a position, each of
 * them mostly at places that others have too. Last of all the frames of each position are counted in
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
  const telling = tags.flatMap((tag, index) => {
    const groups = groupByValue(frames, tag, read);
    return groups ? [{ groups, furtherTags: tags.slice(index + 1) }] : [];
  });
  for (const { groups, furtherTags } of telling) {
    const split = splitWhole(frames, groups, read, furtherTags);
    if (split) {
      return split;
    }
  }
  for (const { groups } of telling) {
    if (isOneOfEach(groups, most)) {
      return [...groups];
    }
  }
  // Some frames of each group are missing here, so that no tag alone has whole volumes.
  for (const { groups, furtherTags } of telling.filter((each) => each.groups.length < most)) {
    for (const tag of furtherTags) {
      const pairs = groups.flatMap((group) => splitFurther(group, tag, read));
      if (isOneOfEach(pairs, most)) {
        return pairs;
      }
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
 * @returns ascending, those without a value first; `undefined` when all have the same, or none
 */
export function groupByValue(
  frames: readonly PositionedFrame[],
  tag: SplitTag,
  read: SplitValueReader,
): SplitGroup[] | undefined {
  const byValue = new Map<SplitValue | undefined, PositionedFrame[]>();
  for (const frame of frames) {
    const value = read(frame.imageId, tag);
    const group = byValue.get(value) ?? [];
    group.push(frame);
    byValue.set(value, group);
  }
  if (byValue.size < 2) {
    return undefined;
  }
  return [...byValue]
    .sort(([a], [b]) => compareValues(a, b))
    .map(([value = NO_VALUE, group]) => ({
      frames: group,
      splitBy: [{ tag, value, byOrder: false }],
    }));
}

function splitFurther(group: SplitGroup, tag: SplitTag, read: SplitValueReader): SplitGroup[] {
  const parts = groupByValue(group.frames, tag, read);
  return (
    parts?.map((part) => ({ ...part, splitBy: [...group.splitBy, ...part.splitBy] })) ?? [group]
  );
}

function splitWhole(
  frames: readonly PositionedFrame[],
  groups: readonly SplitGroup[],
  read: SplitValueReader,
  furtherTags: readonly SplitTag[],
): SplitGroup[] | undefined {
  const positions = positionsOf(frames).size;
  const isWhole = (group: SplitGroup) =>
    group.frames.length === positions * mostAtOnePosition(group.frames) &&
    positionsOf(group.frames).size === positions;
  if (!groups.every(isWhole)) {
    return undefined;
  }
  const split: SplitGroup[] = [];
  for (const group of groups) {
    const parts = splitSharedPositions(group.frames, read, furtherTags);
    if (!parts) {
      return undefined;
    }
    split.push(...parts.map((part) => ({ ...part, splitBy: [...group.splitBy, ...part.splitBy] })));
  }
  return split;
}

/**
 * Whether as many groups as frames share a position have one frame of each. A group that lies mostly
 * where no other does is no volume beside them, but a part of one.
 */
function isOneOfEach(groups: readonly SplitGroup[], most: number): boolean {
  if (groups.length !== most || groups.some(({ frames }) => mostAtOnePosition(frames) > 1)) {
    return false;
  }
  const sharing = positionsOf(groups.flatMap(({ frames }) => frames));
  const isShared = ({ position }: PositionedFrame) => (sharing.get(position)?.length ?? 0) > 1;
  const apart = groups.filter(({ frames }) => 2 * frames.filter(isShared).length <= frames.length);
  // What others share a few places with, such as second tries of single slices, is the volume.
  return apart.length === 0 || (apart.length === 1 && isLargest(apart[0], groups));
}

function isLargest(group: SplitGroup | undefined, groups: readonly SplitGroup[]): boolean {
  return groups.every((other) => other.frames.length <= (group?.frames.length ?? 0));
}

/** @returns undefined where not every position has as many frames, told apart by the tag */
function groupByOrder(
  frames: readonly PositionedFrame[],
  tag: SplitTag,
  read: SplitValueReader,
  most: number,
): SplitGroup[] | undefined {
  const places = Array.from({ length: most }, (): PositionedFrame[] => []);
  const seen = new Set<string>();
  for (const sharing of positionsOf(frames).values()) {
    const ordered = sharing.map((frame) => ({ frame, key: orderOf(frame.imageId, tag, read) }));
    const isOrdered =
      ordered.every(({ key }) => key[0] !== undefined) &&
      new Set(ordered.map(({ key }) => key.join())).size === most;
    if (!isOrdered || sharing.length !== most) {
      return undefined;
    }
    ordered.forEach(({ key }) => seen.add(key.join()));
    ordered
      .sort((a, b) => compareKeys(a.key, b.key))
      .forEach(({ frame }, place) => places[place]?.push(frame));
  }
  // Numbers that begin anew say nothing of the order: slices may be numbered from either end.
  if (tag === 'InstanceNumber' && seen.size < frames.length) {
    return undefined;
  }
  return places.map((group, place) => ({
    frames: group,
    splitBy: [{ tag, value: place + 1, byOrder: true }],
  }));
}

/** What a frame is counted by: the value, and before it the day of a time of day. */
function orderOf(
  imageId: string,
  tag: SplitTag,
  read: SplitValueReader,
): (SplitValue | undefined)[] {
  const date = DATE_OF_TIME[tag];
  return date ? [read(imageId, tag), read(imageId, date)] : [read(imageId, tag)];
}

function compareKeys(
  [a, dateA]: readonly (SplitValue | undefined)[],
  [b, dateB]: readonly (SplitValue | undefined)[],
): number {
  return dateA === dateB ? compareValues(a, b) : compareValues(dateA, dateB);
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

/** Numbers by their size, also one by one in a list; nothing before everything. */
function compareValues(a: SplitValue | undefined, b: SplitValue | undefined): number {
  if (a === undefined || b === undefined) {
    return Number(b === undefined) - Number(a === undefined);
  }
  if (typeof a === 'number' && typeof b === 'number') {
    return a - b;
  }
  const [ofA, ofB] = [String(a).split('\\'), String(b).split('\\')];
  const at = ofA.findIndex((part, i) => part !== ofB[i]);
  const [partA = '', partB = ''] = [ofA[at], ofB[at]];
  const difference = Number(partA) - Number(partB);
  return difference || (partA < partB ? -1 : 1);
}
