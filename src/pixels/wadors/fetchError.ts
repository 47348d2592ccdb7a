import { StreamingVolumeError } from '../../base/errors.js';
import type { RequestFailure } from '../../base/transport/requestFailure.js';

/** Makes the error of code `frame-fetch` for a request that has failed. */
export function createFetchError(
  imageId: string,
  { what, status, retryAfterMs }: RequestFailure,
  cause: unknown,
): StreamingVolumeError {
  return new StreamingVolumeError('frame-fetch', `The request of a frame ${what} (${imageId})`, {
    imageIds: [imageId],
    status,
    retryAfterMs,
    cause,
  });
}
