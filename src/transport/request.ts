import { internal } from '@cornerstonejs/dicom-image-loader';
import { unlessAborted } from './unlessAborted.js';

/** A response with status 200 or 206, as it came over the network. */
export interface TransportResponse {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly status: number;
  /** A header, or null where it is not there or not exposed to the page. */
  readonly header: (name: string) => string | null;
}

/**
 * Sends a request with dicom-image-loader's own transport, so that an application's `beforeSend`,
 * headers, error and progress hooks are honoured.
 *
 * Rejects with the XMLHttpRequest when there is no answer or another status, with what an
 * application's hook has thrown, or with `signal.reason`.
 */
export async function request(
  url: string,
  imageId: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal | undefined,
): Promise<TransportResponse> {
  signal?.throwIfAborted();
  const { response, xhr } = send(url, imageId, headers);
  try {
    const body = await unlessAborted(response, signal, () => {
      // An application's asynchronous `beforeSend` may still be running: the transport would then
      // send a request that was already given up.
      xhr.send = () => undefined;
      xhr.abort();
    });
    return {
      bytes: new Uint8Array(body),
      status: xhr.status,
      header: (name) => xhr.getResponseHeader(name),
    };
  } catch (cause) {
    signal?.throwIfAborted();
    throw cause;
  }
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
function send(
  url: string,
  imageId: string,
  headers: Readonly<Record<string, string>>,
): SentRequest {
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
    const sent = internal.xhrRequest(url, imageId, { ...headers });
    return {
      response: Promise.race([sent as Promise<ArrayBuffer>, failure]),
      xhr: sent.xhr as XMLHttpRequest,
    };
  } finally {
    Object.assign(hooks, { open, beforeSend });
  }
}
