import { cache, eventTarget, imageLoadPoolManager } from '@cornerstonejs/core';

/** What a page can hold after its work is done. */
export type HandleName =
  'workers' | 'textures' | 'cacheEntries' | 'cacheBytes' | 'listeners' | 'requests' | 'timers';

/** How much of each is held at one time. */
export type Handles = Readonly<Record<HandleName, number>>;

/** The members of Cornerstone's objects that its types hide. */
interface Hidden {
  readonly cache: {
    readonly _imageCache: Map<string, unknown>;
    readonly _volumeCache: Map<string, unknown>;
  };
  readonly eventTarget: { readonly listeners: Readonly<Record<string, readonly unknown[]>> };
  readonly pool: { readonly numRequests: Readonly<Record<string, number>> };
}

/**
 * Counts what the page has begun and not ended, from its creation on: workers, textures of WebGL, requests of the page
 * and timers. What was begun before, and ends later, is not counted.
 */
export class HandleSpy {
  readonly #workers = new Set<Worker>();
  readonly #timers = new Set<number>();
  #textures = 0;
  #requests = 0;

  /** Replaces functions of the page, so it must be created before other code keeps references to them. */
  constructor() {
    this.#watchWorkers();
    this.#watchTextures();
    this.#watchRequests();
    this.#watchTimers();
  }

  /** What is held now, Cornerstone's cache, the listeners of its `eventTarget` and its request pool included. */
  read(): Handles {
    const { _imageCache, _volumeCache } = cache as unknown as Hidden['cache'];
    const { listeners } = eventTarget as unknown as Hidden['eventTarget'];
    return {
      workers: this.#workers.size,
      textures: this.#textures,
      cacheEntries: _imageCache.size + _volumeCache.size,
      cacheBytes: cache.getCacheSize(),
      listeners: sum(Object.values(listeners).map(({ length }) => length)),
      requests: this.#requests + pooledRequests(),
      timers: this.#timers.size,
    };
  }

  #watchWorkers(): void {
    const live = this.#workers;
    globalThis.Worker = class extends Worker {
      constructor(url: string | URL, options?: WorkerOptions) {
        super(url, options);
        live.add(this);
      }

      override terminate(): void {
        live.delete(this);
        super.terminate();
      }
    };
  }

  #watchTextures(): void {
    // Deleting a texture for the second time, or none, does nothing.
    const live = new WeakSet<WebGLTexture>();
    const { prototype } = WebGL2RenderingContext;
    wrap(prototype, 'createTexture', (create) => {
      const texture = create() as WebGLTexture | null;
      if (texture) {
        live.add(texture);
        this.#textures += 1;
      }
      return texture;
    });
    wrap(prototype, 'deleteTexture', (remove, [texture]) => {
      if (texture && live.delete(texture)) {
        this.#textures -= 1;
      }
      return remove();
    });
  }

  #watchRequests(): void {
    const begun = (): void => {
      this.#requests += 1;
    };
    const ended = (): void => {
      this.#requests -= 1;
    };
    wrap(globalThis, 'fetch', (fetch) => {
      begun();
      return (fetch() as Promise<Response>).finally(ended);
    });
    globalThis.XMLHttpRequest = class extends XMLHttpRequest {
      override send(body?: Document | XMLHttpRequestBodyInit | null): void {
        super.send(body);
        begun();
        this.addEventListener('loadend', ended, { once: true });
      }
    };
  }

  #watchTimers(): void {
    const live = this.#timers;
    for (const name of ['setTimeout', 'setInterval'] as const) {
      const start = globalThis[name] as (run: () => void, ...rest: unknown[]) => number;
      Reflect.set(globalThis, name, (run: (...args: unknown[]) => void, ...rest: unknown[]) => {
        const [milliseconds, ...args] = rest;
        const id = start(() => {
          if (name === 'setTimeout') {
            live.delete(id);
          }
          run(...args);
        }, milliseconds);
        live.add(id);
        return id;
      });
    }
    // Each of the two ends timers of both kinds.
    for (const name of ['clearTimeout', 'clearInterval']) {
      wrap(globalThis, name, (clear, [id]) => {
        live.delete(id as number);
        return clear();
      });
    }
  }
}

/** Requests that wait in Cornerstone's pool, and those that it has started. */
function pooledRequests(): number {
  const queues = Object.values(imageLoadPoolManager.getRequestPool()).flatMap((byPriority) =>
    Object.values(byPriority),
  );
  const { numRequests } = imageLoadPoolManager as unknown as Hidden['pool'];
  return sum(queues.map(({ length }) => length)) + sum(Object.values(numRequests));
}

/** Replaces a method; `call` of `around` calls the original one with the same arguments. */
function wrap(
  target: object,
  name: string,
  around: (call: () => unknown, args: readonly unknown[]) => unknown,
): void {
  const original = Reflect.get(target, name) as (...args: unknown[]) => unknown;
  Reflect.set(target, name, function wrapped(this: unknown, ...args: unknown[]) {
    return around(() => original.apply(this, args), args);
  });
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
