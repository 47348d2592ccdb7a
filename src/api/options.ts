import { checkDataLimits } from '../base/limits.js';
import type { DataLimits } from '../base/limits.js';
import { pageAddress } from '../base/transport/pageAddress.js';
import type { IrregularPolicy } from '../base/eligibilityReason.js';
import type { SuvChoice } from '../base/scalingReport.js';
import type { VoxelTypeChoice } from '../base/types.js';
import { VOXEL_TYPE_RANGES } from '../base/voxels/voxelTypes.js';
import { completeTolerance, type ToleranceOptions } from '../geometry/geometryTolerance.js';
import type { Box } from '../geometry/reduceGrid.js';
import type { FrameOrder } from '../loading/schedule/frameOrder.js';
import type { ImageLoader } from '../pixels/image/withSkipCreateImage.js';

/**
 * A box in a volume, with both ends of each interval included.
 *
 * - `index`, or the box alone: `[[iMin, iMax], [jMin, jMax], [kMin, kMax]]`, whole numbers from 0 along columns, rows
 *   and slices of the whole volume, in the form of Cornerstone's `BoundsIJK`
 * - `world`: `[[xMin, xMax], [yMin, yMax], [zMin, zMax]]` in mm, along the axes of the patient. Every voxel whose
 *   centre is in it is kept, and in an oblique volume voxels beside it, as a volume is a box along its own axes
 */
export type VolumeBounds = Box | { readonly index: Box } | { readonly world: Box };

/**
 * How volumes are loaded and drawn. Every option has a default.
 *
 * Times in ms are numbers from 0. Timers of browsers count up to 2^31 - 1 ms (24.8 days); a longer time, such as
 * `Infinity`, is no limit.
 */
