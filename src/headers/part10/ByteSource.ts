import { StreamingVolumeError } from '../../base/errors.js';
import { pageAddress } from '../../base/transport/pageAddress.js';
import { HttpError, plainRequest } from '../../base/transport/plainRequest.js';
import { request, requestFailure, retryRequest } from '../../base/transport/request.js';
import type { RequestAttempt, TransportResponse } from '../../base/transport/request.js';
import type { RequestOptions } from '../../base/transport/retryPolicy.js';

/** Bytes of a file. */
export interface ByteRange {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Whether the server has sent the file and not a part of it, from its first byte. */
  readonly isWhole: boolean;
  /** Length of the file, where it is known. */
  readonly totalBytes: number | undefined;
  /** Whether it is certain that the bytes are those of the range. */
  readonly isCertain: boolean;
}

/** Reads a file piece by piece. */
export interface ByteSource {
  /**
   * Reads from `start` up to, and without, `end`: fewer bytes at the end of the file, none behind it,
   * and the whole file where the server sends only that.
   */
  readonly read: (start: number, end: number) => Promise<ByteRange>;
  /** Reads the whole file where the pieces cannot be trusted; undefined where they can. */
  readonly readWhole?: () => Promise<ByteRange>;
}

/** A local file. */
export function fileSource(file: Blob): ByteSource {
  return {
    read: async (start, end) => {
      const bytes = new Uint8Array(await file.slice(start, end).arrayBuffer());
      return { bytes, isWhole: false, totalBytes: file.size, isCertain: true };
    },
  };
}

/**
 * A file behind an address (RFC 9110 14: range requests), with the hooks of the application; without them in Node, where
 * there is no XMLHttpRequest that they could be given. A range that is
 * refused, or comes as another than was asked for, is followed by one request of the whole file, whose error
 * counts when that fails too. Servers that send whole files only are not asked for ranges again. Transient
 * failures are tried again as the options say.
 *
 * @param imageId - of any frame of the file, for the hooks
 */
export function httpSource(url: string, imageId: string, options: RequestOptions): ByteSource {
  const readWhole = async (attempt: RequestAttempt): Promise<ByteRange> => {
    const { bytes, header } = await send(url, imageId, {}, attempt);
    throwIfPage(bytes, header('Content-Type'), imageId);
    return wholeFile(bytes);
  };
  const readAfterRefusal = async (attempt: RequestAttempt, isFirm: boolean): Promise<ByteRange> => {
    const range = await readWhole(attempt);
    noteRefusal(url, isFirm);
    return range;
  };
  const readRange = async (
    attempt: RequestAttempt,
    start: number,
    end: number,
  ): Promise<ByteRange> => {
    const headers = { Range: `bytes=${start}-${end - 1}` };
    let response: TransportResponse;
    try {
      response = await send(url, imageId, headers, attempt);
    } catch (cause) {
      attempt.signal.throwIfAborted();
      if (!isOfRequest(cause) || !mayBeRefusedRange(cause)) {
        throw cause;
      }
      return readAfterRefusal(attempt, isFirmRefusal(cause.status));
    }
    throwIfPage(response.bytes, response.header('Content-Type'), imageId);
    if (response.status !== 206) {
      return wholeFile(response.bytes);
    }
    const part = partOf(response, start, end);
    if (!part) {
      return readAfterRefusal(attempt, true);
    }
    noteRange(url);
    return part;
  };
  return {
    read: (start, end) =>
      retryRequest(
        (attempt) => (takesRanges(url) ? readRange(attempt, start, end) : readWhole(attempt)),
        options,
      ),
    readWhole: () => retryRequest((attempt) => readAfterRefusal(attempt, true), options),
  };
}

async function send(
  url: string,
  imageId: string,
  headers: Readonly<Record<string, string>>,
  attempt: RequestAttempt,
): Promise<TransportResponse> {
  const options = { ...attempt, limit: 'fileBytes' } as const;
  if ('XMLHttpRequest' in globalThis) {
    return request(url, imageId, headers, options);
  }
  const { bytes, status, headers: received } = await plainRequest(url, headers, options);
  return { bytes, status, header: (name) => received.get(name) };
}

/** A request without a usable response, as {@link send} throws it. */
type FailedRequest = HttpError | XMLHttpRequest;

