import { wadouri } from '@cornerstonejs/dicom-image-loader';
import type { DataSet } from 'dicom-parser';
import { StreamingVolumeError } from '../errors.js';
import { findPart10File, releaseFrames } from '../metadata/part10/part10Files.js';
import type { Part10File } from '../metadata/part10/part10Files.js';
import { isMisreadByImageLoader, parsePart10ImageId } from '../metadata/part10/part10ImageId.js';
import type { Part10ImageId } from '../metadata/part10/part10ImageId.js';
import { prefetchMetadata } from '../metadata/part10/prefetchMetadata.js';
import { cutNativeFrame } from './cutNativeFrame.js';
import { decodeFrame } from './decodeFrame.js';
import type { DecodedFrame, FrameOptions } from './DecodedFrame.js';
import { describeFrame } from './describeFrame.js';
import { findHeldFrame } from './heldFrame.js';
import { openPart10File } from './part10DataSets.js';
import { EXPLICIT_BIG_ENDIAN, IMPLICIT_VR_LITTLE_ENDIAN } from './transferSyntax.js';
import { asImageLoadObject, onMainThread, skipDicomImages } from './withSkipCreateImage.js';
import type { ImageLoader, ImageLoadObject } from './withSkipCreateImage.js';

/** Why the main thread fetches. */
const REASON = 'DICOM files are fetched whole, on the main thread';

/**
 * Gives the `wadouri:`, `dicomweb:` and `dicomfile:` loaders of dicom-image-loader a path for files whose
 * headers were prefetched: each file is downloaded once for all of its frames, or not at all where its
 * bytes came with the header; a frame is decoded in the worker straight into the volume; and nothing of
 * the file is kept behind the last frame. Other files go through the wrapped loader, unless it would read
 * another address out of the imageId.
 */
export function createPart10Loader(imageLoader: ImageLoader): ImageLoader {
  const throughImage = skipDicomImages(imageLoader);
  const loader: ImageLoader = (imageId, options?: FrameOptions) => {
    const file = findPart10File(imageId);
    const isForVolume = options?.skipCreateImage === true;
    const isMisread = isMisreadByImageLoader(imageId);
    if (!file && isMisread) {
      return afterPrefetch(imageId, options, loader);
    }
    if (!file || (!isForVolume && !file.bytes && !isMisread)) {
      const held = isForVolume ? loadHeld(imageId, options) : undefined;
      const loadObject = held ?? throughImage(imageId, options);
      return isForVolume ? onMainThread(loadObject, REASON) : loadObject;
    }
    const controller = new AbortController();
    const signals = [controller.signal, options?.signal].filter((each) => each !== undefined);
    const signal = AbortSignal.any(signals);
    const cancelFn = (): void => {
      controller.abort();
    };
    if (!isForVolume || describeFrame(imageId).isColor) {
      const load = skipDicomImages(imageFromFile(file, signal));
      const loadObject = { ...load(imageId, options), cancelFn };
      return isForVolume ? onMainThread(loadObject, REASON) : loadObject;
    }
    const promise = loadFrame(imageId, file, options, signal);
    return onMainThread(asImageLoadObject({ promise, cancelFn }), REASON);
  };
  return loader;
}

/** Loads a frame whose header is fetched first: only then can it be loaded without the wrapped loader. */
function afterPrefetch(
  imageId: string,
  options: FrameOptions | undefined,
  loader: ImageLoader,
): ImageLoadObject {
  const controller = new AbortController();
  const signals = [controller.signal, options?.signal].filter((each) => each !== undefined);
  let cancelFn = (): void => {
    controller.abort();
  };
  const load = async (): ReturnType<ImageLoader>['promise'] => {
    await prefetchMetadata([imageId], { signal: AbortSignal.any(signals) });
    const loadObject = loader(imageId, options);
    cancelFn = loadObject.cancelFn ?? cancelFn;
    return loadObject.promise;
  };
  return {
    promise: load(),
    cancelFn: () => {
      cancelFn();
    },
  };
}