export interface VolumeOptions {
  /**
   * Most frames requested at once, by loads and load strategies together. Default: what the connection takes (6 for HTTP/1.1, 12 of
   * frames whose headers say that they are compressed, 16 for HTTP/2 and later) and half a frame for each processor core to decode; but
   * fewer while a viewport shows the volume and further requests would only compete with the slice on screen.
   * Cornerstone's request pool may allow fewer.
   */
  readonly maxInFlight?: number | undefined;
  /** Priority in Cornerstone's request pool; smaller comes first. Default 5. */
  readonly priority?: number | undefined;
  /** The same, while no viewport shows the volume. Default: one more than `priority`. */
  readonly backgroundPriority?: number | undefined;
  /**
   * The order in which frames are requested; it is evaluated again when viewports move. Default
   * `followViewports`.
   */
  readonly frameOrder?: FrameOrder | undefined;
  /** Retries of a frame when the network fails or the server is busy. Default 3. */
  readonly retries?: number | undefined;
  /** Backoff before the first retry in ms; it doubles each time. Default 500. */
  readonly retryDelayMs?: number | undefined;
  /** Longest backoff in ms, also where the server asks for more (Retry-After). Default 30000. */
  readonly maxRetryDelayMs?: number | undefined;
  /**
   * Wait in ms after a response with HTTP status 401, until the request is repeated with a new call of
   * `beforeSend`. No other frame is requested meanwhile; after `retries` such responses the frames fail.
   * Default 1000.
   */
  readonly authRetryDelayMs?: number | undefined;
  /** Time limit of one try of a frame in ms, decoding included. Default 60000. */
  readonly frameTimeoutMs?: number | undefined;
  /**
   * Whether the headers of Part-10 files without metadata in Cornerstone are fetched first, as
   * `prefetchMetadata` does. Default true.
   */
  readonly prefetchMetadata?: boolean | undefined;
  /** Whether loaded frames are put into Cornerstone's image cache, without a copy. Default true. */
  readonly publishFrameViews?: boolean | undefined;
  /** Least time between two renders while frames arrive, in ms. Default 100. */
  readonly renderIntervalMs?: number | undefined;
  /**
   * Largest part of the time that renders may take which arriving frames ask for, above 0 and up to 1; of all viewports
   * and volumes of the page together. It is measured how long the last pictures of each viewport took, with the GPU's
   * work and the uploads: with the default 0.25 a viewport whose picture takes 2 s is drawn each 8 s, and one that takes
   * 5 ms each `renderIntervalMs`. A slice on screen, the first picture, the last one, and what a person does are drawn at
   * once. Default 0.25.
   */
  readonly renderShare?: number | undefined;
  /**
   * Longest time that one render spends on uploading slices to the GPU, in ms. Default 8. A render that takes long
   * itself may upload for half of its time.
   */
  readonly uploadBudgetMs?: number | undefined;
  /**
   * What pictures show of slices that are still to come. Default `nearest`: the nearest slice that has pixels, so that
   * a reformat or a 3D picture is recognisable after a part of the frames; `none`: nothing. Only the texture has
   * stand-ins, never the array: whatever is read, measured or exported of such a slice is not there. `volume.standInFor`
   * and `volume.standInOnScreen` tell which slices are shown in place of others, so that a viewer can mark them.
   */
  readonly standIns?: 'nearest' | 'none' | undefined;
  /** How far frames may be from a perfect stack; replaces single limits of the defaults. */
  readonly tolerance?: ToleranceOptions | undefined;
  /**
   * What is done where slices are missing, irregular, tilted or at one position. Default `reject`. Frames at one
   * position that tags distinguish, such as time points, are refused by every policy.
   */
  readonly onIrregular?: IrregularPolicy | undefined;
  /**
   * Whether one frame alone makes a volume, when its header states Spacing Between Slices or else Slice
   * Thickness. Default false.
   */
  readonly allowSingleSlice?: boolean | undefined;
  /**
   * Keeps every n-th column, row and slice, beginning with the first, as core's `decimatedVolumeLoader` does: numbers
   * from 1, of which the whole part counts. A factor that is undefined is that of the columns for rows, and 1 for slices.
   * Frames without a voxel in the volume are not requested. Default: all voxels.
   */
  readonly ijkDecimation?: [i: number, j: number, k: number] | undefined;
  /** Keeps a box of the volume; `ijkDecimation` counts from its first voxel. Default: the whole volume. */
  readonly bounds?: VolumeBounds | undefined;
  /**
   * What is done with a volume that Cornerstone's cache or the 3D textures of the browser cannot take. Default `reject`:
   * the creation fails with code `cache-size-exceeded`; a volume with a side that is too long for a texture is made,
   * and drawn with fewer voxels (event `VOLUME_TEXTURE_REDUCED`). `decimate`: `ijkDecimation` is raised until the
   * volume fits, with the event `VOLUME_DECIMATED`.
   */
  readonly onTooLarge?: 'reject' | 'decimate' | undefined;
  /**
   * How the type of the voxels is chosen. Default `likely`: the smallest type that the values are likely to fit,
   * and a wider one, with the event `VOLUME_WIDENED`, when a frame does not fit. `headers`: a type that never
   * changes and holds every value that the headers allow. The name of a typed array: frames that it does not hold
   * fail.
   */
  readonly voxelType?: VoxelTypeChoice | undefined;
  /**
   * Whether the voxels of PET are SUV by body weight. Default `auto`: they are where a metadata provider gives the
   * factor (`suvbw` of Cornerstone's `scalingModule`), or else the headers do; `scalingReport` of the volume says
   * which, or why they are not. `off`: they are the rescaled values, such as Bq/ml.
   */
  readonly suv?: SuvChoice | undefined;
  /**
   * Of volumes with time points: the most bytes of the voxels of all time points together; the ones farthest from the
   * current one are released, and loaded again when they are wanted. One time point is held in any case. Default: what
   * Cornerstone's cache allows.
   */
  readonly timePointBudgetInBytes?: number | undefined;
  /**
   * Whether the course of each frame is written into the browser's performance timeline: one measure for each
   * step, with the imageId in its `detail` (`FrameTraceDetail`). For debugging: the timeline keeps the
   * measures until `performance.clearMeasures()`. Default false.
   */
  readonly trace?: boolean | undefined;
}

