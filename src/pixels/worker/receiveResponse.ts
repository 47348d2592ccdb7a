import type { ResponseHead } from '../../base/transport/standInTypes.js';
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
 * 200 and 206. Of the body of another, {@link MAX_ERROR_BODY_BYTES} are read: enough for a message, and for the
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
    const isTaken = TAKEN_STATUS.has(response.status);
    await readBody(response, memory, onReceived, isTaken ? Infinity : MAX_ERROR_BODY_BYTES);
  } catch (cause) {
    signal.throwIfAborted();
    const isTimeout = timeout?.aborted === true;
    return { fault: { ...NO_RESPONSE, isTimeout, cause } };
  }
  const { status } = response;
  if (!TAKEN_STATUS.has(status)) {
    const retryAfter = response.headers.get('Retry-After');
    const body = tellsAnything ? memory.bytes.slice().buffer : null;
    return { fault: { ...NO_RESPONSE, status, retryAfter, body } };
  }
  return { contentType: response.headers.get('Content-Type') ?? 'application/octet-stream' };
}

/** The others do not come with a frame (RFC 9110 15.3.1, 15.3.7). */
const TAKEN_STATUS: ReadonlySet<number> = new Set([200, 206]);

/** An error page may be of any length, and the worker keeps its memory for the next response. */
const MAX_ERROR_BODY_BYTES = 64 * 1024;

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

async function readBody(
  response: Response,
  memory: ResponseMemory,
  onReceived: (received: ReceivedBytes) => void,
  maxBytes: number,
): Promise<void> {
  const total = bodyLength(response.headers);
  if (!response.body) {
    // No content, or a browser that does not stream it.
    const bytes = new Uint8Array(await response.arrayBuffer());
    memory.append(bytes.subarray(0, maxBytes));
    onReceived({ loaded: bytes.length, total });
    return;
  }
  const reader = response.body.getReader();
  for (let loaded = 0; ;) {
    const { done, value } = await reader.read();
    if (done) {
      return;
    }
    memory.append(value.subarray(0, maxBytes - loaded));
    loaded += value.length;
    onReceived({ loaded, total });
    if (loaded > maxBytes) {
      await reader.cancel();
      return;
    }
  }
}

/** The declared length is that of the encoded body (RFC 9110 8.6), and the decoded one is read. */
function bodyLength(headers: Headers): number | undefined {
  const declared = Number(headers.get('Content-Length') ?? Number.NaN);
  return headers.has('Content-Encoding') || Number.isNaN(declared) ? undefined : declared;
}
