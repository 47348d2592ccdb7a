import { internal } from '@cornerstonejs/dicom-image-loader';
import type { StreamingVolumeError } from '../errors.js';
import { createFetchError } from './fetchError.js';
import { FRAME_HEADERS } from './frameHeaders.js';

/** A response as it came over the network. */
export interface FrameResponse {
  readonly bytes: Uint8Array;
  /** Content-Type of the whole response. */
  readonly contentType: string;
}

/**
 * Fetches one frame with dicom-image-loader's own transport, so that an application's `beforeSend`,
 * headers, error and progress hooks are honoured.
 *
 * @throws StreamingVolumeError with code `frame-fetch` and the HTTP status, or `signal.reason`
 */
export async function fetchFrame(
  url: string,
  imageId: string,
  signal: AbortSignal | undefined,
): Promise<FrameResponse> {
  signal?.throwIfAborted();
  const { response, xhr } = sendRequest(url, imageId);
  let giveUp = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    giveUp = () => {
      // An application's asynchronous `beforeSend` may still be running: the transport would then
      // send a request that was already given up.
      xhr.send = () => undefined;
      xhr.abort();
      reject(signal?.reason as Error);
    };
  });
  signal?.addEventListener('abort', giveUp, { once: true });
  let body: ArrayBuffer;
  try {
    body = await Promise.race([response, aborted]);
  } catch (cause) {
    signal?.throwIfAborted();
    throw toFetchError(cause, imageId);
  } finally {
    signal?.removeEventListener('abort', giveUp);
  }
  return {
    bytes: new Uint8Array(body),
    contentType: xhr.getResponseHeader('Content-Type') ?? 'application/octet-stream',
  };
}

interface SentRequest {
  /** Rejects with the XMLHttpRequest, or with what an application's hook has thrown. */
  readonly response: Promise<ArrayBuffer>;
  readonly xhr: XMLHttpRequest;
}

interface TransportHooks {
  open: (...args: unknown[]) => void;
  beforeSend: (...args: unknown[]) => unknown;
}

const NEVER = new Promise<never>(() => undefined);

/**
 * The transport awaits `beforeSend` where nobody sees it fail: its promise would stay pending for
 * ever. So it is given hooks of ours, for the moment in which it calls them.
 */
function sendRequest(url: string, imageId: string): SentRequest {
  const hooks = internal.getOptions() as unknown as TransportHooks;
  const { open, beforeSend } = hooks;
  let fail: (reason: unknown) => void = () => undefined;
  const failure = new Promise<never>((_, reject) => {
    fail = reject;
  });
  // The transport calls `beforeSend` right after `open`; here both are done in the second.
  let openArguments: unknown[] = [];
  hooks.open = (...args) => {
    openArguments = args;
  };
  hooks.beforeSend = async (...args) => {
    try {
      open.apply(hooks, openArguments);
      return await beforeSend.apply(hooks, args);
    } catch (error) {
      fail(error);
      return NEVER;
    }
  };
  try {
    const request = internal.xhrRequest(url, imageId, { ...FRAME_HEADERS });
    return {
      response: Promise.race([request as Promise<ArrayBuffer>, failure]),
      xhr: request.xhr as XMLHttpRequest,
    };
  } finally {
    Object.assign(hooks, { open, beforeSend });
  }
}

function toFetchError(cause: unknown, imageId: string): StreamingVolumeError {
  const status = (cause as { status?: unknown } | null)?.status;
  const retryAfter =
    cause instanceof XMLHttpRequest && cause.readyState >= XMLHttpRequest.HEADERS_RECEIVED
      ? cause.getResponseHeader('Retry-After')
      : null;
  return createFetchError(imageId, {
    status: typeof status === 'number' ? status : undefined,
    retryAfter,
    cause,
  });
}
