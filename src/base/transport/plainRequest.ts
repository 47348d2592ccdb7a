import { isStreamingVolumeError } from '../errors.js';
import { dataLimits, limitError } from '../limits.js';
import type { DataLimit } from '../limits.js';
import { headerFault } from './headerFault.js';
import { withoutBlanks, withoutQueries } from '../withoutQueries.js';

/** A response with a status that is taken, and its whole body. */
export interface PlainResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** How far a response is; `totalBytes` is undefined where the server does not say it. */
export interface ReceivedBody {
  readonly loadedBytes: number;
  readonly totalBytes: number | undefined;
}

/** A request without a usable response. */
export class HttpError extends Error {
  /** HTTP status, 0 where no response came, undefined where the request was not sent. */
  readonly status: number | undefined;
  /** Headers of the response; empty where none came. */
  readonly headers: Headers;

  constructor(
    message: string,
    status: number | undefined,
    headers = new Headers(),
    cause?: unknown,
  ) {
    super(withoutQueries(message), cause === undefined ? undefined : { cause });
    this.name = 'HttpError';
    this.status = status;
    this.headers = headers;
  }
}

/** Whether a status comes with what was asked for; all others are errors (RFC 9110 15.3.1, 15.3.7). */
export function isTakenStatus(status: number): boolean {
  return status === 200 || status === 206;
}

/**
 * Sends one GET without the hooks of dicom-image-loader. Redirects are followed; browsers then drop
 * `Authorization` for another origin (Fetch standard, HTTP-redirect fetch), and cookies go to the page's own
 * origin only. A user name and a password in the address are sent as Basic `Authorization` (RFC 7617), unless
 * the headers have one.
 *
 * @param headers - by name; later ones replace those of the same name in another case
 * @param options.limit - that the body must not exceed. Default: `fileBytes`
 * @returns the response of status 200 or 206, or an empty one of status 204
 * @throws HttpError where no response came, not all of it, one of another status, or the request cannot be
 *   sent as it is; StreamingVolumeError with code `limit-exceeded`; `options.signal.reason` after an abort
 */
export async function plainRequest(
  url: string,
  headers: Readonly<Record<string, string>>,
  options: {
    readonly limit?: DataLimit;
    readonly onReceived?: ((received: ReceivedBody) => void) | undefined;
    readonly signal?: AbortSignal | undefined;
  } = {},
): Promise<PlainResponse> {
  const { limit = 'fileBytes', onReceived, signal } = options;
  signal?.throwIfAborted();
  const request = prepare(url, headers);
  const pieces: Uint8Array[] = [];
  let response: Response;
  try {
    response = await fetch(request, { signal: signal ?? null });
    const { [limit]: bytes, errorBodyBytes: errorBytes } = dataLimits();
    const tooLong = (): Error => limitError(limit, `The response of ${withoutBlanks(url)}`, bytes);
    await readBody(response, { bytes, errorBytes, tooLong }, (piece, received) => {
      pieces.push(piece);
      onReceived?.(received);
    });
  } catch (cause) {
    signal?.throwIfAborted();
    if (isStreamingVolumeError(cause, 'limit-exceeded')) {
      throw cause;
    }
    throw new HttpError(
      'no response or not all of it: the network failed, or the server does not allow the page (CORS)',
      0,
      undefined,
      cause,
    );
  }
  const { status } = response;
  if (!isTakenStatus(status) && status !== 204) {
    throw new HttpError(`HTTP status ${status}`, status, response.headers);
  }
  return { status, headers: response.headers, bytes: concatenate(pieces) };
}

function prepare(url: string, headers: Readonly<Record<string, string>>): Request {
  try {
    const address = new URL(url, globalThis.document?.baseURI);
    const { username, password } = address;
    const all = new Headers();
    if (username !== '' || password !== '') {
      all.set('Authorization', `Basic ${basicCredentials(username, password)}`);
      // `fetch` takes no address with credentials.
      Object.assign(address, { username: '', password: '' });
    }
    for (const [name, value] of Object.entries(headers)) {
      const fault = headerFault(name, value);
      if (fault !== undefined) {
        throw new HttpError(fault, undefined);
      }
      all.set(name, value);
    }
    return new Request(address, { headers: all });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    // Some browsers quote an address that is none.
    const shown = why.replaceAll(url, withoutBlanks(url));
    throw new HttpError(`it cannot be sent: ${shown}`, undefined, undefined, cause);
  }
}

function basicCredentials(username: string, password: string): string {
  const text = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

/** How many bytes of a response are read. */
export interface BodyLimit {
  readonly bytes: number;
  /** Of an error: enough to use the connection again, and for a message. */
  readonly errorBytes: number;
  /** Makes the error of a body that is longer than `bytes`. */
  readonly tooLong: () => Error;
}

/**
 * Reads the body of a response as a stream, up to a limit; the rest is cancelled.
 *
 * @param onPiece - called with each piece and with what has come so far, and once for a body without pieces
 * @throws `limit.tooLong()` for a body that is longer and is no error, what the stream fails with
 */
export async function readBody(
  response: Response,
  { bytes: bodyBytes, errorBytes, tooLong }: BodyLimit,
  onPiece: (piece: Uint8Array, received: ReceivedBody) => void,
): Promise<void> {
  const totalBytes = declaredLength(response.headers);
  const isTaken = isTakenStatus(response.status);
  const limit = isTaken ? bodyBytes : errorBytes;
  if (isTaken && totalBytes !== undefined && totalBytes > limit) {
    await response.body?.cancel();
    throw tooLong();
  }
  if (!response.body) {
    // No content, or a browser that does not stream it.
    const bytes = new Uint8Array(await response.arrayBuffer());
    if (isTaken && bytes.length > limit) {
      throw tooLong();
    }
    onPiece(bytes.subarray(0, limit), { loadedBytes: bytes.length, totalBytes });
    return;
  }
  const reader = response.body.getReader();
  for (let loadedBytes = 0; isTaken || loadedBytes < limit;) {
    const { done, value } = await reader.read();
    if (done) {
      return;
    }
    if (isTaken && loadedBytes + value.length > limit) {
      await reader.cancel();
      throw tooLong();
    }
    const piece = value.subarray(0, limit - loadedBytes);
    loadedBytes += piece.length;
    onPiece(piece, { loadedBytes, totalBytes });
  }
  await reader.cancel();
}

/** The length that a server declares is that of the encoded body (RFC 9110 8.6), which is not what is read. */
function declaredLength(headers: Headers): number | undefined {
  const declared = Number(headers.get('Content-Length') ?? Number.NaN);
  return headers.has('Content-Encoding') || Number.isNaN(declared) ? undefined : declared;
}

function concatenate(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
