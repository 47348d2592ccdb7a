import type { Types } from '@cornerstonejs/core';
import { isStreamingVolumeError } from '../errors.js';
import type { CopyTarget } from '../frames/copyRescaled.js';
import { writePixels } from '../frames/writePixels.js';
import { IDENTITY_RESCALE } from '../linearRescale.js';
import type { LinearRescale, ValueRange } from '../types.js';
import { VOXEL_ARRAY_TYPES } from '../voxelArrayTypes.js';
import { createDecodedFrame } from './DecodedFrame.js';
import type { DecodedFrame, FrameOptions, TargetBuffer } from './DecodedFrame.js';
import { imagePixels } from './imagePixels.js';
import { rescaleOf } from './rescaleOf.js';

/** An image loader as `imageLoader.registerImageLoader` takes it. */
export type ImageLoader = Types.ImageLoaderFn;

/** What an image loader returns. */
export type ImageLoadObject = ReturnType<ImageLoader>;

/**
 * Makes any image loader honour `{ skipCreateImage: true }`.
 *
 * With the option, the loader's promise resolves with a {@link DecodedFrame} instead of an Image. When
 * `preScale` is enabled and `targetBuffer` has memory, the rescaled pixels stand there; otherwise the
 * frame carries stored values. Without the option the loader is called as it is.
 *
 * The loader is asked for stored values in both cases: rescaling them here is one pass, in which a
 * value that does not fit the target's type is found instead of wrapped.
 *
 * The promise rejects with a `StreamingVolumeError` of code `frame-size` or `value-out-of-range` when
 * the pixels cannot be written; the target is then unchanged. Where `targetBuffer.acceptsWider` is set, those
 * that are out of range come as the loader gave them instead.
 *
 * @example
 * ```ts
 * import { imageLoader, type Types } from '@cornerstonejs/core';
 * import { withSkipCreateImage } from 'streaming-image-volume-loader';
 *
 * export function registerCustomLoader(loadCustomImage: Types.ImageLoaderFn) {
 *   imageLoader.registerImageLoader('custom', withSkipCreateImage(loadCustomImage));
 * }
 * ```
 */
export function withSkipCreateImage(imageLoader: ImageLoader): ImageLoader {
  return (imageId, options?: FrameOptions) => {
    if (options?.skipCreateImage !== true) {
      return imageLoader(imageId, options);
    }
    const { skipCreateImage: _, targetBuffer, preScale, ...rest } = options;
    const innerOptions = { ...rest, preScale: { enabled: false } };
    const loadObject = imageLoader(imageId, innerOptions);
    const rescale = rescaleOf(preScale);
    const promise = loadObject.promise.then((image) => {
      keepStreamingData(options, innerOptions);
      return toDecodedFrame(image, targetBuffer, rescale, imageId);
    });
    return asImageLoadObject({ ...loadObject, promise });
  };
}

/** Cornerstone's types know only Images; what comes with `skipCreateImage` is none. */
export function asImageLoadObject(
  loadObject: Omit<ImageLoadObject, 'promise'> & { promise: Promise<DecodedFrame> },
): ImageLoadObject {
  return loadObject as unknown as ImageLoadObject;
}

/** Says of a frame that the main thread has fetched it, and why. */
export function onMainThread(loadObject: ImageLoadObject, reason: string): ImageLoadObject {
  const decoded = loadObject.promise as unknown as Promise<DecodedFrame>;
  const promise = decoded.then((frame): DecodedFrame => {
    return { ...frame, transport: { thread: 'main thread', reason } };
  });
  return asImageLoadObject({ ...loadObject, promise });
}

function toDecodedFrame(
  image: Types.IImage,
  targetBuffer: TargetBuffer | undefined,
  rescale: LinearRescale | undefined,
  imageId: string,
): DecodedFrame {
  const { pixels, scaled } = imagePixels(image, targetBuffer);
  const { imageQualityStatus } = image;
  const asTheyAre = createDecodedFrame({
    imageId,
    pixelData: pixels,
    inPlace: false,
    scaled,
    range: undefined,
    imageQualityStatus,
  });
  const target = targetBuffer && targetView(targetBuffer);
  if (!target || !rescale) {
    return asTheyAre;
  }
  let range: ValueRange | undefined;
  try {
    range = writePixels(pixels, scaled ? IDENTITY_RESCALE : rescale, target, imageId);
  } catch (error) {
    if (targetBuffer.acceptsWider === true && isStreamingVolumeError(error, 'value-out-of-range')) {
      return asTheyAre;
    }
    throw error;
  }
  return createDecodedFrame({
    imageId,
    pixelData: target.values,
    inPlace: true,
    scaled: true,
    range,
    imageQualityStatus,
  });
}

/** dicom-image-loader keeps what it has received of a frame in its options, for the next request. */
function keepStreamingData(to: FrameOptions, from: Readonly<Record<string, unknown>>): void {
  if (to['streamingData'] && from['streamingData']) {
    Object.assign(to['streamingData'], from['streamingData']);
  }
}

function targetView({ type, arrayBuffer, offset, length }: TargetBuffer): CopyTarget | undefined {
  if (!arrayBuffer) {
    return undefined;
  }
  return {
    dataType: type,
    values: new VOXEL_ARRAY_TYPES[type](arrayBuffer, offset, length),
  };
}
