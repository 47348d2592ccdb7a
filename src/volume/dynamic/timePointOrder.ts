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

/** The direction of play that led from one time point to another; from an end to the other one, around the ends. */
export function directionTo(
  { count, current }: Pick<PlayPosition, 'count' | 'current'>,
  timePointIndex: number,
): PlayDirection {
  const step = timePointIndex - current;
  const isAround = count > 2 && Math.abs(step) === count - 1;
  return step > 0 !== isAround ? 1 : -1;
}

/** An index from 0 to `count - 1`, for one that may lie beyond either end. */
export function wrap(index: number, count: number): number {
  return ((index % count) + count) % count;
}