/** Options of `createAndCacheVolume` for this loader. */
export interface CreateVolumeOptions extends VolumeOptions {
  /** The frames, in any order. The array is not changed. */
  readonly imageIds: readonly string[];
  /** Abandons the creation, and cancels every load of the volume. */
  readonly signal?: AbortSignal | undefined;
}

/** Options of `registerStreamingImageVolumeLoader`; the volume options are defaults for all volumes. */
export interface RegisterOptions extends VolumeOptions {
  /** Volume loader schemes to register. Default: `VOLUME_SCHEME` and `DECIMATED_VOLUME_SCHEME`. */
  readonly schemes?: readonly string[] | undefined;
  /**
   * The same for volumes with time points (4D). Default `['cornerstoneStreamingDynamicImageVolume']`.
   */
  readonly dynamicSchemes?: readonly string[] | undefined;
  /** Whether to load volumes whose scheme has no loader too. Default true. */
  readonly unknownVolumeLoader?: boolean | undefined;
  /**
   * Image loaders by scheme, to be wrapped and registered. Default: the four of dicom-image-loader;
   * loaders given here are added, or replace one of these.
   */
  readonly imageLoaders?: Readonly<Record<string, ImageLoader>> | undefined;
  /**
   * Number of workers that fetch frames of `wadors:` imageIds and write them into the volume, and decode compressed
   * frames of all imageIds; 0 fetches on the main thread. Default: as many as processor cores, at most 8, of which two
   * run where frames are not compressed.
   */
  readonly frameWorkers?: number | undefined;
  /**
   * Whether frame workers decode compressed frames, straight into the volume; otherwise dicom-image-loader's worker
   * does, as for frames whose codec the application's bundle has not got. Default true.
   */
  readonly decodeInFrameWorkers?: boolean | undefined;
  /**
   * How much is taken of what servers send and files hold. They hold for the whole page, also for `fetchSeries`,
   * `listSeries` and `prefetchMetadata`.
   */
  readonly limits?: DataLimits | undefined;
}

/** @throws TypeError that names the option, what it expects and what it got */
export function checkRegisterOptions({
  frameWorkers,
  decodeInFrameWorkers,
  limits,
}: RegisterOptions): void {
  if (limits !== undefined) {
    checkDataLimits(limits);
  }
  if (frameWorkers !== undefined && (!Number.isInteger(frameWorkers) || frameWorkers < 0)) {
    throw new TypeError(
      `Expected frameWorkers to be an integer from 0, got ${describe(frameWorkers)}`,
    );
  }
  if (decodeInFrameWorkers !== undefined && typeof decodeInFrameWorkers !== 'boolean') {
    throw new TypeError(
      `Expected decodeInFrameWorkers to be a boolean, got ${typeof decodeInFrameWorkers}`,
    );
  }
}

/** Of `frameTimeoutMs`. */
export const DEFAULT_FRAME_TIMEOUT_MS = 60_000;

const DURATIONS = [
  'retryDelayMs',
  'maxRetryDelayMs',
  'authRetryDelayMs',
  'frameTimeoutMs',
  'renderIntervalMs',
  'uploadBudgetMs',
] as const;
const IRREGULAR_POLICIES: readonly unknown[] = ['reject', 'nearest', 'resample'];
const STAND_INS: readonly unknown[] = ['nearest', 'none'];
const SUV_CHOICES: readonly unknown[] = ['auto', 'off'];
const TOO_LARGE_POLICIES: readonly unknown[] = ['reject', 'decimate'];
const VOXEL_TYPES: readonly unknown[] = ['likely', 'headers', ...Object.keys(VOXEL_TYPE_RANGES)];

