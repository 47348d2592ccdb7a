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
 * 200 and 206. Of the body of another, 64 KiB are read: enough for a message, and for the
 * connection to be used again where the body is short.
 *
 * @param memory - collects the bytes; its `begin` was called
 * @throws `signal.reason` after an abort
 */
export async function receiveResponse(
  { url, headers, credentials, timeoutMs, tellsHead }: FetchRequest,
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
    await readBody(response, (piece, { loadedBytes, totalBytes }) => {
      memory.append(piece);
      onReceived({ loaded: loadedBytes, total: totalBytes });
    });
  } catch (cause) {
    signal.throwIfAborted();
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
