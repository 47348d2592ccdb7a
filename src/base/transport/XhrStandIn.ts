/** What is known of a response. */
export interface ResponseHead {
  readonly status: number;
  readonly statusText: string;
  /** Where the response came from, after redirects. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** Does what a stand-in cannot do itself. */
export interface StandInOwner {
  /**
   * Called once, when a hook uses what only an XMLHttpRequest has and nothing is sent yet.
   *
   * @param what - the member that was used
   * @returns an XMLHttpRequest that is not opened, which replaces the stand-in
   */
  readonly createReal: (what: string) => XMLHttpRequest;
  /** Called when a hook uses such a member after the request was sent. */
  readonly onTooLate: (what: string) => void;
  /** Called when a hook aborts the request. */
  readonly onAbort: () => void;
}

export type XhrEventType =
  | 'readystatechange'
  | 'loadstart'
  | 'progress'
  | 'load'
  | 'loadend'
  | 'error'
  | 'timeout'
  | 'abort';

type Handler = (this: XMLHttpRequest, event: Event) => unknown;

type ListenerArguments = [
  type: string,
  listener: EventListenerOrEventListenerObject,
  options?: boolean | AddEventListenerOptions,
];

/** Handlers that dicom-image-loader sets itself, after `beforeSend`. */
const REPLACED_HANDLERS: readonly XhrEventType[] = [
  'readystatechange',
  'loadstart',
  'progress',
  'loadend',
  'error',
  'abort',
];

/**
 * Represents an XMLHttpRequest (https://xhr.spec.whatwg.org) in an application's hooks, while a worker sends the
 * request.
 *
 * Before the request is sent it records `open` of a GET, `setRequestHeader`, `withCredentials`, `timeout`,
 * listeners, handlers and an application's own properties. `responseType` and `overrideMimeType` have no
 * effect, as dicom-image-loader requests an ArrayBuffer in any case. Afterwards it has what is known of the
 * response.
 *
 * When a hook uses any other member in time, an XMLHttpRequest is made, gets what was recorded, and
 * does what is asked of the stand-in from then on.
 */
export class XhrStandIn {
  /** What hooks get: an `instanceof XMLHttpRequest`, whose members are those of this object. */
  readonly xhr: XMLHttpRequest;
  /** Of `setRequestHeader`, in the order of the calls. */
  readonly requestHeaders: [name: string, value: string][] = [];
  withCredentials = false;
  /** In ms; 0 for none. */
  timeout = 0;
  responseType: XMLHttpRequestResponseType = '';
  readonly #owner: StandInOwner;
  readonly #handlers = new Map<string, Handler>();
  #url: string | undefined;
  #listening: ListenerArguments[] = [];
  #mimeTypes: string[] = [];
  #readyState = 0;
  #isSent = false;
  #head: ResponseHead | undefined;
  #body: ArrayBuffer | null | undefined = null;
  #real: XMLHttpRequest | undefined;

  constructor(owner: StandInOwner) {
    this.#owner = owner;
    this.xhr = createStandInObject(this);
  }

  /** The XMLHttpRequest that has taken over, if one has. */
  get real(): XMLHttpRequest | undefined {
    return this.#real;
  }

  /** The address that was opened. */
  get url(): string | undefined {
    return this.#url;
  }

  /** Whether a hook listens to one of these events. */
  listensTo(types: readonly XhrEventType[]): boolean {
    return types.some(
      (type) => this.#handlers.has(type) || this.#listening.some(([each]) => each === type),
    );
  }

  /**
   * Has an XMLHttpRequest take over.
   *
   * @param what - the member that was used
   * @returns undefined when the request was sent already
   */
  takeOver(what: string): XMLHttpRequest | undefined {
    if (this.#isSent) {
      this.#owner.onTooLate(what);
      return undefined;
    }
    this.#real ??= this.#replay(this.#owner.createReal(what));
    return this.#real;
  }

  /** A member that a hook has put in the place of the original. */
  get overwritten(): string | undefined {
    return Object.getOwnPropertyNames(this.xhr).find((name) => name in XMLHttpRequest.prototype);
  }

