import { receiveResponse, request } from '../../base/transport/request.js';
import type { PageRequest, TransportResponse } from '../../base/transport/request.js';
import { requestFailure } from '../../base/transport/requestFailure.js';
import { createFetchError } from './fetchError.js';
import { FRAME_HEADERS } from './frameHeaders.js';

/** A response as it came over the network. */
export interface FrameResponse {
  readonly bytes: Uint8Array;
  /** Content-Type of the whole response. */
  readonly contentType: string;
}

/**
 * Fetches one frame.
 *
 * @param begun - the request of it, where that is on its way already
 * @throws StreamingVolumeError with code `frame-fetch` and the HTTP status, or `signal.reason`
 */
export async function fetchFrame(
  url: string,
  imageId: string,
  signal: AbortSignal | undefined,
  begun?: PageRequest,
): Promise<FrameResponse> {
  const sent = begun
    ? receiveResponse(begun, signal)
    : request(url, imageId, FRAME_HEADERS, signal);
  const { bytes, header } = await withFetchErrors(sent, imageId, signal);
  return { bytes, contentType: header('Content-Type') ?? 'application/octet-stream' };
}

/**
 * Fetches a whole Part-10 file for the frames in it.
 *
 * @throws StreamingVolumeError with code `frame-fetch` and the HTTP status, or `signal.reason`
 */
export async function fetchFile(
  url: string,
  imageId: string,
  signal: AbortSignal | undefined,
): Promise<Uint8Array<ArrayBuffer>> {
  const sent = request(url, imageId, {}, signal);
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
    throw createFetchError(imageId, requestFailure(cause), cause);
  }
}
