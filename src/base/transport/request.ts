import { internal } from '@cornerstonejs/dicom-image-loader';
import { dataLimits, limitError } from '../limits.js';
import type { DataLimit } from '../limits.js';
import { browserTimer, raceAbort, wait } from '../timers.js';
import { headerFault } from './headerFault.js';
import { HttpError, isTakenStatus } from './plainRequest.js';
import { isTransientStatus, parseRetryAfter, retryDelay, retryPolicyOf } from './retryPolicy.js';
import type { RequestOptions } from './retryPolicy.js';
import { transportHooks } from './transportHooks.js';
import type { HookHeaders, RequestParams } from './transportHooks.js';

/** A response with status 200 or 206, as it came over the network. */
export interface TransportResponse {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly status: number;
  /** A header, or null where it is missing or not exposed to the page. */
  readonly header: (name: string) => string | null;
}

/** A request that dicom-image-loader's transport has begun. */
export interface PageRequest {
  /** Rejects with the XMLHttpRequest, or with what a hook of the application has thrown. */
  readonly response: Promise<ArrayBuffer>;
  readonly xhr: XMLHttpRequest;
}

/** What is to be requested. */
export interface RequestTarget {
  readonly url: string;
  readonly imageId: string;
  readonly headers: HookHeaders;
  readonly params: RequestParams;
  /** That the body must not exceed. */
  readonly limit: DataLimit;
}

/**
 * Sends one request with dicom-image-loader's own transport, which calls the application's hooks. It is not
 * repeated: {@link retryRequest} does that.
 *
 * @param options.limit - that the body must not exceed
 * @param options.onReceived - called whenever something of the response has arrived
 * @throws the XMLHttpRequest when no response came or one of another status, what a hook of the application
 *   has thrown, StreamingVolumeError with code `limit-exceeded`, or `options.signal.reason`
 */
