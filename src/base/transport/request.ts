import { internal } from '@cornerstonejs/dicom-image-loader';
import { raceAbort } from '../timers.js';
import { transportHooks } from './transportHooks.js';
import type { HookHeaders, RequestParams } from './transportHooks.js';

/** A response with status 200 or 206, as it came over the network. */
export interface TransportResponse {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly status: number;
  /** A header, or null where it is not there or not exposed to the page. */
  readonly header: (name: string) => string | null;
}

/** A request that dicom-image-loader's transport has begun. */
export interface PageRequest {
  /** Rejects with the XMLHttpRequest, or with what an application's hook has thrown. */
  readonly response: Promise<ArrayBuffer>;
  readonly xhr: XMLHttpRequest;
}

/** What is to be requested. */
export interface RequestTarget {
  readonly url: string;
  readonly imageId: string;
  readonly headers: HookHeaders;
  readonly params: RequestParams;
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
  const target = { url, imageId, headers: { ...headers }, params: {} };
  return receiveResponse(beginRequest(target, callHooks(target)), signal);
}

/** Has the application's `open` and `beforeSend` prepare a request. */
export function callHooks({
  url,
  imageId,
  headers,
  params,
}: RequestTarget): (xhr: XMLHttpRequest) => unknown {
  const hooks = transportHooks();
  const { open, beforeSend } = hooks;
  return (xhr) => {
    open.call(hooks, xhr, url, headers, params);
    return beforeSend.call(hooks, xhr, imageId, headers, params);
  };
}

/** Waits for the response; rejects as {@link request} does. */
export async function receiveResponse(
  { response, xhr }: PageRequest,
  signal: AbortSignal | undefined,
): Promise<TransportResponse> {
  try {
    const body = await raceAbort(response, signal, () => {
      // An application's asynchronous `beforeSend` may still be running: the transport would then
      // send a request that was already given up.
      Reflect.set(xhr, 'send', () => undefined);
      // The application is told of failures, not of what was given up.
      Object.assign(xhr, { onreadystatechange: null, onabort: null });
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

const NEVER = new Promise<never>(() => undefined);

/**
 * Begins a request of dicom-image-loader's transport, which is sent when `prepare` has given its headers.
 *
 * The transport awaits `beforeSend` where nobody sees it fail: its promise would stay pending for
 * ever. So it is given hooks of ours, for the moment in which it calls them.
 *
 * @param prepare - in place of the hooks `open` and `beforeSend`: opens the XMLHttpRequest, and gives
 *   headers besides those of the target
 */
export function beginRequest(
  { url, imageId, headers, params }: RequestTarget,
  prepare: (xhr: XMLHttpRequest) => unknown,
): PageRequest {
  const hooks = transportHooks();
  const { open, beforeSend } = hooks;
  let fail: (reason: unknown) => void = () => undefined;
  const failure = new Promise<never>((_, reject) => {
    fail = reject;
  });
  const ours = {
    // The transport calls `beforeSend` right after `open`; both are done there.
    open: () => undefined,
    beforeSend: async (xhr: XMLHttpRequest) => {
      try {
        return await prepare(xhr);
      } catch (error) {
        fail(error);
        return NEVER;
      }
    },
  };
  try {
    Object.assign(hooks, ours);
    const sent = internal.xhrRequest(url, imageId, headers as Record<string, string>, params);
    return {
      response: Promise.race([sent as Promise<ArrayBuffer>, failure]),
      xhr: sent.xhr as XMLHttpRequest,
    };
  } finally {
    Object.assign(hooks, { open, beforeSend });
  }
}

/**
 * The wait that a `Retry-After` header asks for (RFC 9110 10.2.3): seconds or a date.
 *
 * @param now - current time in ms since 1970
 * @returns milliseconds from 0, or undefined for a header that is missing or says nothing
 */
export function parseRetryAfter(header: string | null, now: number): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d+$/.test(text)) {
    return Number(text) * 1000;
  }
  const date = /[a-z]/i.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** Why a request failed, in fields of an error. */
export interface RequestFailure {
  /** The end of a sentence: `failed with HTTP status 404`. */
  readonly what: string;
  /** HTTP status, 0 where no response came, undefined where the request was not sent. */
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;
}

/** @param cause - what `request` has rejected with */
export function requestFailure(cause: unknown): RequestFailure {
  const found = (cause as { status?: unknown } | null)?.status;
  const status = typeof found === 'number' ? found : undefined;
  const retryAfter =
    cause instanceof XMLHttpRequest && cause.readyState >= XMLHttpRequest.HEADERS_RECEIVED
      ? cause.getResponseHeader('Retry-After')
      : null;
  return describeFailure(status, retryAfter, cause);
}

/**
 * @param status - HTTP status, 0 where no response came, undefined where the request was not sent
 * @param retryAfter - the response's `Retry-After` header
 */
export function describeFailure(
  status: number | undefined,
  retryAfter: string | null,
  cause: unknown,
): RequestFailure {
  const what =
    cause instanceof Error
      ? `failed: ${cause.message}`
      : status === undefined
        ? 'failed'
        : status === 0
          ? 'failed: no response'
          : `failed with HTTP status ${status}`;
  return { what, status, retryAfterMs: parseRetryAfter(retryAfter, Date.now()) };
}