  /** To be called when the request is sent: it drops the handlers that dicom-image-loader replaces. */
  send(): void {
    this.#isSent = true;
    REPLACED_HANDLERS.forEach((type) => this.#handlers.delete(type));
    this.responseType = 'arraybuffer';
  }

  /** To be called with the head of the response (readyState 2), and with its first bytes (3). */
  receive(head: ResponseHead, readyState: 2 | 3): void {
    this.#head = head;
    this.#readyState = readyState;
  }

  /**
   * To be called at the end of the request (readyState 4).
   *
   * @param head - undefined where no response came, or not all of it
   * @param body - null where there is none, undefined where the worker has it
   */
  end(head: ResponseHead | undefined, body: ArrayBuffer | null | undefined): void {
    this.#head = head;
    this.#readyState = 4;
    this.#body = body;
  }

  /** Calls listeners, and then the handler; what they throw is reported as the browser does. */
  emit(type: XhrEventType, init?: ProgressEventInit): Event {
    const event = type === 'readystatechange' ? new Event(type) : new ProgressEvent(type, init);
    const handler = this.#handlers.get(type);
    if (handler) {
      // A function of its own, as the handler may also be one of the listeners.
      const listener = (): unknown => handler.call(this.xhr, event);
      EventTarget.prototype.addEventListener.call(this.xhr, type, listener, { once: true });
    }
    EventTarget.prototype.dispatchEvent.call(this.xhr, event);
    return event;
  }

  /** As `XMLHttpRequest.open`; anything but an asynchronous GET without a password is left to a real one. */
  open(...[method, url, isAsync, user, password]: OpenArguments): void {
    const isServed = /^get$/i.test(method) && isAsync !== false && !user && !password;
    if (this.#isSent || !isServed || this.#url !== undefined) {
      this.takeOver('open')?.open(method, url, isAsync ?? true, user, password);
      return;
    }
    this.#url = String(url);
    this.#readyState = 1;
  }

  setRequestHeader(name: string, value: string): void {
    if (this.#readyState !== 1 || this.#isSent) {
      throw new DOMException('The request is not open', 'InvalidStateError');
    }
    let normalized: string | null;
    try {
      normalized = new Headers([[name, value]]).get(name);
    } catch {
      // As an XMLHttpRequest, but without the value.
      throw new DOMException('A header has a name or a value that cannot be sent', 'SyntaxError');
    }
    this.requestHeaders.push([name, normalized ?? '']);
  }

  overrideMimeType(type: string): void {
    this.#mimeTypes.push(type);
  }

  /** Has no effect before the request is sent, and after its end. */
  abort(): void {
    if (this.#isSent && this.#readyState !== 4) {
      this.#owner.onAbort();
    }
  }

  addEventListener(...listening: ListenerArguments): void {
    this.#listening.push(listening);
    EventTarget.prototype.addEventListener.apply(this.xhr, listening);
  }

  removeEventListener(...listening: ListenerArguments): void {
    const [type, listener] = listening;
    this.#listening = this.#listening.filter((each) => each[0] !== type || each[1] !== listener);
    EventTarget.prototype.removeEventListener.apply(this.xhr, listening);
  }

  getHandler(type: string): Handler | null {
    return this.#handlers.get(type) ?? null;
  }

  setHandler(type: string, handler: unknown): void {
    if (typeof handler === 'function') {
      this.#handlers.set(type, handler as Handler);
    } else {
      this.#handlers.delete(type);
    }
  }

  getResponseHeader(name: string): string | null {
    const lowerCase = name.toLowerCase();
    return this.#head?.headers.find(([each]) => each === lowerCase)?.[1] ?? null;
  }

  getAllResponseHeaders(): string {
    return (this.#head?.headers ?? []).map(([name, value]) => `${name}: ${value}\r\n`).join('');
  }

  get readyState(): number {
    return this.#readyState;
  }

  get status(): number {
    return this.#head?.status ?? 0;
  }

  get statusText(): string {
    return this.#head?.statusText ?? '';
  }

  get responseURL(): string {
    return this.#head?.url ?? '';
  }

  get response(): ArrayBuffer | null {
    if (this.#body === undefined) {
      this.#owner.onTooLate('response');
    }
    return this.#body ?? null;
  }

  #replay(real: XMLHttpRequest): XMLHttpRequest {
    if (this.#url !== undefined) {
      real.open('GET', this.#url, true);
    }
    this.requestHeaders.forEach(([name, value]) => {
      real.setRequestHeader(name, value);
    });
    const { withCredentials, timeout, responseType } = this;
    Object.assign(real, { withCredentials, timeout, responseType });
    this.#mimeTypes.forEach((type) => {
      real.overrideMimeType(type);
    });
    this.#listening.forEach((listening) => {
      real.addEventListener(...listening);
    });
    this.#handlers.forEach((handler, type) => Reflect.set(real, `on${type}`, handler));
    Object.defineProperties(real, Object.getOwnPropertyDescriptors(this.xhr));
    return real;
  }
}

