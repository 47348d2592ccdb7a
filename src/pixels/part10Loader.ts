import { wadouri } from '@cornerstonejs/dicom-image-loader';
import { findPart10File, releaseFrames } from '../metadata/part10/part10Files.js';
import type { Part10File } from '../metadata/part10/part10Files.js';
import { parsePart10ImageId } from '../metadata/part10/part10ImageId.js';
import { checkNativeFrame } from './checkNativeFrame.js';
import { decodeFrame } from './decodeFrame.js';
import type { DecodedFrame, FrameOptions } from './DecodedFrame.js';
import { describeFrame } from './describeFrame.js';
import { openPart10File } from './part10DataSets.js';
import { cutPart10Frame, mendOffsetTable } from './part10Frame.js';
import { asImageLoadObject, onMainThread, withSkipCreateImage } from './withSkipCreateImage.js';
import type { ImageLoader } from './withSkipCreateImage.js';

/** Why the main thread fetches. */
const REASON = 'DICOM files are fetched whole, on the main thread';

/**
 * Gives the `wadouri:`, `dicomweb:` and `dicomfile:` loaders of dicom-image-loader a path for files whose
 * headers were prefetched: each file is downloaded once for all of its frames, or not at all where its
 * bytes came with the header; a frame is decoded in the worker straight into the volume; and nothing of
 * the file is kept behind the last frame. Other files go through the wrapped loader.
 */
export function createPart10Loader(imageLoader: ImageLoader): ImageLoader {
  const throughImage = withSkipCreateImage(imageLoader);
  return (imageId, options?: FrameOptions) => {
    const file = findPart10File(imageId);
    const isForVolume = options?.skipCreateImage === true;
    if (!file || (!isForVolume && !file.bytes)) {
      const loadObject = throughImage(imageId, options);
      return isForVolume ? onMainThread(loadObject, REASON) : loadObject;
    }
    const controller = new AbortController();
    const signals = [controller.signal, options?.signal].filter((each) => each !== undefined);
    const signal = AbortSignal.any(signals);
    const cancelFn = (): void => {
      controller.abort();
    };
    if (!isForVolume || describeFrame(imageId).isColor) {
      const load = withSkipCreateImage(imageFromFile(file, signal));
      const loadObject = { ...load(imageId, options), cancelFn };
      return isForVolume ? onMainThread(loadObject, REASON) : loadObject;
    }
    const promise = loadFrame(imageId, file, options, signal);
    return onMainThread(asImageLoadObject({ promise, cancelFn }), REASON);
  };
}

async function loadFrame(
  imageId: string,
  file: Part10File,
  options: FrameOptions,
  signal: AbortSignal,
): Promise<DecodedFrame> {
  const dataSet = await openPart10File(imageId, file, signal);
  const description = describeFrame(imageId);
  const frameIndex = frameIndexOf(imageId);
  const { bytes, transferSyntax } = cutPart10Frame(dataSet, frameIndex, description, imageId);
  checkNativeFrame(bytes, transferSyntax, description.nativeLength, imageId);
  signal.throwIfAborted();
  const frame = await decodeFrame(imageId, bytes, transferSyntax, options);
  releaseFrames([imageId]);
  return frame;
}

/** A loader that makes Images, as dicom-image-loader does, of a file that is downloaded once. */
function imageFromFile(file: Part10File, signal: AbortSignal): ImageLoader {
  return (imageId, options) => {
    const dataSet = openPart10File(imageId, file, signal).then(mendOffsetTable);
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
  return (parsePart10ImageId(imageId)?.frameNumber ?? 1) - 1;
}