/** @throws TypeError that names the option, what it expects and what it got */
export function checkVolumeOptions(options: VolumeOptions): void {
  const { maxInFlight, frameOrder, onIrregular, voxelType, onTooLarge, suv, standIns } = options;
  completeTolerance(options.tolerance);
  checkDecimation(options.ijkDecimation);
  checkBounds(options.bounds);
  if (onTooLarge !== undefined && !TOO_LARGE_POLICIES.includes(onTooLarge)) {
    const known = TOO_LARGE_POLICIES.join(', ');
    throw new TypeError(`Expected onTooLarge to be one of ${known}, got ${describe(onTooLarge)}`);
  }
  if (onIrregular !== undefined && !IRREGULAR_POLICIES.includes(onIrregular)) {
    const known = IRREGULAR_POLICIES.join(', ');
    throw new TypeError(`Expected onIrregular to be one of ${known}, got ${describe(onIrregular)}`);
  }
  if (voxelType !== undefined && !VOXEL_TYPES.includes(voxelType)) {
    const known = VOXEL_TYPES.join(', ');
    throw new TypeError(`Expected voxelType to be one of ${known}, got ${describe(voxelType)}`);
  }
  if (suv !== undefined && !SUV_CHOICES.includes(suv)) {
    throw new TypeError(
      `Expected suv to be one of ${SUV_CHOICES.join(', ')}, got ${describe(suv)}`,
    );
  }
  if (standIns !== undefined && !STAND_INS.includes(standIns)) {
    throw new TypeError(
      `Expected standIns to be one of ${STAND_INS.join(', ')}, got ${describe(standIns)}`,
    );
  }
  if (frameOrder !== undefined && typeof frameOrder !== 'function') {
    throw new TypeError(`Expected frameOrder to be a function, got ${typeof frameOrder}`);
  }
  if (maxInFlight !== undefined && (!Number.isInteger(maxInFlight) || maxInFlight < 1)) {
    throw new TypeError(
      `Expected maxInFlight to be a positive integer, got ${describe(maxInFlight)}`,
    );
  }
  for (const name of ['priority', 'backgroundPriority'] as const) {
    const value = options[name];
    if (value !== undefined && !Number.isFinite(value)) {
      throw new TypeError(`Expected ${name} to be a number, got ${describe(value)}`);
    }
  }
  const { retries, timePointBudgetInBytes: budget, renderShare } = options;
  if (
    renderShare !== undefined &&
    !(typeof renderShare === 'number' && renderShare > 0 && renderShare <= 1)
  ) {
    throw new TypeError(
      `Expected renderShare to be a number above 0 and up to 1, got ${describe(renderShare)}`,
    );
  }
  if (budget !== undefined && !(typeof budget === 'number' && budget >= 0)) {
    throw new TypeError(
      `Expected timePointBudgetInBytes to be a number of bytes from 0, got ${describe(budget)}`,
    );
  }
  if (retries !== undefined && !(Number.isFinite(retries) && retries >= 0)) {
    throw new TypeError(`Expected retries to be a number from 0, got ${describe(retries)}`);
  }
  for (const name of DURATIONS) {
    const value: unknown = options[name];
    // Infinity is a time without end.
    if (value !== undefined && !(typeof value === 'number' && value >= 0)) {
      throw new TypeError(`Expected ${name} to be a number of ms from 0, got ${describe(value)}`);
    }
  }
  for (const name of [
    'publishFrameViews',
    'prefetchMetadata',
    'allowSingleSlice',
    'trace',
  ] as const) {
    const value = options[name];
    if (value !== undefined && typeof value !== 'boolean') {
      throw new TypeError(`Expected ${name} to be a boolean, got ${typeof value}`);
    }
  }
}

