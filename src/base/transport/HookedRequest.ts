import { callApplication } from '../callApplication.js';
import { raceAbort } from '../timers.js';
import { beginRequest, callHooks, throwIfUnsendable, withoutValue } from './request.js';
import type { PageRequest, RequestTarget } from './request.js';
import { applicationHooks, transportHooks } from './transportHooks.js';
import type { HookHeaders, HookName, TransportHooks } from './transportHooks.js';
import { XhrStandIn } from './XhrStandIn.js';
import type { ResponseHead, XhrEventType } from './XhrStandIn.js';

/** What hooks make of a request that a worker sends. */
export interface PreparedRequest {
  readonly url: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly credentials: 'same-origin' | 'include';
  /** Longest time of the request in ms; 0 for none. */
  readonly timeoutMs: number;
}

/** Hooks and events that can look at the body of a response. */
const RESPONSE_HOOKS: readonly HookName[] = ['beforeProcessing', 'onreadystatechange', 'onloadend'];
const RESPONSE_EVENTS: readonly XhrEventType[] = ['readystatechange', 'load', 'loadend'];
/** Hooks and events that can look at the head of a response while the body arrives. */
const HEAD_HOOKS: readonly HookName[] = ['onreadystatechange', 'onprogress'];
const HEAD_EVENTS: readonly XhrEventType[] = ['readystatechange', 'progress'];

/** Hooks that a stand-in cannot serve, and why. */
const unservedHooks = new WeakMap<object, string>();
/** Whether there are any: {@link whyUnserved} is called for each frame. */
let hasUnserved = false;

/**
 * Why the hooks that are set now have to get an XMLHttpRequest from the beginning, as far as it was
 * seen in earlier requests; undefined where they do not.
 */
export function whyUnserved(): string | undefined {
  if (!hasUnserved) {
    return undefined;
  }
  return Object.values(transportHooks())
    .map((hook: unknown) => (typeof hook === 'function' ? unservedHooks.get(hook) : undefined))
    .find((why) => why !== undefined);
}

/**
 * The application's hooks around one request that a worker sends. They are called as dicom-image-loader's
 * transport calls them (`imageLoader/internal/xhrRequest.js`), each once and in the same order, with an
 * object that stands for the XMLHttpRequest. When they use what only an XMLHttpRequest has, the request
 * becomes one of the page; when they put their own methods into it or cannot go on with it, they are called
 * once more, with an XMLHttpRequest, and get no other from then on.
 */
export class HookedRequest {
  readonly #target: RequestTarget;
  readonly #hooks: TransportHooks = transportHooks();
  readonly #named: readonly HookName[] = applicationHooks();
  readonly #standIn: XhrStandIn;
  readonly #freshHeaders: HookHeaders;
  readonly #stop = new AbortController();
  /** What hooks see of the request from its start to its end. */
  readonly events: HookEvents;
  #ownHeaders: unknown;
  #page: PageRequest | undefined;
  #pageReason = '';
  #isAbortedByHook = false;
  #giveHeaders: (headers: unknown) => void = () => undefined;

