import type { FrameFault, FrameRequest, ReceivedBytes } from './frameMessages.js';
import type { ResponseMemory } from './ResponseMemory.js';

/** A response that is there, or why it is not. */
export type ReceivedResponse =
  { readonly contentType: string; readonly fault?: undefined } | { readonly fault: FrameFault };

/**
 * Fetches a response as a stream into memory of the worker. As the transport of dicom-image-loader does,
 * it follows redirects, sends credentials to the page's own origin only, and takes no status but 200 and
 * 206; the body of another is read and dropped, so that the connection can be used again.
 *
 * @param memory - has the bytes afterwards
 * @param onReceived - called for each piece
 * @throws `signal.reason` after an abort
 */
export async function receiveResponse(
  { url, headers, nativeLength }: Pick<FrameRequest, 'url' | 'headers' | 'nativeLength'>,
  memory: ResponseMemory,
  signal: AbortSignal,
  onReceived: (received: ReceivedBytes) => void,
): Promise<ReceivedResponse> {
  memory.begin(nativeLength);
  let response: Response;
  try {
    response = await fetch(url, { headers, signal });
    await readBody(response, memory, onReceived);
  } catch (cause) {
    signal.throwIfAborted();
    return { fault: { kind: 'http', status: 0, retryAfter: null, cause } };
  }
  const { status } = response;
  if (status !== 200 && status !== 206) {
    const retryAfter = response.headers.get('Retry-After');
    return { fault: { kind: 'http', status, retryAfter, cause: undefined } };
  }
  return { contentType: response.headers.get('Content-Type') ?? 'application/octet-stream' };
}

async function readBody(
  response: Response,
  memory: ResponseMemory,
  onReceived: (received: ReceivedBytes) => void,
): Promise<void> {
  const total = bodyLength(response.headers);
  const reader = response.body?.getReader();
  for (let loaded = 0; reader;) {
    const { done, value } = await reader.read();
    if (done) {
      return;
    }
    memory.append(value);
    loaded += value.length;
    onReceived({ loaded, total });
  }
}

/** The length that a server declares is that of the encoded body (RFC 9110 8.6), which nobody sees. */
function bodyLength(headers: Headers): number | undefined {
  const declared = Number(headers.get('Content-Length') ?? Number.NaN);
  return headers.has('Content-Encoding') || Number.isNaN(declared) ? undefined : declared;
}
