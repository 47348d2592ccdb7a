import type { RequestTarget } from './request.js';
import type { ResponseHead, XhrEventType } from './standInTypes.js';
import { transportHooks } from './transportHooks.js';
import type { TransportHooks } from './transportHooks.js';
import type { XhrStandIn } from './XhrStandIn.js';

/** How a request has failed. */
export interface FailedResponse {
  /** Undefined where no response came, or not all of it. */
  readonly head: ResponseHead | undefined;
  /** What the server sent with an error. */
  readonly body: ArrayBuffer | null;
  /** Whether the time that a hook has set was over. */
  readonly isTimeout: boolean;
}

/** With a body, or with an error. */
export type SettledByHook = { readonly body: unknown } | { readonly reason: unknown };

/**
 * Tells an application's hooks of a request that a worker sends, in the order in which
 * dicom-image-loader's transport does (`imageLoader/internal/xhrRequest.js`), but of each failure once.
 */
export class HookEvents {
  readonly #target: RequestTarget;
  readonly #standIn: XhrStandIn;
  readonly #hasProcessing: boolean;
  readonly #hooks: TransportHooks = transportHooks();
  readonly #onSettled: () => void;
  /** What the events at the end say as well. */
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

  /** How a hook has settled the request by `params.deferred`, which counts for the response; if one has. */
  get settled(): SettledByHook | undefined {
    return this.#settled;
  }

  /** Says that the request is sent. */
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

  /** Says that the head of the response is here. */
  receiveHead(head: ResponseHead): void {
    this.#standIn.receive(head, 2);
    this.#tell('readystatechange', 'onreadystatechange');
    this.#standIn.receive(head, 3);
    this.#tell('readystatechange', 'onreadystatechange');
  }

  /** Says how many bytes of the response are here. */
  receiveBytes(loaded: number, total: number | undefined): void {
    const lengthComputable = total !== undefined;
    this.#received = { lengthComputable, loaded, total: total ?? 0 };
    this.#tell('progress', 'onprogress', this.#received);
  }

  /**
   * Says that the response is here.
   *
   * @param body - undefined where no hook can look at it
   * @returns what `beforeProcessing` makes of it; rejects with what that throws
   */
  async succeed(head: ResponseHead, body: ArrayBuffer | undefined): Promise<unknown> {
    this.#standIn.end(head, body);
    this.#tell('readystatechange', 'onreadystatechange');
    let processed: unknown = body;
    let fault: { readonly cause: unknown } | undefined;
    // Called before the events that follow, and awaited behind them, as by the transport.
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

  /** Says that there is no response, or that it is an error. */
  fail({ head, body, isTimeout }: FailedResponse): void {
    this.#standIn.end(head, body);
    this.#tell('readystatechange', 'onreadystatechange');
    this.#intercept();
    // Of what broke off, nothing counts.
    const received = head ? this.#received : {};
    this.#tell(head ? 'load' : isTimeout ? 'timeout' : 'error', undefined, received);
    this.#tell('loadend', 'onloadend', received);
  }

  /** Says that the request was given up: no failure, and so nothing for `errorInterceptor`. */
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
    // No event is made where nobody hears it: there are several for each frame.
    if (called || this.#standIn.listensTo([type])) {
      const event = this.#standIn.emit(type, init);
      call(() => called?.call(this.#hooks, event, this.#target.params));
    }
  }

  #intercept(): void {
    const { xhr } = this.#standIn;
    const { response, status } = xhr;
    const details = { request: xhr, response: response as unknown, status };
    const error = Object.assign(new Error('request failed'), details);
    call(() => this.#hooks.errorInterceptor?.(error));
  }
}

/** A fault in a hook is the application's: it is reported, and the request goes on. */
function call(hook: () => void): void {
  try {
    hook();
  } catch (error) {
    reportError(error);
  }
}