function checkDecimation(factors: unknown): void {
  if (factors === undefined) {
    return;
  }
  const isRight =
    Array.isArray(factors) &&
    factors.length >= 1 &&
    factors.length <= 3 &&
    factors.every(
      (factor: unknown) =>
        factor === undefined || (Number.isFinite(factor) && (factor as number) >= 1),
    );
  if (!isRight) {
    throw new TypeError(
      `Expected ijkDecimation to be one to three numbers from 1, got ${JSON.stringify(factors)}`,
    );
  }
}

function checkBounds(bounds: unknown): void {
  if (bounds === undefined) {
    return;
  }
  const { index, world } = (Array.isArray(bounds) ? { index: bounds } : (bounds ?? {})) as {
    readonly index?: unknown;
    readonly world?: unknown;
  };
  const isIndex = (value: unknown): boolean => Number.isInteger(value) && (value as number) >= 0;
  const isPlace = (value: unknown): boolean => typeof value === 'number' && !Number.isNaN(value);
  const isOne = (index === undefined) !== (world === undefined);
  if (!isOne || !(world === undefined ? isBox(index, isIndex) : isBox(world, isPlace))) {
    throw new TypeError(
      'Expected bounds to be { index: [[iMin, iMax], [jMin, jMax], [kMin, kMax]] } with whole numbers from 0, or ' +
        '{ world: [[xMin, xMax], [yMin, yMax], [zMin, zMax]] } in mm, each minimum not above its maximum, got ' +
        JSON.stringify(bounds),
    );
  }
}

function isBox(box: unknown, isEnd: (value: unknown) => boolean): boolean {
  return (
    Array.isArray(box) &&
    box.length === 3 &&
    box.every(
      (interval: unknown) =>
        Array.isArray(interval) &&
        interval.length === 2 &&
        interval.every(isEnd) &&
        (interval[0] as number) <= (interval[1] as number),
    )
  );
}

/** A value for a message: a text in quotes, so that it is told from a number. */
function describe(value: unknown): string {
  return typeof value === 'string' ? `"${value}"` : String(value);
}

/** Connections that browsers open to one host for HTTP/1.1. */
const HTTP1_CONNECTIONS = 6;
/** Streams over one connection: enough to fill a link with a latency of some frames. */
const HTTP2_STREAMS = 16;

/**
 * How many frames to request at once: as many as the connection carries, plus the ones being decoded. Of compressed
 * frames over HTTP/1.1 twice as many as there are connections: a frame counts until it is decoded, and the browser sends a
 * request that it has as soon as a connection is free, without a way through the page.
 *
 * @param protocol - ALPN name of the connection ('h2', 'http/1.1'), or undefined where not known
 * @param isCompressed - whether the headers say so
 * @param cores - `navigator.hardwareConcurrency`, which not every browser has
 */
export function defaultMaxInFlight(
  protocol: string | undefined,
  isCompressed: boolean,
  cores = 1,
): number {
  const isMultiplexed = protocol === 'h2' || protocol === 'h3';
  const decoding = Math.max(1, Math.floor(cores / 2));
  const requests = isCompressed ? 2 * HTTP1_CONNECTIONS : HTTP1_CONNECTIONS;
  return (isMultiplexed ? HTTP2_STREAMS : requests) + decoding;
}

/**
 * The protocol of the last response from the host of an imageId, by the browser's resource timing; undefined
 * before the first response, and for hosts that do not allow the page to see it (Timing-Allow-Origin).
 */
export function knownProtocol(imageId: string): string | undefined {
  const address = imageId.slice(imageId.indexOf(':') + 1);
  const base = pageAddress();
  if (!URL.canParse(address, base)) {
    return undefined;
  }
  const { origin } = new URL(address, base);
  const entries = performance.getEntriesByType('resource') as PerformanceResourceTiming[];
  const entry = entries.findLast(
    ({ name, nextHopProtocol }) => nextHopProtocol !== '' && name.startsWith(`${origin}/`),
  );
  return entry?.nextHopProtocol;
}