export async function request(
  url: string,
  imageId: string,
  headers: Readonly<Record<string, string>>,
  options: {
    readonly limit: DataLimit;
    readonly onReceived?: ((progress: ProgressEvent) => void) | undefined;
    readonly signal: AbortSignal | undefined;
  },
): Promise<TransportResponse> {
  const { limit, onReceived, signal } = options;
  signal?.throwIfAborted();
  const target = { url, imageId, headers: { ...headers }, params: {}, limit };
  const begun = beginRequest(target, callHooks(target));
  if (onReceived) {
    begun.xhr.addEventListener('progress', onReceived);
  }
  return receiveResponse(begun, signal);
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

/** Waits for the response of a request that has begun; throws as {@link request} does. */
export async function receiveResponse(
  { response, xhr }: PageRequest,
  signal: AbortSignal | undefined,
): Promise<TransportResponse> {
  try {
    const body = await raceAbort(response, signal, () => {
      // An asynchronous `beforeSend` may still be running: the transport would send the request behind it.
      Reflect.set(xhr, 'send', () => undefined);
      // An abort is no failure, and the application is not told of it.
      Object.assign(xhr, { onreadystatechange: null, onabort: null });
      xhr.abort();
    });
    return {
      bytes: new Uint8Array(body),
      status: xhr.status,
      header: (name) => exposedHeader(xhr, name),
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
 * @param prepare - in the place of the hooks `open` and `beforeSend`: opens the XMLHttpRequest, and gives
 *   headers besides those of the target
 */
export function beginRequest(
  target: RequestTarget,
  prepare: (xhr: XMLHttpRequest) => unknown,
): PageRequest {
  const { url, imageId, headers, params } = target;
  const hooks = transportHooks();
  const { open, beforeSend } = hooks;
  let fail: (reason: unknown) => void = () => undefined;
  const failure = new Promise<never>((_, reject) => {
    fail = reject;
  });
  // Workaround: dicom-image-loader awaits `beforeSend` in an async Promise executor
  // (imageLoader/internal/xhrRequest.js), so that its promise stays pending for ever when the hook fails. Hooks
  // of this package are in their place while it calls them. Remove when it rejects then.
  const ours = {
    // The transport calls `beforeSend` right after `open`; both are done there.
    open: () => undefined,
    beforeSend: async (xhr: XMLHttpRequest) => {
      try {
        const own = (await prepare(xhr)) as HookHeaders | undefined;
        throwIfUnsendable({ ...headers, ...own });
        return own;
      } catch (error) {
        fail(withoutValue(error));
        return NEVER;
      }
    },
  };
  try {
    Object.assign(hooks, ours);
    const sent = internal.xhrRequest(url, imageId, headers as Record<string, string>, params);
    const xhr = sent.xhr as XMLHttpRequest;
    limitBody(xhr, target, fail);
    limitErrorBody(xhr);
    return { response: Promise.race([sent as Promise<ArrayBuffer>, failure]), xhr };
  } finally {
    Object.assign(hooks, { open, beforeSend });
  }
}

/** @throws HttpError for headers that no request can have: the transport would quote them, and settle nothing */
export function throwIfUnsendable(headers: HookHeaders): void {
  for (const [name, value] of Object.entries(headers)) {
    const fault = value === null ? undefined : headerFault(name, value);
    if (fault !== undefined) {
      throw new HttpError(`it cannot be sent: ${fault}`, undefined);
    }
  }
}

/** An XMLHttpRequest refuses a header that a hook sets with a SyntaxError, which quotes its value. */
export function withoutValue(error: unknown): unknown {
  return error instanceof DOMException && error.name === 'SyntaxError'
    ? new HttpError('a hook has set a header or an address that cannot be sent', undefined)
    : error;
}

/** The `Retry-After` of errors whose body was cut off: an aborted XMLHttpRequest has no headers. */
const retryAfterOfCut = new WeakMap<XMLHttpRequest, string | null>();

/** Ends a response that is longer than its limit. The hooks hear of it as of an abort. */
function limitBody(
  xhr: XMLHttpRequest,
  { imageId, limit }: RequestTarget,
  fail: (reason: unknown) => void,
): void {
  const { [limit]: bytes } = dataLimits();
  const onProgress = ({ loaded, lengthComputable, total }: ProgressEvent): void => {
    const isTooLong = loaded > bytes || (lengthComputable && total > bytes);
    if (isTooLong && isTakenStatus(xhr.status)) {
      xhr.removeEventListener('progress', onProgress);
      fail(limitError(limit, 'The response of a request', bytes, imageId));
      xhr.abort();
    }
  };
  xhr.addEventListener('progress', onProgress);
}

/**
 * Ends a response at the limit `errorBodyBytes` where it is an error: errors are kept, and their cause with
 * its body. The hooks hear of the error as they do of others, with its status and without a body; with its body where
 * all of it comes between two `progress` events, and then the body is dropped after them.
 */
function limitErrorBody(xhr: XMLHttpRequest): void {
  const onProgress = ({ loaded }: ProgressEvent): void => {
    if (loaded > dataLimits().errorBodyBytes && !isTakenStatus(xhr.status)) {
      xhr.removeEventListener('progress', onProgress);
      // Workaround: Chromium leaves out the last `readystatechange` when a response whose bytes have all come is
      // aborted in its last `progress` event (third_party/blink, XMLHttpRequest::abort). Remove when it tells the end.
      setTimeout(() => {
        cutOff(xhr);
      });
    }
  };
  xhr.addEventListener('progress', onProgress);
}

function cutOff(xhr: XMLHttpRequest): void {
  const { status } = xhr;
  retryAfterOfCut.set(xhr, exposedHeader(xhr, 'Retry-After'));
  Object.defineProperty(xhr, 'status', { configurable: true, value: status });
  // The error is told with readyState 4, and would be told again. Where it was told, the abort tells nothing and drops
  // the body (XMLHttpRequest standard, abort).
  Object.assign(xhr, { onabort: null });
  xhr.abort();
}

/**
 * A header of a response, or null where it is missing or not exposed to the page.
 *
 * Workaround: Chromium writes "Refused to get unsafe header" on the console when a header of another origin is
 * asked for that is not exposed (third_party/blink, XMLHttpRequest::getResponseHeader). Remove when it does not.
 */
function exposedHeader(xhr: XMLHttpRequest, name: string): string | null {
  const prefix = `${name.toLowerCase()}:`;
  const lines = xhr.getAllResponseHeaders().toLowerCase().split('\r\n');
  return lines.some((line) => line.startsWith(prefix)) ? xhr.getResponseHeader(name) : null;
}

/** Why a request failed, in fields of an error. */
export interface RequestFailure {
  /** The end of a sentence: `failed with HTTP status 404`. */
  readonly what: string;
  /** HTTP status, 0 where no response came, undefined where the request was not sent. */
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;
}

/** @param cause - what a request has rejected with */
export function requestFailure(cause: unknown): RequestFailure {
  const found = (cause as { status?: unknown } | null)?.status;
  const status = typeof found === 'number' ? found : undefined;
  return describeFailure(status, retryAfterOf(cause), cause);
}

function retryAfterOf(cause: unknown): string | null {
  if (cause instanceof HttpError) {
    return cause.headers.get('Retry-After');
  }
  return typeof XMLHttpRequest !== 'undefined' && cause instanceof XMLHttpRequest
    ? (retryAfterOfCut.get(cause) ?? exposedHeader(cause, 'Retry-After'))
    : null;
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

/** What one try of a request gets. */
export interface RequestAttempt {
  /** To be called whenever something of the response has arrived: the time of the try begins anew. */
  readonly onReceived: () => void;
  /** Aborts the try. */
  readonly signal: AbortSignal;
}

/**
 * Sends a request, and again after transient failures: of the network, of a server that is busy or broken, or
 * when nothing arrives for `timeoutMs`. The backoff doubles each time and has jitter; a `Retry-After` counts
 * instead.
 *
 * @param attempt - sends the request once
 * @param options.isTransient - whether a failure with this HTTP status is transient
 * @param options.timer - default: the browser's
 * @throws what the last try has rejected with, or `options.signal.reason`
 */
export async function retryRequest<T>(
  attempt: (attempt: RequestAttempt) => Promise<T>,
  options: RequestOptions & {
    readonly isTransient?: (status: number) => boolean;
    readonly timer?: typeof browserTimer;
  },
): Promise<T> {
  const { isTransient = isTransientStatus, signal } = options;
  const policy = retryPolicyOf(options);
  for (let tries = 1; ; tries++) {
    try {
      signal?.throwIfAborted();
      return await attemptInTime(attempt, options);
    } catch (cause) {
      signal?.throwIfAborted();
      const { status, retryAfterMs } = requestFailure(cause);
      if (tries > policy.retries || status === undefined || !isTransient(status)) {
        throw cause;
      }
      await wait(retryDelay(tries, policy, retryAfterMs, Math.random()), signal);
    }
  }
}

async function attemptInTime<T>(
  attempt: (attempt: RequestAttempt) => Promise<T>,
  {
    timeoutMs = 60_000,
    timer = browserTimer,
    signal,
  }: RequestOptions & { readonly timer?: typeof browserTimer },
): Promise<T> {
  const limit = new AbortController();
  let isOver = false;
  let cancel = (): void => undefined;
  const onReceived = (): void => {
    cancel();
    if (!isOver) {
      cancel = timer(() => {
        limit.abort(new HttpError(`nothing arrived for ${timeoutMs} ms`, 0));
      }, timeoutMs);
    }
  };
  const signals = [limit.signal, signal].filter((each) => each !== undefined);
  onReceived();
  try {
    return await attempt({ onReceived, signal: AbortSignal.any(signals) });
  } finally {
    isOver = true;
    cancel();
  }
}
