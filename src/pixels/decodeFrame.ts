import { getWebWorkerManager, utilities } from '@cornerstonejs/core';
import { getImageFrame, internal } from '@cornerstonejs/dicom-image-loader';
import { StreamingVolumeError } from '../errors.js';
import { isIdentityRescale, isIntegerRescale } from '../linearRescale.js';
import type { PixelArray } from '../types.js';
import { VOXEL_TYPE_RANGES } from '../voxelTypeRanges.js';
import { createDecodedFrame } from './DecodedFrame.js';
import type { DecodedFrame, FrameOptions, TargetBuffer } from './DecodedFrame.js';
import { rescaleOf } from './rescaleOf.js';

/** What the decode worker of dicom-image-loader gives back. */
interface WorkerResult {
  readonly pixelData: PixelArray;
  readonly smallestPixelValue: number;
  readonly largestPixelValue: number;
}

/**
 * Decodes one frame in dicom-image-loader's worker.
 *
 * With a shared `targetBuffer` and `preScale` enabled the worker writes the rescaled frame straight into
 * its slot, unless the range of the frame asks for another type than the slot has: then it gives the
 * frame back, rescaled in that type. Without, it gives back stored values; so it does where the slot does not
 * hold what was written, and wider values are accepted.
 *
 * @throws StreamingVolumeError with code `frame-decode` or `value-out-of-range`; the slot then holds
 *   no value of the frame
 */
export async function decodeFrame(
  imageId: string,
  bytes: Uint8Array,
  transferSyntax: string,
  options: FrameOptions,
): Promise<DecodedFrame> {
  const { targetBuffer, preScale } = options;
  const rescale = rescaleOf(preScale);
  const target = rescale && isShared(targetBuffer) ? targetBuffer : undefined;
  const scales = target !== undefined && rescale !== undefined && !isIdentityRescale(rescale);
  const result = await runWorker(imageId, bytes, transferSyntax, {
    preScale: scales ? preScale : { enabled: false },
    // Without rows and columns: the worker resamples a frame of another size to fit them.
    targetBuffer: target && {
      type: target.type,
      arrayBuffer: target.arrayBuffer,
      offset: target.offset,
      length: target.length,
    },
  });
  const range = { min: result.smallestPixelValue, max: result.largestPixelValue };
  // A buffer that comes back from a worker is another object over the same memory.
  const inPlace = target !== undefined && result.pixelData.buffer instanceof SharedArrayBuffer;
  if (scales && !inPlace && !isIntegerRescale(rescale)) {
    // The worker took a type of whole numbers, because both ends of the frame are whole, and has cut
    // off what is between.
    return decodeFrame(imageId, bytes, transferSyntax, {
      ...options,
      preScale: { enabled: false },
    });
  }
  const limits = VOXEL_TYPE_RANGES[target?.type ?? 'Float32Array'];
  if (inPlace && (range.min < limits.min || range.max > limits.max)) {
    result.pixelData.fill(0);
    if (target.acceptsWider === true) {
      return decodeFrame(imageId, bytes, transferSyntax, {
        ...options,
        preScale: { enabled: false },
      });
    }
    throw new StreamingVolumeError(
      'value-out-of-range',
      `Values from ${range.min} to ${range.max} do not fit ${target.type} (${imageId})`,
      { imageIds: [imageId] },
    );
  }
  return createDecodedFrame({
    imageId,
    pixelData: result.pixelData,
    inPlace,
    scaled: scales,
    range,
  });
}

async function runWorker(
  imageId: string,
  pixelData: Uint8Array,
  transferSyntax: string,
  options: Record<string, unknown>,
): Promise<WorkerResult> {
  const { decodeConfig, wasmBasePath = readWasmBasePath() } = internal.getOptions() as {
    decodeConfig?: object;
    wasmBasePath?: string;
  };
  try {
    return await getWebWorkerManager().executeTask<WorkerResult>('dicomImageLoader', 'decodeTask', {
      imageFrame: getImageFrame(imageId),
      transferSyntax,
      pixelData,
      decodeConfig: wasmBasePath === undefined ? decodeConfig : { ...decodeConfig, wasmBasePath },
      options,
    });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new StreamingVolumeError(
      'frame-decode',
      `A frame in transfer syntax ${transferSyntax} could not be decoded: ${why} (${imageId})`,
      { imageIds: [imageId], cause },
    );
  }
}

/** Core has this setting since 5.7. */
function readWasmBasePath(): string | undefined {
  const { getWasmBasePath } = utilities as { getWasmBasePath?: () => string | undefined };
  return getWasmBasePath?.();
}

function isShared(target: TargetBuffer | undefined): target is TargetBuffer {
  return (
    typeof SharedArrayBuffer !== 'undefined' && target?.arrayBuffer instanceof SharedArrayBuffer
  );
}
