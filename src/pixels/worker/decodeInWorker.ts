import { createDecodedFrame } from '../DecodedFrame.js';
import type { DecodedFrame, FrameOptions } from '../DecodedFrame.js';
import { decodeFrame, isDecodedByLoader } from '../decode/decodeFrame.js';
import { nativeLength } from '../pixelLayout.js';
import type { PixelLayout } from '../pixelLayout.js';
import { frameOutput, placePixels } from './frameOutput.js';
import type { FrameWorkerPool } from './FrameWorkerPool.js';
import { requestDecoding } from './workerRequest.js';

/** The bytes of a frame on the page. */
export interface FrameInPage {
  readonly imageId: string;
  /** Not changed. */
  readonly bytes: Uint8Array;
  readonly transferSyntax: string;
  readonly layout: PixelLayout;
  /** Why a frame worker that had them has not decoded them. */
  readonly undecoded?: string | undefined;
}

/**
 * Decodes a frame whose bytes the page has: a compressed one in a frame worker where that can decode it, the others as
 * {@link decodeFrame} does.
 *
 * @param signal - aborts the decoding
 * @throws StreamingVolumeError as {@link decodeFrame}, or `signal.reason`
 */
export async function decodeInWorker(
  workers: FrameWorkerPool,
  { imageId, bytes, transferSyntax, layout, undecoded }: FrameInPage,
  options: FrameOptions,
  signal: AbortSignal,
): Promise<DecodedFrame> {
  if (!isDecodedByLoader(transferSyntax, layout)) {
    return decodeFrame(imageId, bytes, transferSyntax, layout, options);
  }
  let reason = undecoded ?? workers.whyUndecoded(transferSyntax);
  const output = reason === undefined ? frameOutput(options, workers) : undefined;
  if (output) {
    const description = { layout, nativeLength: nativeLength(layout), storedSyntax: undefined };
    const wanted = { url: '', imageId, description, options, signal, ownerSignal: signal };
    // A copy is sent: other requests may have the same bytes, and they are needed where no codec is there.
    const source = { copyBody: () => bytes.slice().buffer, transferSyntax };
    const made = await requestDecoding(workers, wanted, source, output);
    signal.throwIfAborted();
    if (made?.type === 'pixels') {
      const { values, inPlace, range, pick } = placePixels(made, output, options.slot, workers);
      const pixels = { imageId, pixelData: values, inPlace, pick, scaled: true, range };
      return createDecodedFrame({ ...pixels, decoder: { thread: 'frame worker' } });
    }
    reason = made?.undecoded?.reason ?? workers.whyUndecoded(transferSyntax);
  }
  const frame = await decodeFrame(imageId, bytes, transferSyntax, layout, options);
  const decoder = { thread: 'dicom-image-loader', reason: reason ?? STORED } as const;
  return { ...frame, decoder };
}

const STORED = 'frame workers write rescaled voxels, and stored values are wanted';
