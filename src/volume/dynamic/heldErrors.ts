import { StreamingVolumeError } from '../../base/errors.js';

/** A time point that was asked for; its index counts from 0. */
interface AskedTimePoint {
  readonly volumeId: string;
  readonly count: number;
  readonly timePointIndex: number;
  /** Of its frames. */
  readonly imageIds: readonly string[];
}

/** The error of a read of a time point that has no memory: code `frame-not-loaded`. */
export function notHeldError(asked: AskedTimePoint): StreamingVolumeError {
  const { volumeId, count, timePointIndex, imageIds } = asked;
  return new StreamingVolumeError(
    'frame-not-loaded',
    `Time point ${timePointIndex + 1} of ${count} of volume ${volumeId} is not in memory, its first imageId is ` +
      `${imageIds[0]}. Call load() and wait for its end; where the cache or timePointBudgetInBytes does not ` +
      `allow all time points, make it the current one first`,
    { volumeId, imageIds },
  );
}

/** The error of requests of a time point that is released: code `frame-not-loaded`. */
export function releasedError(volumeId: string): StreamingVolumeError {
  return new StreamingVolumeError(
    'frame-not-loaded',
    `The time point of a frame was released from memory for another one (volume ${volumeId}): make it the ` +
      'current one, or raise the limit of the cache or timePointBudgetInBytes',
    { volumeId },
  );
}
