import type { EligibilityReason } from './eligibilityReason.js';

/**
 * What went wrong, as a stable word.
 *
 * - `not-a-volume`: the imageIds do not form a volume; `reasons` says why
 * - `metadata-missing`: a header that is needed is not there
 * - `metadata-fetch`: headers cannot be had; `errors` says why, file by file
 * - `header-fetch`: the request of a header failed; `status` is the HTTP status where there was one
 * - `header-html`: an HTML page came instead of a DICOM file
 * - `header-not-dicom`: what came is not a DICOM Part 10 file
 * - `header-truncated`: the file ends too early
 * - `header-malformed`: the header cannot be parsed
 * - `series-fetch`: a DICOMweb request failed; `status` is the HTTP status where there was one
 * - `series-body`: a DICOMweb service did not answer with DICOM JSON
 * - `cache-size-exceeded`: the volume does not fit in Cornerstone's cache, or not in the wider type that a frame needs
 * - `allocation-failed`: the browser has not the memory for it
 * - `frame-fetch`: the request of a frame failed; `status` is the HTTP status where there was one
 * - `frame-timeout`: the frame took too long
 * - `frame-body`: the response is not the frame that was asked for
 * - `frame-decode`: the frame could not be decoded
 * - `frame-size`: the frame has not the number of values that its slot has
 * - `value-out-of-range`: a value does not fit the volume's data type
 * - `frame-not-loaded`: pixels were asked of a frame that is not loaded, or an Image lacks to be taken for one
 * - `volume-removed`: the volume was taken out of the cache meanwhile
 * - `second-vtk`: vtk.js is in the bundle twice
 * - `loader-replaced`: another volume loader was registered for a scheme of this package; a warning
 */
export type StreamingVolumeErrorCode =
  | 'not-a-volume'
  | 'metadata-missing'
  | 'metadata-fetch'
  | 'header-fetch'
  | 'header-html'
  | 'header-not-dicom'
  | 'header-truncated'
  | 'header-malformed'
  | 'series-fetch'
  | 'series-body'
  | 'cache-size-exceeded'
  | 'allocation-failed'
  | 'frame-fetch'
  | 'frame-timeout'
  | 'frame-body'
  | 'frame-decode'
  | 'frame-size'
  | 'value-out-of-range'
  | 'frame-not-loaded'
  | 'volume-removed'
  | 'second-vtk'
  | 'loader-replaced';

/** Fields that say which data an error is about. */
export interface StreamingVolumeErrorDetails {
  readonly volumeId?: string;
  /** The imageIds concerned, never empty where the error is about frames. */
  readonly imageIds?: readonly string[];
  readonly reasons?: readonly EligibilityReason[];
  /** The causes, where an error stands for several. */
  readonly errors?: readonly StreamingVolumeError[];
  /** HTTP status of a response, 0 where none came. */
  readonly status?: number;
  /** How long the server asked to wait before the next try, in ms. */
  readonly retryAfterMs?: number;
  readonly cause?: unknown;
}

const BRAND = 'streaming-image-volume-loader/error';

/** Every error of this package that is not a wrong argument (those are `TypeError`). */
export class StreamingVolumeError extends Error {
  /** Survives two copies of the bundle, which `instanceof` does not. */
  readonly brand = BRAND;
  readonly code: StreamingVolumeErrorCode;
  readonly volumeId: string | undefined;
  readonly imageIds: readonly string[];
  readonly reasons: readonly EligibilityReason[];
  /** Empty where the error stands for itself alone. */
  readonly errors: readonly StreamingVolumeError[];
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(
    code: StreamingVolumeErrorCode,
    message: string,
    details: StreamingVolumeErrorDetails = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'StreamingVolumeError';
    this.code = code;
    this.volumeId = details.volumeId;
    this.imageIds = details.imageIds ?? [];
    this.reasons = details.reasons ?? [];
    this.errors = details.errors ?? [];
    this.status = details.status;
    this.retryAfterMs = details.retryAfterMs;
  }
}

/**
 * Tells whether an error comes from this package, also across two copies of the bundle.
 *
 * @param error - anything that was caught
 * @param code - when given, only errors with this code count
 */
export function isStreamingVolumeError(
  error: unknown,
  code?: StreamingVolumeErrorCode,
): error is StreamingVolumeError {
  if (typeof error !== 'object' || error === null) {
    return false;
  }
  const candidate = error as Partial<StreamingVolumeError>;
  return candidate.brand === BRAND && (code === undefined || candidate.code === code);
}

/** Why nothing is loaded into a volume any more that was taken out of the cache. */
export function removedError(volumeId: string, imageIds: readonly string[]): StreamingVolumeError {
  return new StreamingVolumeError('volume-removed', `Volume ${volumeId} was removed`, {
    volumeId,
    imageIds,
  });
}

/** The error of pixels whose layout is not read: code `frame-decode`. */
export function unreadable(fault: string, imageId: string): StreamingVolumeError {
  return new StreamingVolumeError('frame-decode', `A frame cannot be read: ${fault} (${imageId})`, {
    imageIds: [imageId],
  });
}
