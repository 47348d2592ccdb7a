/** Which time point comes after the current one: the next or the one before; the ends join. */
export type PlayDirection = 1 | -1;

/** Where a set of time points is being played. Indices count from 0. */
export interface PlayPosition {
  readonly count: number;
  readonly current: number;
  readonly direction: PlayDirection;
}

/** All time points: the current one, then those ahead in the direction of play, the first one after the last. */
export function playOrder({ count, current, direction }: PlayPosition): number[] {
  return Array.from({ length: count }, (_, step) => wrap(current + direction * step, count));
}

/**
 * How far a time point is from the current one, in steps; one that lies behind counts twice, as play moves away
 * from it.
 */
export function playDistance(
  { count, current, direction }: PlayPosition,
  timePointIndex: number,
): number {
  const ahead = wrap(direction * (timePointIndex - current), count);
  return Math.min(ahead, 2 * (count - ahead));
}

/** The direction of the shorter way from one time point to another, forward where both are equal. */
export function directionTo(
  { count, current }: Pick<PlayPosition, 'count' | 'current'>,
  timePointIndex: number,
): PlayDirection {
  return 2 * wrap(timePointIndex - current, count) <= count ? 1 : -1;
}

/** An index from 0 to `count - 1`, for one that may lie beyond either end. */
export function wrap(index: number, count: number): number {
  return ((index % count) + count) % count;
}
