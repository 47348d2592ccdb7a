import { StreamingVolumeError, isStreamingVolumeError } from '../../base/errors.js';

/**
 * Makes an error of this package out of what an image loader rejected with. Loaders reject with
 * whatever they like: an Error, an XMLHttpRequest, `{ error }`, a string.
 */
export function toFrameError(cause: unknown, imageId: string): StreamingVolumeError {
  if (isStreamingVolumeError(cause)) {
    return cause;
  }
  const inner = (cause as { error?: unknown } | null)?.error ?? cause;
  const status = (inner as { status?: unknown } | null)?.status;
  const why = inner instanceof Error ? inner.message : `${typeof inner} thrown by the image loader`;
  return new StreamingVolumeError(
    'frame-fetch',
    `A frame could not be loaded: ${why} (${imageId})`,
    {
      imageIds: [imageId],
      status: typeof status === 'number' ? status : undefined,
      cause: inner,
    },
  );
}
