import type { FrameTimes } from '../base/frameTrace.js';
import type { PixelPick } from '../base/voxels/pickPixels.js';
import type {
  FrameDecoder,
  LinearRescale,
  PixelArray,
  ValueRange,
  VolumeArray,
  VolumeDataType,
  VolumeTransport,
} from '../base/types.js';

/** The place that a frame is written to: a slot of a volume, in Cornerstone's terms. */
export interface TargetBuffer {
  readonly type: VolumeDataType;
  /**
   * The volume's memory. Only a SharedArrayBuffer may be given: a plain ArrayBuffer would be copied
   * whole to the decode worker for each frame.
   */
  readonly arrayBuffer?: ArrayBufferLike | undefined;
  /** Bytes from the start of `arrayBuffer`. */
  readonly offset: number;
  /** Number of values, not of bytes. */
  readonly length: number;
  /** Of the frame, also where fewer of them are written. */
  readonly rows: number;
  readonly columns: number;
  /**
   * Whether pixels that `type` does not hold are accepted: they come stored, or rescaled in another type, and not
   * in place. Otherwise they are an error.
   */
  readonly acceptsWider?: boolean | undefined;
  /** The pixels of the frame that are written; only in `FrameOptions.reducedTarget`. */
  readonly pick?: PixelPick | undefined;
}

/** Cornerstone's `preScale` option: whether the loader rescales, and with what. */
export interface PreScaleOption {
  readonly enabled: boolean;
  readonly scalingParameters?:
    { readonly rescaleSlope: number; readonly rescaleIntercept: number } | undefined;
}

/** Options that a loader gets with `skipCreateImage: true`. Others are passed through. */
export interface FrameOptions {
  readonly skipCreateImage?: boolean | undefined;
  readonly targetBuffer?: TargetBuffer | undefined;
  /**
   * The place for a part of the frame, instead of `targetBuffer`: loaders that do not know of it make the whole
   * frame in memory of their own, from which the volume takes the part.
   */
  readonly reducedTarget?: TargetBuffer | undefined;
  readonly preScale?: PreScaleOption | undefined;
  /** Not enumerable, so that it is never sent to a worker with the rest. */
  readonly signal?: AbortSignal | undefined;
  /**
   * The slot of `targetBuffer` where it has no `arrayBuffer`, for writes on the main thread. Not enumerable, for
   * the same reason.
   */
  readonly slot?: VolumeArray | undefined;
  /**
   * Takes pixels of lower quality while the frame arrives, each time better ones, and none after the loader's promise has
   * settled. They are in no target. Not enumerable, for the same reason.
   */
  readonly onPartial?: ((frame: DecodedFrame) => void) | undefined;
  /** Whether a viewport shows the slice of the frame. */
  readonly isOnScreen?: boolean | undefined;
  /** Whether the frame is to say when it was requested, received and decoded: `DecodedFrame.times`. */
  readonly trace?: boolean | undefined;
  readonly retrieveOptions?: Readonly<Record<string, unknown>> | undefined;
  readonly [option: string]: unknown;
}

const BRAND = 'streaming-image-volume-loader/decoded-frame';

/** What pixels of a frame lack. Those that lack fewer levels are better, and of these those that lack fewer layers. */
export interface MissingDetail {
  /** Resolutions: each has twice the columns and rows of the one before. */
  readonly missingLevels: number;
  /** Quality layers (ITU-T T.800 B.8). */
  readonly missingLayers: number;
}

/** Whether pixels of a frame lack less than others. */
export function isBetter(a: MissingDetail, b: MissingDetail): boolean {
  return (
    a.missingLevels < b.missingLevels ||
    (a.missingLevels === b.missingLevels && a.missingLayers < b.missingLayers)
  );
}

/** The result of a loader for `skipCreateImage: true`: pixels without an Image. */
export interface DecodedFrame {
  readonly brand: typeof BRAND;
  readonly imageId: string;
  /** `rows * columns * components` values, or as many as `pick` keeps; in the target when `inPlace`. */
  readonly pixelData: PixelArray;
  /** Whether the pixels are in `targetBuffer` or `reducedTarget` already. */
  readonly inPlace: boolean;
  /** The pixels of the frame that `pixelData` has; undefined for the whole frame. */
  readonly pick?: PixelPick | undefined;
  /** Whether `preScale` was applied. */
  readonly scaled: boolean;
  /** Smallest and largest value of `pixelData`, where the decoder computed them. */
  readonly range: ValueRange | undefined;
  /** Cornerstone's ImageQualityStatus; undefined for full quality. */
  readonly imageQualityStatus?: number | undefined;
  /** What the pixels lack, where they were made of the beginning of a frame; they are in no target then. */
  readonly missing?: MissingDetail | undefined;
  /** How the frame was fetched; undefined where the loader does not say. */
  readonly transport?: VolumeTransport | undefined;
  /** What has decoded it; undefined where it was not compressed, or the loader does not say. */
  readonly decoder?: FrameDecoder | undefined;
  /** When it was fetched and decoded; only with `FrameOptions.trace`. */
  readonly times?: FrameTimes | undefined;
  /**
   * Workaround: core's `loadImage` (`loaders/imageLoader.js`; 5.6.8 to 5.14) makes a voxel manager for results that
   * have none, and calls methods of an Image for that. This one is never read. Remove when core leaves results that
   * are no Images alone.
   */
  readonly voxelManager: Readonly<Record<string, never>>;
}

const NO_VOXEL_MANAGER = Object.freeze({});

/** Makes a {@link DecodedFrame}. */
export function createDecodedFrame(
  frame: Omit<DecodedFrame, 'brand' | 'voxelManager'>,
): DecodedFrame {
  return { brand: BRAND, voxelManager: NO_VOXEL_MANAGER, ...frame };
}

/** Distinguishes a {@link DecodedFrame} from an Image, also across two copies of the bundle. */
export function isDecodedFrame(value: unknown): value is DecodedFrame {
  return (
    typeof value === 'object' && value !== null && (value as { brand?: unknown }).brand === BRAND
  );
}

/** The time now, in ms since 1970, by a clock that is the same in the page and in its workers. */
export function epochNow(): number {
  return performance.timeOrigin + performance.now();
}

/** The times of a frame whose pixels are ready now. */
export function timesNow(requestedAt: number, receivedAt: number): FrameTimes {
  return { requestedAt, receivedAt, decodedAt: epochNow() };
}

/** The place that a frame is wanted in, whole or in part. */
export function targetOf({ targetBuffer, reducedTarget }: FrameOptions): TargetBuffer | undefined {
  return reducedTarget ?? targetBuffer;
}

/** The rescale that a loader has to apply; undefined when stored values are wanted. */
export function rescaleOf(preScale: PreScaleOption | undefined): LinearRescale | undefined {
  const scaling = preScale?.enabled ? preScale.scalingParameters : undefined;
  return scaling && { slope: scaling.rescaleSlope, intercept: scaling.rescaleIntercept };
}
