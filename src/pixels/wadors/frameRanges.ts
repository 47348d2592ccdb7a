import { isStreamingVolumeError } from '../../base/errors.js';
import type { TransportResponse } from '../../base/transport/request.js';
import { fetchFrameBytes } from './fetchFrame.js';

/** The bytes of the response with a frame, as far as they were requested. */
export interface FrameBytes {
  readonly url: string;
  /** From the first one on. */
  readonly bytes: Uint8Array;
  readonly contentType: string;
  readonly isComplete: boolean;
  /**
   * Bytes of the whole response; undefined where the server does not say where in it the bytes are. Nothing can be appended
   * to those.
   */
  readonly total: number | undefined;
  /** The version that they are of (RFC 9110 8.8); null where the server does not say it or the page must not read it. */
  readonly etag: string | null;
  readonly lastModified: string | null;
  /** Whether they came with several responses. */
  readonly isJoined: boolean;
}

const NOTHING: Omit<FrameBytes, 'url'> = {
  bytes: new Uint8Array(0),
  contentType: '',
  isComplete: false,
  total: undefined,
  etag: null,
  lastModified: null,
  isJoined: false,
};

/** What is requested of a frame. */
export interface RangeTarget {
  readonly url: string;
  readonly imageId: string;
  readonly signal: AbortSignal;
}

/**
 * Requests what is missing of the first bytes of a response, and nothing where they have come before.
 *
 * Only bytes that fit together are joined: the range begins behind the bytes so far, and is of the same version.
 * Otherwise, and where the page cannot read which range came (Content-Range), the whole response is requested anew. A
 * server that does not support ranges sends it at once.
 *
 * @param received - so far; undefined for nothing
 * @param end - index behind the last byte that is wanted; undefined for all
 * @throws StreamingVolumeError with code `frame-fetch`, or `signal.reason`; `received` can then be used again
 */
export async function fetchFrameRange(
  received: FrameBytes | undefined,
  end: number | undefined,
  target: RangeTarget,
): Promise<FrameBytes> {
  let so = received?.url === target.url ? received : { ...NOTHING, url: target.url };
  while (!so.isComplete && (end === undefined || so.bytes.length < end)) {
    const start = so.bytes.length;
    if ((start === 0 && end === undefined) || (start > 0 && so.total === undefined)) {
      return fetchWholeFrame(target);
    }
    const response = await requestRange(so, end, target);
    if (response?.status === 200) {
      return wholeOf(response, target.url);
    }
    const joined = response && join(so, response);
    if (!joined) {
      return fetchWholeFrame(target);
    }
    so = joined;
    if (start === 0 && so.total === undefined) {
      return so;
    }
  }
  return so;
}

/**
 * Requests a whole response.
 *
 * @throws StreamingVolumeError with code `frame-fetch`, or `signal.reason`
 */
export async function fetchWholeFrame({ url, imageId, signal }: RangeTarget): Promise<FrameBytes> {
  return wholeOf(await fetchFrameBytes(url, imageId, {}, signal), url);
}

/** @returns undefined where the server has no such bytes */
async function requestRange(
  { bytes, etag, lastModified }: FrameBytes,
  end: number | undefined,
  { url, imageId, signal }: RangeTarget,
): Promise<TransportResponse | undefined> {
  const start = bytes.length;
  // A page of another origin may not be allowed to send If-Range (CORS): then only the answers are compared.
  const isOwnOrigin = new URL(url, document.baseURI).origin === location.origin;
  const version = etag?.startsWith('"') ? etag : lastModified;
  const headers = {
    Range: `bytes=${start}-${end === undefined ? '' : end - 1}`,
    ...(start > 0 && isOwnOrigin && version !== null ? { 'If-Range': version } : {}),
  };
  try {
    return await fetchFrameBytes(url, imageId, headers, signal);
  } catch (error) {
    if (isStreamingVolumeError(error) && error.status === RANGE_NOT_SATISFIABLE) {
      return undefined;
    }
    throw error;
  }
}

/** RFC 9110 15.5.17. */
const RANGE_NOT_SATISFIABLE = 416;

function wholeOf(response: TransportResponse, url: string): FrameBytes {
  return {
    ...NOTHING,
    url,
    bytes: response.bytes,
    contentType: contentTypeOf(response),
    isComplete: true,
    total: response.bytes.length,
  };
}

/** Appends a range; undefined where it is not the next one of the same response. */
function join(so: FrameBytes, response: TransportResponse): FrameBytes | undefined {
  const { bytes, header } = response;
  const range = parseContentRange(header('Content-Range'));
  const [etag, lastModified] = [header('ETag'), header('Last-Modified')];
  const start = so.bytes.length;
  if (start === 0 && !range) {
    return { ...so, bytes, contentType: contentTypeOf(response) };
  }
  if (range?.start !== start || bytes.length === 0 || bytes.length > range.end - start) {
    return undefined;
  }
  const isSame = etag === so.etag && lastModified === so.lastModified && range.total === so.total;
  if (start > 0 && !isSame) {
    return undefined;
  }
  const joined = new Uint8Array(start + bytes.length);
  joined.set(so.bytes);
  joined.set(bytes, start);
  return {
    url: so.url,
    bytes: joined,
    contentType: start > 0 ? so.contentType : contentTypeOf(response),
    isComplete: joined.length === range.total,
    total: range.total,
    etag,
    lastModified,
    isJoined: start > 0,
  };
}

function contentTypeOf({ header }: TransportResponse): string {
  return header('Content-Type') ?? 'application/octet-stream';
}

/** Reads Content-Range (RFC 9110 14.4), with `end` behind the last byte; undefined where the range or the length of the whole is not said. */
function parseContentRange(
  text: string | null,
): { readonly start: number; readonly end: number; readonly total: number } | undefined {
  const [, first, last, length] = /^\s*bytes\s+(\d+)-(\d+)\/(\d+)\s*$/i.exec(text ?? '') ?? [];
  const [start, end, total] = [Number(first), Number(last) + 1, Number(length)];
  return start < end && end <= total ? { start, end, total } : undefined;
}
