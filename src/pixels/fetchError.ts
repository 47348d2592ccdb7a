import { StreamingVolumeError } from '../errors.js';
import { parseRetryAfter } from './retryAfter.js';

/** What is known of a request that has failed. */
export interface FetchFailure {
  /** HTTP status, 0 where no response came, undefined where the request was not even made. */
  readonly status: number | undefined;
  /** The response's `Retry-After` header. */
  readonly retryAfter: string | null;
  readonly cause: unknown;
}

/** Makes the error of code `frame-fetch` for a request that has failed. */
export function createFetchError(
  imageId: string,
  { status, retryAfter, cause }: FetchFailure,
): StreamingVolumeError {
  return new StreamingVolumeError(
    'frame-fetch',
    `The request of a frame ${describe(status, cause)} (${imageId})`,
    {
      imageIds: [imageId],
      status,
      retryAfterMs: parseRetryAfter(retryAfter, Date.now()),
      cause,
    },
  );
}

function describe(status: number | undefined, cause: unknown): string {
  switch (status) {
    case undefined:
      return cause instanceof Error ? `failed: ${cause.message}` : 'failed';
    case 0:
      return 'failed: no response';
    default:
      return `failed with HTTP status ${status}`;
  }
}
