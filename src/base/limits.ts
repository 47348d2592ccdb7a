import { StreamingVolumeError } from './errors.js';

/**
 * How much is taken of what a server sends or a file holds, each a number from 0; `Infinity` is no limit. What exceeds
 * one fails with the code `limit-exceeded`, and is not requested again.
 */
export interface DataLimits {
  /** Bytes of a DICOM file up to its pixel data. Default 128 MiB. */
  readonly headerBytes?: number | undefined;
  /** Bytes of the response of one frame. Default 1 GiB. */
  readonly frameBytes?: number | undefined;
  /** Bytes of a DICOM file that is fetched whole. Default 4 GiB. */
  readonly fileBytes?: number | undefined;
  /**
   * Number of Frames of one file or instance; a larger one is an error of its header. It goes up to 2^31 - 1 (VR IS,
   * PS3.5 6.2), but the Maps of Cornerstone and of this package, with an entry for each frame, end at 2^24 entries in V8
   * and SpiderMonkey: the default. Images of slide scanners have some millions of frames. `fetchSeries` takes no more of
   * all instances of a series together.
   */
  readonly framesPerFile?: number | undefined;
  /**
   * Bytes of a list or of metadata in DICOM JSON, as it comes and after it is decompressed; of one that comes in pages, of
   * all of them together. Default 512 MiB.
   */
  readonly jsonBytes?: number | undefined;
  /**
   * Bytes that a deflated data set (PS3.5 A.5) may have when it is inflated; besides, never more than twice what its
   * frames need. Default 2 GiB.
   */
  readonly inflatedBytes?: number | undefined;
  /** Bytes that are read of the body of an error; the rest is cancelled. Default 64 KiB. */
  readonly errorBodyBytes?: number | undefined;
}

export type DataLimit = keyof DataLimits;

const KIB = 2 ** 10;
const MIB = 2 ** 20;
const GIB = 2 ** 30;

const DEFAULTS: Required<DataLimits> = {
  headerBytes: 128 * MIB,
  frameBytes: GIB,
  fileBytes: 4 * GIB,
  framesPerFile: 2 ** 24,
  jsonBytes: 512 * MIB,
  inflatedBytes: 2 * GIB,
  errorBodyBytes: 64 * KIB,
};

let current = DEFAULTS;

/** The limits of this page. Frame workers are told of them with each request. */
export function dataLimits(): Required<DataLimits> {
  return current;
}

/** Sets the limits of this page; those that are not given are the defaults. */
export function setDataLimits(limits: DataLimits = {}): void {
  const given = Object.entries(limits).filter(([, limit]) => limit !== undefined);
  current = { ...DEFAULTS, ...Object.fromEntries(given) };
}

/** @throws TypeError that names the limit, what it expects and what it got */
export function checkDataLimits(limits: unknown): void {
  if (typeof limits !== 'object' || limits === null) {
    throw new TypeError(`Expected limits to be an object, got ${String(limits)}`);
  }
  for (const [name, limit] of Object.entries(limits) as [string, unknown][]) {
    if (!Object.hasOwn(DEFAULTS, name)) {
      const known = Object.keys(DEFAULTS).join(', ');
      throw new TypeError(`Expected limits to have only ${known}, got ${name}`);
    }
    if (limit !== undefined && !(typeof limit === 'number' && limit >= 0)) {
      throw new TypeError(
        `Expected limits.${name} to be a number from 0, got ${JSON.stringify(limit)}`,
      );
    }
  }
}

/**
 * The error of data that exceed a limit: code `limit-exceeded`.
 *
 * @param subject - the data, as the beginning of a sentence
 */
export function limitError(
  name: DataLimit,
  subject: string,
  limit: number,
  imageId?: string,
): StreamingVolumeError {
  const place = imageId === undefined ? '' : ` (${imageId})`;
  const unit = name === 'framesPerFile' ? 'frames' : 'bytes';
  return new StreamingVolumeError(
    'limit-exceeded',
    `${subject} has more than ${limit} ${unit}${place}. Raise limits.${name} of ` +
      'registerStreamingImageVolumeLoader where that is right',
    imageId === undefined ? {} : { imageIds: [imageId] },
  );
}