  private constructor(target: RequestTarget) {
    this.#target = target;
    this.#freshHeaders = { ...target.headers };
    this.#standIn = new XhrStandIn({
      createReal: (what) => {
        this.#pageReason = `a hook uses XMLHttpRequest.${what}`;
        this.#page = beginRequest(target, () => this.#headersOfHooks());
        return this.#page.xhr;
      },
      onTooLate: (what) => {
        this.#setUnserved(`a hook uses XMLHttpRequest.${what}`);
      },
      onAbort: () => {
        this.#isAbortedByHook = true;
        this.#stop.abort();
      },
    });
    const hasProcessing = this.#hasAny(['beforeProcessing']);
    this.events = new HookEvents(target, this.#standIn, hasProcessing, () => {
      this.#stop.abort();
    });
  }

  /**
   * Calls `open` and `beforeSend`, and waits for the headers that they return.
   *
   * @throws what they throw, or `signal.reason` after an abort
   */
  static async prepare(target: RequestTarget, signal: AbortSignal): Promise<HookedRequest> {
    const request = new HookedRequest(target);
    signal.addEventListener(
      'abort',
      () => {
        request.#stop.abort(signal.reason);
      },
      { once: true },
    );
    try {
      const given = Promise.resolve(callHooks(target)(request.#standIn.xhr));
      request.#ownHeaders = await raceAbort(given, signal);
      throwIfUnsendable({
        ...target.headers,
        ...(request.#ownHeaders as HookHeaders | undefined),
      });
    } catch (cause) {
      signal.throwIfAborted();
      const error = withoutValue(cause);
      // Methods of the browser throw a TypeError for an object that is no XMLHttpRequest.
      if (!(error instanceof TypeError)) {
        throw error;
      }
      return request.#beginAnew(`a hook takes nothing but an XMLHttpRequest: ${error.message}`);
    }
    const { overwritten, url, real } = request.#standIn;
    if (overwritten !== undefined) {
      return request.#beginAnew(`a hook overwrites XMLHttpRequest.${overwritten}`);
    }
    if (!real && url === undefined) {
      throw new Error(
        'The hook `open` has not opened the request: it has to call xhr.open("GET", url)',
      );
    }
    request.#giveHeaders(request.#ownHeaders);
    return request;
  }

  /** What hooks get as XMLHttpRequest. */
  get xhr(): XMLHttpRequest {
    return this.#standIn.xhr;
  }

  /** The request of the page that has come of it, if one has, and why. */
  get onPage(): { readonly request: PageRequest; readonly reason: string } | undefined {
    return this.#page && { request: this.#page, reason: this.#pageReason };
  }

  /** Names of the application's hooks. */
  get hookNames(): readonly HookName[] {
    return this.#named;
  }

  /** What is to be sent. */
  get prepared(): PreparedRequest {
    const { url, requestHeaders, withCredentials, timeout } = this.#standIn;
    const { url: given, headers: defaults } = this.#target;
    const all = { ...defaults, ...(this.#ownHeaders as typeof defaults | undefined) };
    const headers = Object.entries(all)
      .filter(
        ([name, value]) => value !== null && !(name === 'Accept' && given.includes('accept=')),
      )
      .map(([name, value]) => [name, String(value)] as const);
    return {
      url: url as string,
      // What is set twice has both values, as in an XMLHttpRequest.
      headers: [...requestHeaders, ...headers],
      credentials: withCredentials ? 'include' : 'same-origin',
      timeoutMs: timeout,
    };
  }

  /** Whether hooks can look at the body of the response. */
  get wantsBody(): boolean {
    return this.#hasAny(RESPONSE_HOOKS) || this.#standIn.listensTo(RESPONSE_EVENTS);
  }

  /** Whether hooks can look at the head of the response before the body is here. */
  get wantsEarlyHead(): boolean {
    return this.#hasAny(HEAD_HOOKS) || this.#standIn.listensTo(HEAD_EVENTS);
  }

  /** Aborts when the caller aborts the request, and when a hook aborts or settles it. */
  get stopSignal(): AbortSignal {
    return this.#stop.signal;
  }

  /** Whether a hook has aborted the request. */
  get isAbortedByHook(): boolean {
    return this.#isAbortedByHook;
  }

  /** Makes it a request of the page, which is sent at once. */
  moveToPage(why: string): PageRequest {
    this.#standIn.takeOver('send');
    this.#pageReason = why;
    this.#giveHeaders(this.#ownHeaders);
    return this.#page as PageRequest;
  }

  #hasAny(names: readonly HookName[]): boolean {
    return this.#named.some((name) => names.includes(name));
  }

  #beginAnew(why: string): this {
    this.#setUnserved(why);
    this.#pageReason = why;
    // The hooks change the headers and parameters once more.
    const target = { ...this.#target, headers: this.#freshHeaders, params: {} };
    this.#page = beginRequest(target, callHooks(target));
    return this;
  }

  #setUnserved(why: string): void {
    hasUnserved = true;
    for (const name of this.#named) {
      unservedHooks.set(this.#hooks[name] as object, why);
    }
  }

  #headersOfHooks(): Promise<unknown> {
    return new Promise((resolve) => {
      this.#giveHeaders = resolve;
    });
  }
}

/** A request that has failed, as hooks are told of it. */
export interface FailedResponse {
  /** Undefined where no response came, or not all of it. */
  readonly head: ResponseHead | undefined;
  /** What the server sent with an error, at most 64 KiB. */
  readonly body: ArrayBuffer | null;
  /** Whether the `timeout` that a hook has set was over. */
  readonly isTimeout: boolean;
}

/** With a body, or with an error. */
export type SettledByHook = { readonly body: unknown } | { readonly reason: unknown };

/**
 * Calls an application's hooks for the events of a request that a worker sends, in the order of
 * dicom-image-loader's transport (`imageLoader/internal/xhrRequest.js`), but once for each failure.
 */
export class HookEvents {
  readonly #target: RequestTarget;
  readonly #standIn: XhrStandIn;
  readonly #hasProcessing: boolean;
  readonly #hooks: TransportHooks = transportHooks();
  readonly #onSettled: () => void;
  /** Progress so far, which the events at the end repeat. */
  #received: ProgressEventInit = {};
  #settled: SettledByHook | undefined;

  /**
   * @param hasProcessing - whether `beforeProcessing` is the application's
   * @param onSettled - called when a hook has settled the request
   */
  constructor(
    target: RequestTarget,
    standIn: XhrStandIn,
    hasProcessing: boolean,
    onSettled: () => void,
  ) {
    this.#target = target;
    this.#standIn = standIn;
    this.#hasProcessing = hasProcessing;
    this.#onSettled = onSettled;
  }

  /** How a hook has settled the request by `params.deferred`, in the place of the response; if one has. */
  get settled(): SettledByHook | undefined {
    return this.#settled;
  }

  /** To be called when the request is sent. */
  send(): void {
    const { url, imageId, params } = this.#target;
    const settle = (settled: SettledByHook): void => {
      this.#settled ??= settled;
      this.#onSettled();
    };
    const deferred = {
      resolve: (body: unknown) => {
        settle({ body });
      },
      reject: (reason: unknown) => {
        settle({ reason });
      },
    };
    Object.assign(params, { deferred, url, imageId });
    this.#standIn.send();
    this.#tell('loadstart', 'onloadstart');
  }

  /** To be called with the head of the response. */
  receiveHead(head: ResponseHead): void {
    this.#standIn.receive(head, 2);
    this.#tell('readystatechange', 'onreadystatechange');
    this.#standIn.receive(head, 3);
    this.#tell('readystatechange', 'onreadystatechange');
  }

  /** To be called with the bytes of the response so far. */
  receiveBytes(loaded: number, total: number | undefined): void {
    const lengthComputable = total !== undefined;
    this.#received = { lengthComputable, loaded, total: total ?? 0 };
    this.#tell('progress', 'onprogress', this.#received);
  }

  /**
   * To be called with the whole response.
   *
   * @param body - undefined where no hook reads it
   * @returns what `beforeProcessing` makes of the body
   * @throws what `beforeProcessing` throws
   */
  async succeed(head: ResponseHead, body: ArrayBuffer | undefined): Promise<unknown> {
    this.#standIn.end(head, body);
    this.#tell('readystatechange', 'onreadystatechange');
    let processed: unknown = body;
    let fault: { readonly cause: unknown } | undefined;
    // The transport calls it before the events that follow, and awaits it after them.
    const processing = this.#hasProcessing
      ? new Promise((resolve) => {
          resolve(this.#hooks.beforeProcessing(this.#standIn.xhr));
        })
      : undefined;
    const awaited = processing?.then(
      (result) => {
        processed = result;
      },
      (cause: unknown) => {
        fault = { cause };
      },
    );
    this.#tell('load', undefined, this.#received);
    this.#tell('loadend', 'onloadend', this.#received);
    await awaited;
    if (fault) {
      this.#intercept();
      throw fault.cause;
    }
    return processed;
  }

  /** To be called when there is no response, or an error. */
  fail({ head, body, isTimeout }: FailedResponse): void {
    this.#standIn.end(head, body);
    this.#tell('readystatechange', 'onreadystatechange');
    this.#intercept();
    // A response that broke off has no progress.
    const received = head ? this.#received : {};
    this.#tell(head ? 'load' : isTimeout ? 'timeout' : 'error', undefined, received);
    this.#tell('loadend', 'onloadend', received);
  }

  /** To be called after an abort, which is no failure: `errorInterceptor` is not called. */
  abandon(): void {
    this.#standIn.end(undefined, null);
    this.#tell('abort');
    this.#tell('loadend', 'onloadend');
  }

  #tell(
    type: XhrEventType,
    hook?: 'onloadstart' | 'onloadend' | 'onprogress' | 'onreadystatechange',
    init?: ProgressEventInit,
  ): void {
    const called = hook && this.#hooks[hook];
    // Without a listener no event is made: there are several for each frame.
    if (called || this.#standIn.listensTo([type])) {
      const event = this.#standIn.emit(type, init);
      callApplication(() => called?.call(this.#hooks, event, this.#target.params));
    }
  }

  #intercept(): void {
    const { xhr } = this.#standIn;
    const { response, status } = xhr;
    const details = { request: xhr, response: response as unknown, status };
    const error = Object.assign(new Error('request failed'), details);
    callApplication(() => this.#hooks.errorInterceptor?.(error));
  }
}
