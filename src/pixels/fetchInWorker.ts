import { eventTarget, triggerEvent } from '@cornerstonejs/core';
import { StreamingVolumeError } from '../errors.js';
import type { VolumeArray } from '../types.js';
import { VOXEL_ARRAY_TYPES } from '../voxelArrayTypes.js';
import type { FrameOptions } from './DecodedFrame.js';
import type { FrameDescription } from './describeFrame.js';
import type { FetchedFrame, FetchedPixels } from './FetchedFrame.js';
import { describeFailure } from '../transport/requestFailure.js';
import { createFetchError } from './fetchError.js';
import { headersFor } from './frameHeaders.js';
import { frameUrl } from './frameUrl.js';
import { rescaleOf } from './rescaleOf.js';
import { usesDefaultTransport } from './usesDefaultTransport.js';
import type {
  FrameFault,
  FrameMemory,
  FrameOutput,
  ReceivedBytes,
  WrittenPixels,
} from './worker/frameMessages.js';
import type { FrameWorkers } from './worker/FrameWorkers.js';
import { workerAddress } from './workerAddress.js';

/** One frame, and who wants it. */
export interface WorkerFetch {
  readonly url: string;
  readonly imageId: string;
  readonly description: FrameDescription;
  readonly options: FrameOptions;
  /** Gives the request up. */
  readonly signal: AbortSignal;
  /** Gives up the target of `options`; others may still want the frame. */
  readonly ownerSignal: AbortSignal;
}

/**
 * Fetches one frame in a frame worker, which writes native pixels into the target of the options. The
 * events of dicom-image-loader's transport are triggered as on the main thread.
 *
 * @returns undefined where the main thread has to fetch the frame: there is no worker, the application
 *   has hooks in the transport, or only the transport takes the address
 * @throws StreamingVolumeError with code `frame-fetch` and the HTTP status, `frame-body`, `frame-size` or
 *   `value-out-of-range`; or `signal.reason`
 */
export async function fetchInWorker(
  workers: FrameWorkers,
  { url, imageId, description, options, signal, ownerSignal }: WorkerFetch,
): Promise<FetchedFrame | undefined> {
  const address = workerAddress(url);
  if (!workers.isOpen || address === undefined || !usesDefaultTransport()) {
    return undefined;
  }
  const { nativeLength, storedSyntax, layout } = description;
  const output = frameOutput(options, workers);
  const tell = (event: string, received?: ReceivedBytes): void => {
    triggerEvent(eventTarget, event, { url, imageId, ...(received && progressOf(received)) });
  };
  tell('cornerstoneimageloadstart');
  const outcome = await workers
    .fetch(
      {
        url: address,
        imageId,
        headers: headersFor(url),
        nativeLength,
        storedSyntax,
        layout,
        isAwaited: options.isAwaited === true,
        output,
      },
      {
        signal,
        ownerSignal,
        onReceived: (received) => {
          tell('cornerstoneimageloadprogress', received);
        },
      },
    )
    .finally(() => {
      tell('cornerstoneimageloadend');
    });
  if (outcome?.type === 'failed') {
    throw toError(outcome.fault, imageId);
  }
  if (outcome?.type !== 'pixels') {
    return outcome;
  }
  const slot = ownerSignal.aborted ? undefined : options.slot;
  return placePixels(outcome, output as FrameOutput, slot, workers);
}

/** @param slot - of the one who asked, where it is not in the memory of the output */
function placePixels(
  { values, range }: WrittenPixels,
  output: FrameOutput,
  slot: VolumeArray | undefined,
  workers: FrameWorkers,
): FetchedPixels {
  const { rescale } = output;
  if (!values) {
    return { values: sharedSlot(output), inPlace: true, rescale, range };
  }
  if (!slot) {
    return { values, inPlace: false, rescale, range };
  }
  slot.set(values);
  workers.giveSpare(values.buffer as ArrayBuffer);
  return { values: slot, inPlace: true, rescale, range };
}

function sharedSlot({ type, length, memory }: FrameOutput): VolumeArray {
  const { buffer, byteOffset } = memory as FrameMemory;
  return new VOXEL_ARRAY_TYPES[type](buffer, byteOffset, length);
}

/** Starts the workers when frames like this one are soon to be fetched there. */
export function startWorkersFor(workers: FrameWorkers, imageId: string): void {
  const isOurs = imageId.startsWith('wadors:');
  if (isOurs && workerAddress(frameUrl(imageId, {})) !== undefined && usesDefaultTransport()) {
    workers.start();
  }
}

/** Undefined when stored values are wanted. */
function frameOutput(
  { targetBuffer, preScale }: FrameOptions,
  workers: FrameWorkers,
): FrameOutput | undefined {
  const rescale = rescaleOf(preScale);
  if (!targetBuffer || !rescale) {
    return undefined;
  }
  const { type, length, offset, arrayBuffer } = targetBuffer;
  const isShared =
    typeof SharedArrayBuffer !== 'undefined' && arrayBuffer instanceof SharedArrayBuffer;
  if (isShared) {
    return { type, length, rescale, memory: { buffer: arrayBuffer, byteOffset: offset } };
  }
  const spare = workers.takeSpare(length * VOXEL_ARRAY_TYPES[type].BYTES_PER_ELEMENT);
  return { type, length, rescale, spare };
}

function progressOf({ loaded, total }: ReceivedBytes) {
  const percentComplete = total === undefined ? undefined : Math.round((loaded / total) * 100);
  return { loaded, total, percentComplete };
}

function toError(fault: FrameFault, imageId: string): StreamingVolumeError {
  if (fault.kind === 'frame') {
    return new StreamingVolumeError(fault.code, fault.message, { imageIds: [imageId] });
  }
  const [status, retryAfter] =
    fault.kind === 'http' ? [fault.status, fault.retryAfter] : [undefined, null];
  return createFetchError(imageId, describeFailure(status, retryAfter, fault.cause), fault.cause);
}
