import { request } from '../transport/request.js';
import type { TransportResponse } from '../transport/request.js';
import { requestFailure } from '../transport/requestFailure.js';
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
 * @throws StreamingVolumeError with code `frame-fetch` and the HTTP status, or `signal.reason`
 */
export async function fetchFrame(
  url: string,
  imageId: string,
  signal: AbortSignal | undefined,
): Promise<FrameResponse> {
  const { bytes, header } = await requestFor(url, imageId, FRAME_HEADERS, signal);
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
  return (await requestFor(url, imageId, {}, signal)).bytes;
}

async function requestFor(
  url: string,
  imageId: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal | undefined,
): Promise<TransportResponse> {
  try {
    return await request(url, imageId, headers, signal);
  } catch (cause) {
    signal?.throwIfAborted();
    throw createFetchError(imageId, requestFailure(cause), cause);
  }
}
