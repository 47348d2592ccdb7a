import { getWebWorkerManager, utilities } from '@cornerstonejs/core';
import { getImageFrame, internal } from '@cornerstonejs/dicom-image-loader';
import { StreamingVolumeError, unreadable } from '../../base/errors.js';
import {
  IDENTITY_RESCALE,
  isIdentityRescale,
  isIntegerRescale,
  rescaleRange,
} from '../../base/voxels/rescale.js';
import { isAtBottom, measureStored } from '../../base/voxels/storedBits.js';
import { EXTENDED_JPEG } from '../../base/transferSyntaxUids.js';
import type { PixelArray } from '../../base/types.js';
import {
  EXACT_IN_SINGLE_PRECISION,
  isWithin,
  storedLimits,
  VOXEL_TYPE_RANGES,
} from '../../base/voxels/voxelTypes.js';
import { createDecodedFrame, rescaleOf } from '../DecodedFrame.js';
import type { DecodedFrame, FrameOptions, TargetBuffer } from '../DecodedFrame.js';
import { describeFrame, headersMissing } from '../describeFrame.js';
import type { PixelLayout } from '../pixelLayout.js';
import { readJpegPrecision } from './codestream.js';
import { codestreamFault } from './codestreamFault.js';
import { runInTurn } from './workerTurns.js';

/** What the decode worker of dicom-image-loader gives back. */
export interface WorkerResult {
  readonly pixelData: PixelArray;
  /** Of JPEG-LS: 0 where the codestream has one component after the other (ITU-T T.87 C.2.3). */
  readonly interleaveMode?: number;
  /** Pixels that were decoded; fewer than the header states where `decodeLevel` is among the attributes. */
  readonly columns: number;
  readonly rows: number;
  readonly smallestPixelValue: number;
  readonly largestPixelValue: number;
}

/** A frame to be decoded. */
export interface CompressedFrame {
  readonly imageId: string;
  readonly bytes: Uint8Array;
  readonly transferSyntax: string;
  readonly layout: PixelLayout;
}

/**
 * Decodes one compressed frame in dicom-image-loader's worker (`decodeImageFrameWorker.js`).
 *
 * With a shared `targetBuffer`, and `preScale` enabled with a positive slope, the worker writes the rescaled
 * frame straight into its slot, unless the range of the frame asks for another type than the slot has: then it
 * gives the frame back, rescaled in that type. Without, it gives back stored values; so it does where the slot
 * does not hold what was written, and wider values are accepted.
 *
 * The header decides what a value is, where the codestream says otherwise (PS3.3 C.7.6.3): a sample that the
 * header's bits and sign do not allow shows that, and is read by the header.
 *
 * @throws StreamingVolumeError with code `frame-decode` or `value-out-of-range`; the slot then holds
 *   no value of the frame
 */