type OpenArguments = [
  method: string,
  url: string | URL,
  isAsync?: boolean,
  user?: string | null,
  password?: string | null,
];

/** Members of an XMLHttpRequest that a stand-in has, besides its handlers. */
const SERVED = [
  'open',
  'setRequestHeader',
  'overrideMimeType',
  'abort',
  'addEventListener',
  'removeEventListener',
  'getResponseHeader',
  'getAllResponseHeaders',
  'withCredentials',
  'timeout',
  'responseType',
  'readyState',
  'status',
  'statusText',
  'responseURL',
  'response',
] as const satisfies readonly (keyof XMLHttpRequest)[];

const SETTABLE: ReadonlySet<string> = new Set(['withCredentials', 'timeout', 'responseType']);

const standIns = new WeakMap<object, XhrStandIn>();

let StandInObject: (new () => EventTarget) | undefined;

/**
 * Makes the object that hooks get for a stand-in: an `instanceof XMLHttpRequest` and an EventTarget, whose
 * members ask the stand-in. What it does not serve has an XMLHttpRequest take over. A method that is
 * overwritten becomes a property of the object's own, as it would of an XMLHttpRequest.
 */
function createStandInObject(standIn: XhrStandIn): XMLHttpRequest {
  StandInObject ??= defineStandInObject();
  const object = new StandInObject();
  standIns.set(object, standIn);
  return object as XMLHttpRequest;
}

/** Called for the first request: outside of a browser there is no XMLHttpRequest. */
function defineStandInObject(): new () => EventTarget {
  const ObjectClass = class extends EventTarget {};
  Object.setPrototypeOf(ObjectClass.prototype, XMLHttpRequest.prototype);
  for (const name of membersOf(XMLHttpRequest.prototype)) {
    Object.defineProperty(ObjectClass.prototype, name, {
      configurable: true,
      enumerable: true,
      get(this: object) {
        return readMember(this, name);
      },
      set(this: object, value: unknown) {
        writeMember(this, name, value);
      },
    });
  }
  return ObjectClass;
}

/** Names of all methods and properties that are not constants, also inherited ones. */
function membersOf(prototype: object): string[] {
  const names: string[] = [];
  for (
    let each = prototype;
    each !== Object.prototype;
    each = Object.getPrototypeOf(each) as object
  ) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(each))) {
      if (name !== 'constructor' && (value === undefined || typeof value === 'function')) {
        names.push(name);
      }
    }
  }
  return names;
}

function readMember(object: object, name: string): unknown {
  const standIn = standIns.get(object) as XhrStandIn;
  if (!standIn.real && isHandler(name)) {
    return standIn.getHandler(name.slice(2));
  }
  const isServed = !standIn.real && (SERVED as readonly string[]).includes(name);
  // After the request was sent, an XMLHttpRequest that is not opened answers.
  const owner = isServed
    ? standIn
    : (standIn.real ?? standIn.takeOver(name) ?? new XMLHttpRequest());
  const value: unknown = Reflect.get(owner, name);
  return typeof value === 'function' ? (value.bind(owner) as unknown) : value;
}

function writeMember(object: object, name: string, value: unknown): void {
  const standIn = standIns.get(object) as XhrStandIn;
  if (!standIn.real && isHandler(name)) {
    standIn.setHandler(name.slice(2), value);
    return;
  }
  if (!standIn.real && !SETTABLE.has(name)) {
    // A method of the application's, which `overwritten` finds after the hooks.
    Object.defineProperty(object, name, {
      value,
      configurable: true,
      enumerable: true,
      writable: true,
    });
    return;
  }
  Reflect.set(standIn.real ?? standIn, name, value);
}

function isHandler(name: string): boolean {
  return name.startsWith('on');
}
