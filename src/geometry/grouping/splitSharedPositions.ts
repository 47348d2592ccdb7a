import { DATE_OF_TIME, RANKED_TAGS, SPLIT_TAGS } from '../../base/splitTag.js';
import type { SplitTag, SplitValue, SplitValueReader } from '../../base/splitTag.js';

/** A tag that distinguishes a volume from others at the same positions. */
export interface SplitBy {
  readonly tag: SplitTag;
  /**
   * The value of all frames of the volume, `none` where others have the tag and these do not; with `byOrder` the
   * rank, from 1.
   */
  readonly value: SplitValue;
  /** The tag differs from slice to slice, and the frames of each position were ranked by it. */
  readonly byOrder: boolean;
}

/** A frame and the index of its position. */
export interface PositionedFrame {
  readonly sourceIndex: number;
  readonly imageId: string;
  /** Frames with the same number share a position. */
  readonly position: number;
}

/** Frames at different positions. */
export interface SplitGroup {
  readonly frames: readonly PositionedFrame[];
  /** One tag, or several nested ones, such as echoes of time points. */
  readonly splitBy: readonly SplitBy[];
}

/** {@link SplitBy.value} of frames without a tag that others have. */
const NO_VALUE = 'none';

/**
 * Splits frames that share positions into groups that do not, by the tags of their headers.
 *
 * A tag splits the frames into whole volumes when each of its values occurs equally often at every position; the
 * absence of the tag is a value too. Where some volumes lack positions, one tag or two together must have as many
 * values as frames share a position, each of them mostly at positions that others have too. As the last resort the
 * frames of each position are ranked.
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
  // Some frames of each group may be missing, so that no tag alone makes whole volumes.
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
 * Whether there are as many groups as frames share a position, each with at most one frame at a position. A group
 * mostly at positions of its own is a part of a volume, and no further volume.
 */
function isOneOfEach(groups: readonly SplitGroup[], most: number): boolean {
  if (groups.length !== most || groups.some(({ frames }) => mostAtOnePosition(frames) > 1)) {
    return false;
  }
  const sharing = positionsOf(groups.flatMap(({ frames }) => frames));
  const isShared = ({ position }: PositionedFrame) => (sharing.get(position)?.length ?? 0) > 1;
  const apart = groups.filter(({ frames }) => 2 * frames.filter(isShared).length <= frames.length);
  // The largest may have few shared positions, where the others are repeated slices.
  return apart.length === 0 || (apart.length === 1 && isLargest(apart[0], groups));
}

function isLargest(group: SplitGroup | undefined, groups: readonly SplitGroup[]): boolean {
  return groups.every((other) => other.frames.length <= (group?.frames.length ?? 0));
}

/** @returns undefined unless every position has as many frames, with different values of the tag */
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
  // Numbers that restart have no common order: slices may be numbered from either end.
  if (tag === 'InstanceNumber' && seen.size < frames.length) {
    return undefined;
  }
  return places.map((group, place) => ({
    frames: group,
    splitBy: [{ tag, value: place + 1, byOrder: true }],
  }));
}

/** The key of a frame in the ranking: the value of the tag, and the date of a time of day. */
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

/** Numbers by their size, also element by element in a list; absent values come first. */
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