export async function decodeCompressed(
  imageId: string,
  bytes: Uint8Array,
  transferSyntax: string,
  layout: PixelLayout,
  options: FrameOptions,
): Promise<DecodedFrame> {
  const frame = { imageId, bytes, transferSyntax, layout };
  checkCodestream(frame);
  if (needsCells(layout)) {
    return decodeCells(frame);
  }
  if (EXTENDED_JPEG.has(transferSyntax) && readJpegPrecision(bytes) === 12) {
    return decodeExtendedJpeg(frame);
  }
  const { targetBuffer, preScale } = options;
  const rescale = rescaleOf(preScale);
  // Workaround: the worker (decodeImageFrameWorker.js; 5.6.8 to 5.14) computes the type of a rescaled frame from the
  // ends of its range as if they were in order, and wraps values where a negative slope has reversed them. Remove
  // when it orders them.
  const isInOrder = rescale !== undefined && rescale.slope > 0;
  const target = isInOrder && isShared(targetBuffer) ? targetBuffer : undefined;
  const scales = target !== undefined && rescale !== undefined && !isIdentityRescale(rescale);
  const result = await runWorker(
    frame,
    {},
    {
      preScale: scales ? preScale : { enabled: false },
      // Workaround: with rows and columns, the worker resamples a frame of another size to fit them
      // (decodeImageFrameWorker.js; 5.6.8 to 5.14). Remove when it rejects such a frame.
      targetBuffer: target && {
        type: target.type,
        arrayBuffer: target.arrayBuffer,
        offset: target.offset,
        length: target.length,
      },
    },
  );
  const range = { min: result.smallestPixelValue, max: result.largestPixelValue };
  // The buffer that a worker returns is another object over the same memory.
  const inPlace = target !== undefined && result.pixelData.buffer instanceof SharedArrayBuffer;
  if (!isWithin(range, rescaleRange(storedLimits(layout), scales ? rescale : IDENTITY_RESCALE))) {
    if (inPlace) {
      result.pixelData.fill(0);
    }
    // Without a target and unscaled, these are the cells already, in an array that holds them all.
    return target ? decodeCells(frame) : storedFrame(imageId, result.pixelData, layout);
  }
  if (scales && isIntegerRescale(rescale) && !isWithin(range, EXACT_IN_SINGLE_PRECISION)) {
    // The worker rounds whole numbers that Float32Array does not hold; unscaled, they are checked one by one.
    if (inPlace) {
      result.pixelData.fill(0);
    }
    return decodeCompressed(imageId, bytes, transferSyntax, layout, {
      ...options,
      preScale: { enabled: false },
    });
  }
  if (scales && !inPlace && !isIntegerRescale(rescale)) {
    // Workaround: the worker chooses a type of whole numbers where both ends of the range are whole, and cuts the
    // fractions between off (shared/getPixelDataTypeFromMinMax.js; 5.6.8 to 5.14). Remove when it chooses by the slope.
    return decodeCompressed(imageId, bytes, transferSyntax, layout, {
      ...options,
      preScale: { enabled: false },
    });
  }
  const limits = VOXEL_TYPE_RANGES[target?.type ?? 'Float32Array'];
  if (inPlace && !isWithin(range, limits)) {
    result.pixelData.fill(0);
    if (target.acceptsWider === true) {
      return decodeCompressed(imageId, bytes, transferSyntax, layout, {
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

/**
 * Whether a frame is decoded as if its values had no sign and filled their bytes.
 *
 * Workaround: dicom-image-loader's worker (`shared/decoders/`; 5.6.8 to 5.14) takes signed bytes of JPEG Lossless for
 * words, and cuts off the bits above Bits Stored. Remove when it reads signed bytes and honours High Bit.
 */
function needsCells(layout: PixelLayout): boolean {
  return (layout.bitsAllocated === 8 && layout.isSigned) || !isAtBottom(layout);
}

async function decodeCells(frame: CompressedFrame): Promise<DecodedFrame> {
  const { pixelData } = await runWorker(frame, cellsOf(frame), { preScale: { enabled: false } });
  return storedFrame(frame.imageId, pixelData, frame.layout);
}

/** What the decoder of 12-bit JPEG adds to each sample. */
const EXTENDED_JPEG_EXCESS = 15;

/**
 * Workaround: dicom-image-loader's decoder of 12-bit JPEG (`codecs/jpeg.js`; 5.6.8 to 5.14) scales the rounding of 8 bits
 * as well, so that every sample is 15 too large, and all above 4079 become 4095: here they are 4080. Remove when it rounds by
 * the precision of the codestream.
 */
async function decodeExtendedJpeg(frame: CompressedFrame): Promise<DecodedFrame> {
  const { pixelData } = await runWorker(frame, cellsOf(frame), { preScale: { enabled: false } });
  for (let i = 0; i < pixelData.length; i++) {
    pixelData[i] = Math.max(0, (pixelData[i] as number) - EXTENDED_JPEG_EXCESS);
  }
  return storedFrame(frame.imageId, pixelData, frame.layout);
}

/** Attributes of a header by which the worker gives back cells without a sign. */
function cellsOf({ layout }: CompressedFrame): Readonly<Record<string, unknown>> {
  return { pixelRepresentation: 0, bitsStored: layout.bitsAllocated };
}

function storedFrame(imageId: string, cells: PixelArray, layout: PixelLayout): DecodedFrame {
  const { pixels: pixelData } = measureStored(cells, layout);
  return createDecodedFrame({
    imageId,
    pixelData,
    inPlace: false,
    scaled: false,
    range: undefined,
  });
}

/**
 * Workaround: dicom-image-loader's worker (shared/decoders/decodeRLE.js; 5.6.8 to 5.14) believes the number of segments
 * and their offsets, so that a damaged frame may keep it busy for ever, and the frames behind it too; and pixels that
 * a segment lacks are 0. Remove when it checks the header and the length of the segments.
 *
 * @throws StreamingVolumeError with code `frame-decode`
 */
export function checkCodestream({ imageId, bytes, transferSyntax, layout }: CompressedFrame): void {
  const fault = codestreamFault(bytes, transferSyntax, layout);
  if (fault !== undefined) {
    throw unreadable(fault, imageId);
  }
}

/** JPEG baseline, JPEG-LS, JPEG 2000, JPEG XL and HTJ2K; RLE and other JPEG are decoded by scripts. */
const NEEDS_WEB_ASSEMBLY: ReadonlySet<string> = new Set(
  [50, 80, 81, 90, 91, 110, 111, 112, 201, 202, 203].map(
    (number) => `1.2.840.10008.1.2.4.${number}`,
  ),
);

/**
 * Has dicom-image-loader's worker decode a frame.
 *
 * @param header - attributes in place of those of the frame's header; `decodeLevel` for fewer pixels of HTJ2K, as
 *   `decodeCodestream` has it (JPEG 2000 is decoded at full size there)
 * @throws StreamingVolumeError with code `frame-decode` or `metadata-missing`
 */
export async function runWorker(
  { imageId, bytes: pixelData, transferSyntax }: Omit<CompressedFrame, 'layout'>,
  header: Readonly<Record<string, unknown>>,
  options: Readonly<Record<string, unknown>>,
): Promise<WorkerResult> {
  if (typeof WebAssembly === 'undefined' && NEEDS_WEB_ASSEMBLY.has(transferSyntax)) {
    throw unreadable(
      `transfer syntax ${transferSyntax} needs WebAssembly, which this browser lacks or has switched off. ` +
        'Switch it on, or have the server send the frame uncompressed',
      imageId,
    );
  }
  const { decodeConfig } = internal.getOptions() as { decodeConfig?: object };
  const basePath = wasmBasePath();
  try {
    return await runInTurn(transferSyntax, () =>
      getWebWorkerManager().executeTask<WorkerResult>('dicomImageLoader', 'decodeTask', {
        imageFrame: { ...getImageFrame(imageId), ...header },
        transferSyntax,
        pixelData,
        decodeConfig:
          basePath === undefined ? decodeConfig : { ...decodeConfig, wasmBasePath: basePath },
        options,
      }),
    );
  } catch (cause) {
    if (!describeFrame(imageId).isKnown) {
      throw headersMissing(imageId);
    }
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new StreamingVolumeError(
      'frame-decode',
      `A frame in transfer syntax ${transferSyntax} could not be decoded: ${why} (${imageId})`,
      { imageIds: [imageId], cause },
    );
  }
}

/** The folder of the codecs' .wasm files that the application has set; undefined for those of the bundle. */
export function wasmBasePath(): string | undefined {
  const { wasmBasePath: ofLoader } = internal.getOptions() as { wasmBasePath?: string };
  return ofLoader ?? readWasmBasePath();
}

/**
 * Workaround: core has `getWasmBasePath` since 5.7 only. Remove when 5.6 is no longer supported.
 */
function readWasmBasePath(): string | undefined {
  const { getWasmBasePath } = utilities as { getWasmBasePath?: () => string | undefined };
  return getWasmBasePath?.();
}

function isShared(target: TargetBuffer | undefined): target is TargetBuffer {
  return (
    typeof SharedArrayBuffer !== 'undefined' && target?.arrayBuffer instanceof SharedArrayBuffer
  );
}