function isOfRequest(cause: unknown): cause is FailedRequest {
  return (
    cause instanceof HttpError ||
    ('XMLHttpRequest' in globalThis && cause instanceof XMLHttpRequest)
  );
}

function wholeFile(bytes: Uint8Array<ArrayBuffer>): ByteRange {
  return { bytes, isWhole: true, totalBytes: bytes.length, isCertain: true };
}

/** @returns undefined for what is not the range that was asked for */
function partOf(
  { bytes, header }: TransportResponse,
  start: number,
  end: number,
): ByteRange | undefined {
  const isEnveloped = /^\s*multipart\//i.test(header('Content-Type') ?? '');
  // Null for a server of another origin that does not expose it.
  const contentRange = header('Content-Range');
  if (isEnveloped || bytes.length === 0 || bytes.length > end - start) {
    return undefined;
  }
  const after = start + bytes.length;
  if (contentRange === null) {
    const totalBytes = after < end ? after : undefined;
    return { bytes, isWhole: false, totalBytes, isCertain: false };
  }
  const [, from, to, total] = /^bytes (\d+)-(\d+)\/(\d+|\*)$/i.exec(contentRange.trim()) ?? [];
  const isAsked = Number(from) === start && Number(to) === after - 1;
  const totalBytes = total === '*' ? (after < end ? after : undefined) : Number(total);
  // A range may end before the one that was asked for only where the file does.
  const isComplete = after === end || after === totalBytes;
  if (!isAsked || !isComplete || (totalBytes !== undefined && totalBytes < after)) {
    return undefined;
  }
  return { bytes, isWhole: false, totalBytes, isCertain: true };
}

/**
 * Statuses that are about the file, not about the range: 401 and 407 ask for credentials, 404 and 410 know no
 * such file, 429 asks to wait (RFC 9110 15.5, RFC 6585 4), as does `Retry-After` with any status.
 */
const NOT_OF_THE_RANGE: ReadonlySet<number> = new Set([401, 404, 407, 410, 429]);

/**
 * Whether a server may send the whole file where it refuses a part of it. Most refusals may be meant for the
 * range: 416 and 501 are, 400, 403 and 405 come from firewalls, 5xx from servers that break at it, and no
 * response where a preflight does not allow the header or a proxy cuts the connection.
 */
function mayBeRefusedRange(failed: FailedRequest): boolean {
  const { status } = failed;
  const asksToWait = requestFailure(failed).retryAfterMs !== undefined;
  return status !== undefined && !NOT_OF_THE_RANGE.has(status) && !asksToWait;
}

/** Whether a refusal is certain to come again: connections break, and servers fail, by chance too. */
function isFirmRefusal(status = 0): boolean {
  return (status > 0 && status < 500) || status === 501;
}

/** A page that asks to sign in may come with status 200. */
function throwIfPage(bytes: Uint8Array, contentType: string | null, imageId: string): void {
  const text = new TextDecoder('iso-8859-1').decode(bytes.subarray(0, 256));
  if (/^text\/html\b/i.test(contentType ?? '') || /^\s*<(!doctype html|html)/i.test(text)) {
    throw new StreamingVolumeError(
      'header-html',
      `The server answered with an HTML page instead of a DICOM file (${imageId})`,
      { imageIds: [imageId] },
    );
  }
}

/** How sure it is that a server refuses byte ranges. */
type Certainty = 'maybe' | 'sure';

/** Origins that have refused byte ranges and then sent the same files whole. */
const refusals = new Map<string, Certainty>();

/** Whether the server of the address has not refused byte ranges so far. */
function takesRanges(url: string): boolean {
  return refusals.get(originOf(url)) !== 'sure';
}

/** Notes that a server has sent the range that it was asked for. */
function noteRange(url: string): void {
  refusals.delete(originOf(url));
}

/**
 * Notes that a server has not sent a range, but has sent the whole file.
 *
 * @param isFirm - false where that may be chance, such as a broken connection: the server is asked for a range
 *   once more
 */
function noteRefusal(url: string, isFirm: boolean): void {
  const origin = originOf(url);
  refusals.set(origin, isFirm || refusals.has(origin) ? 'sure' : 'maybe');
}

function originOf(url: string): string {
  const base = pageAddress();
  return URL.canParse(url, base) ? new URL(url, base).origin : url;
}
