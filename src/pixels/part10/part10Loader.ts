import { wadouri } from '@cornerstonejs/dicom-image-loader';
import type { DataSet } from 'dicom-parser';
import { isStreamingVolumeError, StreamingVolumeError } from '../../base/errors.js';
import { SharedRequests } from '../../base/SharedRequests.js';
import {
  createPart10File,
  findPart10File,
  isInUse,
  isMisreadByImageLoader,
  localFile,
  parsePart10ImageId,
  releaseFrames,
} from '../../headers/part10/part10Files.js';
import type { Part10File, Part10ImageId } from '../../headers/part10/part10Files.js';
import { prefetchMetadata } from '../../headers/part10/prefetchMetadata.js';
import { part10Reader } from '../../headers/part10/part10Reader.js';
import { lookUpVr } from '../../headers/part10/toDicomJson.js';
import { epochNow, timesNow } from '../DecodedFrame.js';
import type { DecodedFrame, FrameOptions } from '../DecodedFrame.js';
import { describeFrame, findHeldFrame, headersMissing } from '../describeFrame.js';
import type { FrameDescription, HeldFrame } from '../describeFrame.js';
import {
  asImageLoadObject,
  onMainThread,
  rejected,
  skipDicomImages,
} from '../image/withSkipCreateImage.js';
import type { ImageLoader, ImageLoadObject } from '../image/withSkipCreateImage.js';
import { fetchFile } from '../wadors/fetchFrame.js';
import { completeLayout } from '../wadors/fetchPalette.js';
import { decodeInWorker } from '../worker/decodeInWorker.js';
import type { FrameWorkerPool } from '../worker/FrameWorkerPool.js';
import { cutPart10Frame, mendOffsetTable } from './part10Frame.js';

/** Why the main thread fetches files. */
const REASON = 'DICOM files are fetched whole, on the main thread';

/**
 * Gives the `wadouri:`, `dicomweb:` and `dicomfile:` loaders of dicom-image-loader a path for files whose
 * headers were prefetched: each file is downloaded once for all of its frames, or not at all where its
 * bytes came with the header; a frame is decoded in a frame worker straight into the volume; and the content of
 * the file is dropped after its last frame (`FileHold`). Other files go through the wrapped loader, unless it
 * would read another address from the imageId.
 */
export function createPart10Loader(
  imageLoader: ImageLoader,
  workers: FrameWorkerPool,
): ImageLoader {
  const throughImage = skipDicomImages(imageLoader);
  const loader: ImageLoader = (imageId, options?: FrameOptions) => {
    const file = findPart10File(imageId);
    const isForVolume = options?.skipCreateImage === true;
    const isMisread = isMisreadByImageLoader(imageId);
    if (!file && isMisread) {
      return afterPrefetch(imageId, options, loader);
    }
    if (!file || (!isForVolume && !file.bytes && !isMisread)) {
      const held = isForVolume
        ? (loadHeld(imageId, options, workers) ?? loadColors(imageId, options, workers))
        : undefined;
      const loadObject = held ?? throughImage(imageId, options);
      return isForVolume ? onMainThread(loadObject, REASON) : loadObject;
    }
    if (isForVolume && !describeFrame(imageId).isKnown) {
      return rejected(headersMissing(imageId));
    }
    const controller = new AbortController();
    const signals = [controller.signal, options?.signal].filter((each) => each !== undefined);
    const signal = AbortSignal.any(signals);
    const cancelFn = (): void => {
      controller.abort();
    };
    if (!isForVolume) {
      return { ...imageFromFile(file, signal)(imageId, options), cancelFn };
    }
    const promise = loadFrame(imageId, file, { options, workers, signal });
    return onMainThread(asImageLoadObject({ promise, cancelFn }), REASON);
  };
  return loader;
}

/** For which target a frame is loaded. */
interface FrameLoad {
  readonly options: FrameOptions;
  readonly workers: FrameWorkerPool;
  readonly signal: AbortSignal;
}

/** Fetches the header of a frame, so that it can be loaded without the wrapped loader, and loads it. */
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

/** Loads a frame whose bytes are in Cornerstone's metadata; undefined where they are not. */
function loadHeld(
  imageId: string,
  options: FrameOptions,
  workers: FrameWorkerPool,
): ImageLoadObject | undefined {
  const description = describeFrame(imageId);
  const held = description.isKnown ? findHeldFrame(imageId, frameNumberOf(imageId)) : undefined;
  return (
    held &&
    asImageLoadObject({
      promise: decodeHeld(imageId, held, description, {
        options,
        workers,
        signal: signalOf(options),
      }),
    })
  );
}

/**
 * Loads a frame in colour of a file whose header dicom-image-loader or the application has; undefined for grey
 * values. The file is downloaded for the frame, unless dicom-image-loader has it.
 */