/** A frame in grey whose file Cornerstone has read already; undefined where it has not, or has no bytes of it. */
function loadHeld(imageId: string, options: FrameOptions): ImageLoadObject | undefined {
  const { isColor, isKnown, layout } = describeFrame(imageId);
  const held = isKnown && !isColor ? findHeldFrame(imageId, frameIndexOf(imageId)) : undefined;
  return (
    held &&
    asImageLoadObject({
      promise: decodeFrame(imageId, held.bytes, held.transferSyntax, layout, options),
    })
  );
}

async function loadFrame(
  imageId: string,
  file: Part10File,
  options: FrameOptions,
  signal: AbortSignal,
): Promise<DecodedFrame> {
  const dataSet = await openPart10File(imageId, file, signal);
  signal.throwIfAborted();
  const frame = await decodeFromFile(dataSet, imageId, options);
  releaseFrames([imageId]);
  return frame;
}

async function decodeFromFile(
  dataSet: DataSet,
  imageId: string,
  options: FrameOptions,
): Promise<DecodedFrame> {
  const transferSyntax = dataSet.string('x00020010') ?? '';
  const tag = PIXEL_DATA_TAGS.find((each) => dataSet.elements[each]) ?? PIXEL_DATA;
  const element = dataSet.elements[tag];
  // The file knows which pixel data it has, where the headers only let it be guessed.
  const layout = { ...describeFrame(imageId).layout, isFloat: tag !== PIXEL_DATA };
  if (!element || element.encapsulatedPixelData) {
    return decodeFrame(imageId, cutOut(dataSet, imageId), transferSyntax, layout, options);
  }
  const { dataOffset, length, vr } = element;
  const bytes = dataSet.byteArray.subarray(dataOffset, dataOffset + length) as Uint8Array;
  const isBigEndian = transferSyntax === EXPLICIT_BIG_ENDIAN;
  const frameIndex = frameIndexOf(imageId);
  const native = cutNativeFrame({ bytes, vr, isBigEndian }, frameIndex, layout, imageId);
  // Whatever the file's syntax is, this is little endian now.
  return decodeFrame(imageId, native, IMPLICIT_VR_LITTLE_ENDIAN, layout, options);
}

const PIXEL_DATA = 'x7fe00010';
const PIXEL_DATA_TAGS = [PIXEL_DATA, 'x7fe00008', 'x7fe00009'];

function cutOut(dataSet: DataSet, imageId: string): Uint8Array {
  let bytes: Uint8Array | null;
  let cause: unknown;
  try {
    bytes = wadouri.getPixelData(dataSet, frameIndexOf(imageId)) as Uint8Array | null;
  } catch (error) {
    bytes = null;
    cause = error;
  }
  if (!bytes) {
    const why = cause instanceof Error ? `: ${cause.message}` : '';
    throw new StreamingVolumeError(
      'frame-body',
      `A file has no pixels for its frame${why} (${imageId})`,
      {
        imageIds: [imageId],
        cause,
      },
    );
  }
  return bytes;
}

/** A loader that makes Images, as dicom-image-loader does, of a file that is downloaded once. */
function imageFromFile(file: Part10File, signal: AbortSignal): ImageLoader {
  return (imageId, options) => {
    const dataSet = openPart10File(imageId, file, signal);
    const loadObject = wadouri.loadImageFromPromise(
      dataSet,
      imageId,
      frameIndexOf(imageId),
      file.headerImageId,
      options as never,
    );
    const promise = loadObject.promise.then((image) => {
      releaseFrames([imageId]);
      return image;
    });
    return { ...loadObject, promise };
  };
}

/** From 0. */
function frameIndexOf(imageId: string): number {
  return (parsePart10ImageId(imageId) as Part10ImageId).frameNumber - 1;
}
