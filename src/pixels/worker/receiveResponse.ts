import { isStreamingVolumeError } from '../../base/errors.js';
import { limitError } from '../../base/limits.js';
import { isTakenStatus, readBody } from '../../base/transport/plainRequest.js';
import type { ResponseHead } from '../../base/transport/XhrStandIn.js';
import type { FetchRequest, FrameFault, ReceivedBytes } from './frameMessages.js';
import type { ResponseMemory } from './ResponseMemory.js';

/** The Content-Type of a response that was received, or why it was not. */
export type ReceivedResponse =
  { readonly contentType: string; readonly fault?: undefined } | { readonly fault: FrameFault };

/** Called while a response arrives. */
export interface ResponseListener {
  /** Not called where `tellsHead` is `never`. */
  readonly onHead: (head: ResponseHead) => void;
  /** Called for each piece. */
  readonly onReceived: (received: ReceivedBytes) => void;
}

/**
 * Fetches a response as a stream into memory of the worker. As the transport of dicom-image-loader does,
 * it follows redirects, sends credentials to other origins only where the request says so, and accepts no status but
 * 200 and 206. Of the body of another, as much is read as the request says (64 KiB): enough for a message, and for the
 * connection to be used again where the body is short.
 *
 * @param imageId - for the fault of a response that is longer than the request allows
 * @param memory - collects the bytes; its `begin` was called
 * @throws `signal.reason` after an abort
 */
export async function receiveResponse(
  { url, headers, credentials, timeoutMs, tellsHead, maxBytes, maxErrorBytes }: FetchRequest,
  imageId: string,
  memory: ResponseMemory,
  signal: AbortSignal,
  { onHead, onReceived }: ResponseListener,
): Promise<ReceivedResponse> {
  const timeout = timeoutMs > 0 ? AbortSignal.timeout(timeoutMs) : undefined;
  const tellsAnything = tellsHead !== 'never';
  let response: Response;
  try {
    response = await fetch(url, {
      headers: headers.map(([name, value]): [string, string] => [name, value]),
      credentials,
      signal: timeout ? AbortSignal.any([signal, timeout]) : signal,
    });
    if (tellsAnything) {
      onHead(headOf(response));
    }
    const limit = {
      bytes: maxBytes,
      errorBytes: maxErrorBytes,
      tooLong: () => limitError('frameBytes', 'The response of a frame', maxBytes, imageId),
    };
    await readBody(response, limit, (piece, { loadedBytes, totalBytes }) => {
      memory.append(piece);
      onReceived({ loaded: loadedBytes, total: totalBytes });
    });
  } catch (cause) {
    signal.throwIfAborted();
    if (isStreamingVolumeError(cause, 'limit-exceeded')) {
      return { fault: { kind: 'frame', code: cause.code, message: cause.message } };
    }
    const isTimeout = timeout?.aborted === true;
    return { fault: { ...NO_RESPONSE, isTimeout, cause } };
  }
  const { status } = response;
  if (!isTakenStatus(status)) {
    const retryAfter = response.headers.get('Retry-After');
    const body = tellsAnything ? memory.bytes.slice().buffer : null;
    return { fault: { ...NO_RESPONSE, status, retryAfter, body } };
  }
  return { contentType: response.headers.get('Content-Type') ?? 'application/octet-stream' };
}

const NO_RESPONSE = {
  kind: 'http',
  status: 0,
  retryAfter: null,
  body: null,
  isTimeout: false,
  cause: undefined,
} as const;

function headOf({ status, statusText, url, headers }: Response): ResponseHead {
  return { status, statusText, url, headers: [...headers] };
}
