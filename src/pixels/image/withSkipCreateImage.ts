import { Enums } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import { StreamingVolumeError, unreadable } from '../../base/errors.js';
import { valuesOfFrame } from '../../base/voxels/pickPixels.js';
import type { CopyTarget } from '../../base/voxels/rescale.js';
import { isAtBottom } from '../../base/voxels/storedBits.js';
import type { StoredBits } from '../../base/voxels/storedBits.js';
import type { LinearRescale } from '../../base/types.js';
import { VOXEL_ARRAY_TYPES } from '../../base/voxels/voxelTypes.js';
import { readModule } from '../../headers/readModule.js';
import { placeOrCarry } from '../decode/placeOrCarry.js';
import { epochNow, rescaleOf, targetOf, timesNow } from '../DecodedFrame.js';
import type { DecodedFrame, FrameOptions, TargetBuffer } from '../DecodedFrame.js';
import { describeFrame } from '../describeFrame.js';
import type { FrameDescription } from '../describeFrame.js';
import { layoutFault, storedBitsOf } from '../pixelLayout.js';
import type { PixelLayout } from '../pixelLayout.js';
import { cellType, imagePixels } from './imagePixels.js';

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
 * The loader is asked for stored values in both cases: they are rescaled here in one pass, which detects a
 * value that does not fit the target's type, where others would wrap it.
 *
 * The promise rejects with a `StreamingVolumeError` of code `frame-size` or `value-out-of-range` when
 * the pixels cannot be written; the target is then unchanged. Where `targetBuffer.acceptsWider` is set, pixels
 * that are out of range come as the loader gave them instead of an error.
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
  return skipCreateImage(imageLoader, () => undefined);
}

/**
 * Does the same for a loader of dicom-image-loader.
 *
 * Workaround: dicom-image-loader (`imageLoader/createImage.js`, `decodeImageFrameWorker.js`; 5.6.8 to 5.14) ignores
 * High Bit and Bits Stored, chooses the type of pixels by their smallest and largest value alone, and takes padding
 * for pixels. So it is asked for pixel cells as they are, and their values are read here. Remove when it masks bits
 * that are not stored, keeps fractions and cuts padding off.
 *
 * The promise also rejects with code `frame-decode`, for pixels that are not read.
 */
export function skipDicomImages(imageLoader: ImageLoader): ImageLoader {
  return skipCreateImage(imageLoader, describeFrame);
}

/** @param describe - reads how frames are stored, where Images may hold pixel cells and padding */
function skipCreateImage(
  imageLoader: ImageLoader,
  describe: (imageId: string) => FrameDescription | undefined,
): ImageLoader {
  return (imageId, options?: FrameOptions) => {
    if (options?.skipCreateImage !== true) {
      return imageLoader(imageId, options);
    }
    const { skipCreateImage: _, targetBuffer: __, reducedTarget: ___, ...others } = options;
    const { preScale, trace, ...rest } = others;
    const target = targetOf(options);
    const description = describe(imageId);
    const layout = description?.isKnown && !description.isColor ? description.layout : undefined;
    const fault = layout && cellFault(layout);
    if (fault !== undefined) {
      return rejected(unreadable(fault, imageId));
    }
    const unread = description && unreadModule(imageId);
    if (unread) {
      return rejected(unread);
    }
    const innerOptions = {
      ...rest,
      preScale: { enabled: false },
      ...(layout ? { targetBuffer: { type: cellType(layout) } } : {}),
    };
    const requestedAt = trace === true ? epochNow() : undefined;
    const loadObject = imageLoader(imageId, innerOptions);
    const rescale = rescaleOf(preScale);
    const promise = loadObject.promise.then((image) => {
      const receivedAt = trace === true ? epochNow() : undefined;
      keepStreamingData(options, innerOptions);
      const bits = layout && storedBitsOf(layout);
      const source = { image, bits, mayBePadded: description !== undefined };
      const frame = toDecodedFrame(source, target, rescale, imageId);
      return requestedAt === undefined || receivedAt === undefined
        ? frame
        : { ...frame, times: timesNow(requestedAt, receivedAt) };
    });
    return asImageLoadObject({ ...loadObject, promise });
  };
}

/** Modules that dicom-image-loader reads when the pixels are decoded. */
const { CALIBRATION, IMAGE_PLANE, MODALITY_LUT, SOP_COMMON, VOI_LUT } = Enums.MetadataModules;
const READ_LATE = [CALIBRATION, IMAGE_PLANE, MODALITY_LUT, SOP_COMMON, VOI_LUT];

/**
 * Workaround: dicom-image-loader (imageLoader/createImage.js; 5.6.8 to 5.14) reads these modules in a callback whose
 * exceptions it loses, so that its promise never settles where a provider throws. Remove when the promise rejects.
 */
function unreadModule(imageId: string): StreamingVolumeError | undefined {
  for (const type of READ_LATE) {
    try {
      readModule(type, imageId);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      return new StreamingVolumeError(
        'frame-decode',
        `A frame cannot be decoded, since a metadata provider failed for its ${type}: ${why} (${imageId})`,
        { imageIds: [imageId], cause },
      );
    }
  }
  return undefined;
}

/** Why dicom-image-loader does not give the pixel cells of a frame; undefined where it does. */
function cellFault(layout: PixelLayout): string | undefined {
  const { bitsAllocated, bitsStored, highBit, isFloat } = layout;
  if (bitsAllocated > 32) {
    return `dicom-image-loader has no pixels of ${bitsAllocated} bits`;
  }
  return isFloat || isAtBottom(layout)
    ? layoutFault(layout)
    : `dicom-image-loader reads ${bitsStored} bits stored as if the highest were not bit ${highBit}`;
}

/** Casts a load object of a {@link DecodedFrame}: Cornerstone's types have only Images. */
export function asImageLoadObject(
  loadObject: Omit<ImageLoadObject, 'promise'> & { promise: Promise<DecodedFrame> },
): ImageLoadObject {
  return loadObject as unknown as ImageLoadObject;
}

/** What a loader gives for a frame that it cannot load. */
export function rejected(error: StreamingVolumeError): ImageLoadObject {
  return asImageLoadObject({ promise: Promise.reject(error) });
}

/** Adds to a frame that the main thread has fetched it, and why. */
export function onMainThread(loadObject: ImageLoadObject, reason: string): ImageLoadObject {
  const decoded = loadObject.promise as unknown as Promise<DecodedFrame>;
  const promise = decoded.then((frame): DecodedFrame => {
    return { ...frame, transport: { thread: 'main thread', reason } };
  });
  return asImageLoadObject({ ...loadObject, promise });
}

/** An Image, and how its pixels are to be read. */
interface ImageSource {
  readonly image: Types.IImage;
  readonly bits: StoredBits | undefined;
  readonly mayBePadded: boolean;
}

function toDecodedFrame(
  { image, bits, mayBePadded }: ImageSource,
  wanted: TargetBuffer | undefined,
  rescale: LinearRescale | undefined,
  imageId: string,
): DecodedFrame {
  const { pixels: all, scaled } = imagePixels(image, wanted);
  const pick = wanted?.pick;
  const length = pick ? valuesOfFrame(pick) : wanted?.length;
  const pixels = mayBePadded ? all.subarray(0, length) : all;
  const { imageQualityStatus } = image;
  const target = wanted && targetView(wanted);
  return placeOrCarry(
    { imageId, pixels, bits, pick, scaled, imageQualityStatus },
    target && rescale && { target, rescale, acceptsWider: wanted.acceptsWider },
  );
}

/** Copies the bytes received so far: dicom-image-loader keeps them in its options, for the next request. */
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