function loadColors(
  imageId: string,
  options: FrameOptions,
  workers: FrameWorkerPool,
): ImageLoadObject | undefined {
  const parsed = parsePart10ImageId(imageId);
  const { isKnown, isColor } = describeFrame(imageId);
  if (!parsed || !isKnown || !isColor) {
    return undefined;
  }
  const controller = new AbortController();
  const signals = [controller.signal, options.signal].filter((each) => each !== undefined);
  const file = createPart10File(parsed.key, {}, localFile(parsed));
  file.dataSet = wadouri.dataSetCacheManager.get(parsed.url);
  return asImageLoadObject({
    promise: loadFrame(imageId, file, { options, workers, signal: AbortSignal.any(signals) }),
    cancelFn: () => {
      controller.abort();
    },
  });
}

async function decodeHeld(
  imageId: string,
  { bytes, transferSyntax }: HeldFrame,
  description: FrameDescription,
  { options, workers, signal }: FrameLoad,
): Promise<DecodedFrame> {
  const begunAt = options.trace === true ? epochNow() : undefined;
  const layout = await completeLayout(imageId, description, signal);
  const held = { imageId, bytes, transferSyntax, layout };
  const frame = await decodeInWorker(workers, held, options, signal);
  return begunAt === undefined ? frame : { ...frame, times: timesNow(begunAt, begunAt) };
}

async function loadFrame(
  imageId: string,
  file: Part10File,
  { options, workers, signal }: FrameLoad,
): Promise<DecodedFrame> {
  const requestedAt = options.trace === true ? epochNow() : undefined;
  const dataSet = await openPart10File(imageId, file, signal);
  const receivedAt = options.trace === true ? epochNow() : undefined;
  signal.throwIfAborted();
  const described = await completeLayout(imageId, describeFrame(imageId), signal);
  const cut = cutPart10Frame(dataSet, frameNumberOf(imageId), described, imageId);
  const frame = await decodeInWorker(workers, { imageId, ...cut }, options, signal);
  releaseFrames([imageId]);
  return requestedAt === undefined || receivedAt === undefined
    ? frame
    : { ...frame, times: timesNow(requestedAt, receivedAt) };
}

function signalOf({ signal }: FrameOptions): AbortSignal {
  return signal ?? new AbortController().signal;
}

/** A loader that makes Images, as dicom-image-loader does, of a file that is downloaded once. */
function imageFromFile(file: Part10File, signal: AbortSignal): ImageLoader {
  return (imageId, options) => {
    const dataSet = openPart10File(imageId, file, signal).then(mendOffsetTable);
    const loadObject = wadouri.loadImageFromPromise(
      dataSet,
      imageId,
      frameNumberOf(imageId) - 1,
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

/** From 1. */
function frameNumberOf(imageId: string): number {
  return (parsePart10ImageId(imageId) as Part10ImageId).frameNumber;
}

const downloads = new SharedRequests<DataSet>();

/**
 * Reads and parses the whole file of a frame. It is downloaded once while a volume holds it, or prefetched
 * frames are awaited.
 *
 * @throws StreamingVolumeError with code `frame-fetch` or `frame-body`, or `signal.reason`
 */
async function openPart10File(
  imageId: string,
  file: Part10File,
  signal: AbortSignal | undefined,
): Promise<DataSet> {
  signal?.throwIfAborted();
  if (file.dataSet) {
    return file.dataSet;
  }
  const open = async (taskSignal: AbortSignal): Promise<DataSet> => {
    const bytes = file.bytes ?? (await readFile(imageId, file, taskSignal));
    const dataSet = await parse(bytes, imageId);
    if (isInUse(file)) {
      file.dataSet = dataSet;
      // The data set has the bytes now.
      file.bytes = undefined;
    }
    return dataSet;
  };
  return downloads.get(file.headerImageId, open, signal);
}

async function readFile(
  imageId: string,
  { local }: Part10File,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  if (!local) {
    return fetchFile((parsePart10ImageId(imageId) as Part10ImageId).url, imageId, signal);
  }
  const blob = local.deref();
  if (!blob) {
    throw new StreamingVolumeError(
      'frame-fetch',
      `The application has removed the file of a frame: add it anew (${imageId})`,
      { imageIds: [imageId] },
    );
  }
  return new Uint8Array(await blob.arrayBuffer());
}

async function parse(bytes: Uint8Array<ArrayBuffer>, imageId: string): Promise<DataSet> {
  const { readPart10File } = part10Reader.part ?? (await part10Reader.fetch());
  try {
    return await readPart10File(bytes, lookUpVr);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new StreamingVolumeError(
      isStreamingVolumeError(cause, 'limit-exceeded') ? cause.code : 'frame-body',
      `The file of a frame cannot be parsed: ${why} (${imageId})`,
      { imageIds: [imageId], cause },
    );
  }
}
