import { Enums, metaData } from '@cornerstonejs/core';
import { Enums as MetadataEnums } from '@cornerstonejs/metadata';
import { decodeFrame } from './decodeFrame.js';
import { createDecodedFrame } from './DecodedFrame.js';
import type { DecodedFrame, FrameOptions } from './DecodedFrame.js';
import { fetchFrame } from './fetchFrame.js';
import type { FrameResponse } from './fetchFrame.js';
import { readFrameBody } from './multipartFrame.js';
import { checkNativeFrame, isColorFrame, nativeFrameLength } from './nativeFrame.js';
import { SharedRequests } from '../transport/SharedRequests.js';
import { frameTransferSyntax } from './transferSyntax.js';
import { asImageLoadObject, withSkipCreateImage } from './withSkipCreateImage.js';
import type { ImageLoader } from './withSkipCreateImage.js';

/**
 * Gives the `wadors:` loader of dicom-image-loader a path without an Image: the frame is cut out of
 * the response and decoded in the worker straight into the volume.
 *
 * Colour, progressive retrieval and frames whose bytes Cornerstone's metadata already holds go through
 * the wrapped loader, which knows how to make them.
 */
export function createWadorsLoader(imageLoader: ImageLoader): ImageLoader {
  const throughImage = withSkipCreateImage(imageLoader);
  return (imageId, options?: FrameOptions) => {
    if (options?.skipCreateImage !== true || needsImage(imageId, options)) {
      return throughImage(imageId, options);
    }
    const controller = new AbortController();
    const signals = [controller.signal, options.signal].filter((signal) => signal !== undefined);
    return asImageLoadObject({
      promise: loadFrame(imageId, options, AbortSignal.any(signals)),
      cancelFn: () => {
        controller.abort();
      },
    });
  };
}

/** Several volumes may want the same frame at the same time. */
const frameRequests = new SharedRequests<FrameResponse>();

function loadFrame(
  imageId: string,
  options: FrameOptions,
  signal: AbortSignal,
): Promise<DecodedFrame> {
  const url = frameUrl(imageId, options);
  return frameRequests.use(
    url,
    (requestSignal) => fetchFrame(url, imageId, requestSignal),
    (response) => decodeResponse(imageId, response, options, signal),
    signal,
  );
}

async function decodeResponse(
  imageId: string,
  response: FrameResponse,
  options: FrameOptions,
  signal: AbortSignal,
): Promise<DecodedFrame> {
  const nativeLength = nativeFrameLength(imageId);
  const body = readFrameBody(response.bytes, response.contentType, nativeLength, imageId);
  const syntaxModule = metaData.get(Enums.MetadataModules.TRANSFER_SYNTAX, imageId) as
    { transferSyntaxUID?: string; availableTransferSyntaxUID?: string } | undefined;
  const syntax = frameTransferSyntax(
    body.contentType,
    body.bytes.length,
    nativeLength,
    syntaxModule?.availableTransferSyntaxUID ?? syntaxModule?.transferSyntaxUID,
  );
  checkNativeFrame(body.bytes, syntax, imageId);
  signal.throwIfAborted();
  const frame = await decodeFrame(imageId, body.bytes, syntax, options);
  const { imageQualityStatus } = (options.retrieveOptions ?? {}) as { imageQualityStatus?: number };
  return createDecodedFrame({ ...frame, imageQualityStatus });
}

/** The address behind the scheme, changed as `retrieveOptions` say. */
function frameUrl(imageId: string, { retrieveOptions }: FrameOptions): string {
  let url = imageId.slice(imageId.indexOf(':') + 1);
  const urlArguments = retrieveOptions?.['urlArguments'];
  if (typeof urlArguments === 'string' && urlArguments !== '') {
    url += `${url.includes('?') ? '&' : '?'}${urlArguments}`;
  }
  const framesPath = retrieveOptions?.['framesPath'];
  return typeof framesPath === 'string' ? url.replace('/frames/', framesPath) : url;
}

function needsImage(imageId: string, { retrieveOptions }: FrameOptions): boolean {
  const isProgressive =
    retrieveOptions?.['streaming'] === true || retrieveOptions?.['rangeIndex'] !== undefined;
  return isColorFrame(imageId) || isProgressive || hasFrameBytes(imageId);
}

/** Whether the metadata of an instance came together with its compressed frames. */
function hasFrameBytes(imageId: string): boolean {
  const frameNumber = Number(/\/frames\/(\d+)/.exec(imageId)?.[1] ?? 1);
  const frameData = metaData.getTyped(
    MetadataEnums.MetadataModules.COMPRESSED_FRAME_DATA,
    imageId,
    { frameIndex: Math.max(0, frameNumber - 1) },
  ) as { pixelData?: unknown } | undefined;
  return frameData?.pixelData !== undefined && frameData.pixelData !== null;
}
