import type { EligibilityReason } from './eligibilityReason.js';
import { withoutQueries } from './withoutQueries.js';

/**
 * What went wrong, as a stable word.
 *
 * - `not-a-volume`: the imageIds do not form a volume; `reasons` says why
 * - `metadata-missing`: a required header is missing, or has a number that cannot be right
 * - `metadata-fetch`: headers could not be fetched; `errors` has one error for each file
 * - `header-fetch`: the request of a header failed; `status` is the HTTP status where there was one
 * - `header-html`: an HTML page came instead of a DICOM file
 * - `header-not-dicom`: what came is not a DICOM Part 10 file
 * - `header-truncated`: the file ends too early
 * - `header-malformed`: the header cannot be parsed
 * - `series-fetch`: a DICOMweb request failed; `status` is the HTTP status where there was one
 * - `series-body`: a DICOMweb service did not answer with valid DICOM JSON
 * - `out-of-bounds`: the option `bounds` names a box without a voxel of the volume, or beyond its voxels
 * - `cache-size-exceeded`: the volume does not fit in Cornerstone's cache, or not in the wider type that a frame needs
 * - `allocation-failed`: the browser could not allocate the memory of the volume
 * - `frame-fetch`: the request of a frame failed; `status` is the HTTP status where there was one
 * - `frame-timeout`: the frame took too long
 * - `frame-body`: the response is not the frame that was asked for
 * - `frame-decode`: the frame could not be decoded
 * - `frame-size`: the number of values of the frame is not that of its slot
 * - `value-out-of-range`: a value does not fit the volume's data type
 * - `frame-not-loaded`: the pixels of a frame were requested that is not loaded, or an Image that is to become one is missing
 * - `limit-exceeded`: a server sent more, or a file holds more, than the option `limits` allows
 * - `script-fetch`: a part of this package that is a script of its own could not be fetched
 * - `volume-removed`: the volume was removed from the cache while it was created, or before the call; a load under way
 *   is cancelled, and rejects with an `AbortError`
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
  | 'out-of-bounds'
  | 'cache-size-exceeded'
  | 'allocation-failed'
  | 'frame-fetch'
  | 'frame-timeout'
  | 'frame-body'
  | 'frame-decode'
  | 'frame-size'
  | 'value-out-of-range'
  | 'frame-not-loaded'
  | 'limit-exceeded'
  | 'script-fetch'
  | 'volume-removed'
  | 'second-vtk'
  | 'loader-replaced';

/** Fields that say which data an error is about. */
export interface StreamingVolumeErrorDetails {
  readonly volumeId?: string | undefined;
  /** The imageIds concerned; not empty where the error is about frames. */
  readonly imageIds?: readonly string[] | undefined;
  readonly reasons?: readonly EligibilityReason[] | undefined;
  /** The causes, where an error combines several. */
  readonly errors?: readonly StreamingVolumeError[] | undefined;
  /** HTTP status of a response, 0 where none came. */
  readonly status?: number | undefined;
  /** Retry-After of the response, in ms. */
  readonly retryAfterMs?: number | undefined;
  readonly cause?: unknown;
}

/** Where docs/troubleshooting.md says what to do about an error: the end of its message. */
const ADDRESS = / \[docs\/troubleshooting\.md#[\w-]+\]/g;

const BRAND = 'streaming-image-volume-loader/error';

/**
 * Every error of this package, except for wrong arguments, which are a `TypeError`.
 *
 * The message has addresses without their queries, users and passwords, so that it can be shown and logged, and ends
 * with the part of the package's documents that says what to do: ` [docs/troubleshooting.md#frame-fetch]`. `imageIds`
 * are exact, and `cause` is what the browser or the application has thrown: both may hold a token.
 */
export class StreamingVolumeError extends Error {
  /** Survives two copies of the bundle, which `instanceof` does not. */
  readonly brand = BRAND;
  readonly code: StreamingVolumeErrorCode;
  readonly volumeId: string | undefined;
  readonly imageIds: readonly string[];
  readonly reasons: readonly EligibilityReason[];
  /** Empty unless the error combines several. */
  readonly errors: readonly StreamingVolumeError[];
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(
    code: StreamingVolumeErrorCode,
    message: string,
    details: StreamingVolumeErrorDetails = {},
  ) {
    // A message may quote that of its cause; one address is enough.
    const text = withoutQueries(message.replaceAll(ADDRESS, ''), details.imageIds);
    super(
      `${text} [docs/troubleshooting.md#${code}]`,
      details.cause === undefined ? undefined : { cause: details.cause },
    );
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

/** The error of a load into a volume that was removed from the cache: code `volume-removed`. */
export function removedError(volumeId: string, imageIds: readonly string[]): StreamingVolumeError {
  return new StreamingVolumeError(
    'volume-removed',
    `Volume ${volumeId} was removed from the cache`,
    {
      volumeId,
      imageIds,
    },
  );
}

/** The error of pixels whose layout is not supported: code `frame-decode`. */
export function unreadable(fault: string, imageId: string): StreamingVolumeError {
  return new StreamingVolumeError('frame-decode', `A frame cannot be read: ${fault} (${imageId})`, {
    imageIds: [imageId],
  });
}
