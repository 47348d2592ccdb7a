import { isStreamingVolumeError, StreamingVolumeError } from '../../base/errors.js';
import { receiveResponse, request, requestFailure } from '../../base/transport/request.js';
import type {
  PageRequest,
  RequestFailure,
  TransportResponse,
} from '../../base/transport/request.js';
import type { FrameOptions } from '../DecodedFrame.js';

/** A response as it came over the network. */
export interface FrameResponse {
  readonly bytes: Uint8Array;
  /** Content-Type of the whole response. */
  readonly contentType: string;
}

/**
 * Fetches one frame.
 *
 * @param begun - a request of the frame that has begun already
 * @throws StreamingVolumeError with code `frame-fetch` and the HTTP status or `limit-exceeded`, or `signal.reason`
 */
export async function fetchFrame(
  url: string,
  imageId: string,
  signal: AbortSignal | undefined,
  begun?: PageRequest,
): Promise<FrameResponse> {
  const sent = begun
    ? receiveResponse(begun, signal)
    : request(url, imageId, FRAME_HEADERS, { limit: 'frameBytes', signal });
  const { bytes, header } = await withFetchErrors(sent, imageId, signal);
  return { bytes, contentType: header('Content-Type') ?? 'application/octet-stream' };
}

/**
 * Fetches the response with a frame, or a part of it.
 *
 * @param headers - besides those of every request for a frame
 * @throws StreamingVolumeError with code `frame-fetch` and the HTTP status or `limit-exceeded`, or `signal.reason`
 */
export async function fetchFrameBytes(
  url: string,
  imageId: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<TransportResponse> {
  const sent = request(
    url,
    imageId,
    { ...FRAME_HEADERS, ...headers },
    { limit: 'frameBytes', signal },
  );
  return withFetchErrors(sent, imageId, signal);
}

/**
 * Fetches a whole Part-10 file for the frames in it.
 *
 * @throws StreamingVolumeError with code `frame-fetch` and the HTTP status or `limit-exceeded`, or `signal.reason`
 */
export async function fetchFile(
  url: string,
  imageId: string,
  signal: AbortSignal | undefined,
): Promise<Uint8Array<ArrayBuffer>> {
  const sent = request(url, imageId, {}, { limit: 'fileBytes', signal });
  return (await withFetchErrors(sent, imageId, signal)).bytes;
}

async function withFetchErrors(
  sent: Promise<TransportResponse>,
  imageId: string,
  signal: AbortSignal | undefined,
): Promise<TransportResponse> {
  try {
    return await sent;
  } catch (cause) {
    signal?.throwIfAborted();
    if (isStreamingVolumeError(cause, 'limit-exceeded')) {
      throw cause;
    }
    throw createFetchError(imageId, requestFailure(cause), cause);
  }
}

/** Makes the error of code `frame-fetch` for a request that has failed. */
export function createFetchError(
  imageId: string,
  { what, status, retryAfterMs }: RequestFailure,
  cause: unknown,
): StreamingVolumeError {
  return new StreamingVolumeError('frame-fetch', `The request of a frame ${what} (${imageId})`, {
    imageIds: [imageId],
    status,
    retryAfterMs,
    cause,
  });
}

/** Headers of a request for a frame: any transfer syntax, as dicom-image-loader requests it. */
export const FRAME_HEADERS: Readonly<Record<string, string>> = {
  Accept: 'multipart/related; type=application/octet-stream; transfer-syntax=*',
};

/**
 * The headers that the transport of dicom-image-loader sends for an address: one that names what it
 * accepts itself goes without `Accept`.
 */
export function headersFor(url: string): Readonly<Record<string, string>> {
  return url.includes('accept=') ? {} : FRAME_HEADERS;
}

/**
 * The address behind the scheme of an imageId, changed as `retrieveOptions` say, and else as it is
 * written.
 */
export function frameUrl(imageId: string, { retrieveOptions }: FrameOptions): string {
  let url = imageId.slice(imageId.indexOf(':') + 1);
  const urlArguments = retrieveOptions?.['urlArguments'];
  if (typeof urlArguments === 'string' && urlArguments !== '') {
    // A fragment is not sent.
    const end = /#|$/.exec(url)?.index ?? url.length;
    const sent = url.slice(0, end);
    url = `${sent}${sent.includes('?') ? '&' : '?'}${urlArguments}${url.slice(end)}`;
  }
  const framesPath = retrieveOptions?.['framesPath'];
  return typeof framesPath === 'string' ? url.replace('/frames/', () => framesPath) : url;
}
