import type { StandInMembers } from './standInTypes.js';

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

const standIns = new WeakMap<object, StandInMembers>();

let StandInObject: (new () => EventTarget) | undefined;

/**
 * Makes the object that hooks get for a stand-in: an `instanceof XMLHttpRequest` and an EventTarget, whose
 * members ask the stand-in. What it does not serve has an XMLHttpRequest take over. A method that is
 * overwritten becomes a property of the object's own, as it would of an XMLHttpRequest.
 */
export function createStandInObject(standIn: StandInMembers): XMLHttpRequest {
  StandInObject ??= defineStandInObject();
  const object = new StandInObject();
  standIns.set(object, standIn);
  return object as XMLHttpRequest;
}

/** Not before the first request: outside of a browser there is no XMLHttpRequest. */
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
  const standIn = standIns.get(object) as StandInMembers;
  if (!standIn.real && isHandler(name)) {
    return standIn.getHandler(name.slice(2));
  }
  const isServed = !standIn.real && (SERVED as readonly string[]).includes(name);
  // Sent, it is asked as one that is not opened would be.
  const owner = isServed
    ? standIn
    : (standIn.real ?? standIn.takeOver(name) ?? new XMLHttpRequest());
  const value: unknown = Reflect.get(owner, name);
  return typeof value === 'function' ? (value.bind(owner) as unknown) : value;
}

function writeMember(object: object, name: string, value: unknown): void {
  const standIn = standIns.get(object) as StandInMembers;
  if (!standIn.real && isHandler(name)) {
    standIn.setHandler(name.slice(2), value);
    return;
  }
  if (!standIn.real && !SETTABLE.has(name)) {
    // A method of the application's: it is found when the hooks are through.
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
