import { Enums, imageLoadPoolManager } from '@cornerstonejs/core';

type PoolRequest = () => Promise<void>;

const { Prefetch } = Enums.RequestType;

/** Other parts of Cornerstone empty the pool at a person's click; a second is soon enough to notice. */
const CHECK_INTERVAL_MS = 1000;

/**
 * A volume's requests in Cornerstone's request pool.
 *
 * The pool belongs to everybody: stack prefetching, for one, clears all requests of its type when it
 * stops. Requests that were dropped so are put back.
 */
export class PoolRequests {
  readonly #volumeId: string;
  #priority: number;
  readonly #waiting = new Set<PoolRequest>();
  #timer: ReturnType<typeof setInterval> | undefined;

  /** @param priority - smaller comes first */
  constructor(volumeId: string, priority: number) {
    this.#volumeId = volumeId;
    this.#priority = priority;
  }

  /** Hands a request to the pool, which calls it when it is its turn. It must not reject. */
  add(request: PoolRequest): void {
    const pooled: PoolRequest = () => {
      this.#forget(pooled);
      return request();
    };
    this.#waiting.add(pooled);
    this.#timer ??= setInterval(() => {
      this.restoreDropped();
    }, CHECK_INTERVAL_MS);
    this.#submit(pooled);
  }

  /** Gives the requests that wait another priority, and those that come. */
  setPriority(priority: number): void {
    if (priority !== this.#priority) {
      this.#priority = priority;
      const waiting = [...this.#waiting];
      this.#takeOut();
      waiting.forEach((request) => {
        this.#submit(request);
      });
    }
  }

  /** Puts back what somebody else took out of the pool. */
  restoreDropped(): void {
    const pool = Object.values(imageLoadPoolManager.getRequestPool()[Prefetch]).flat();
    const pooled = new Set(pool.map(({ requestFn }) => requestFn as unknown));
    for (const request of this.#waiting) {
      if (!pooled.has(request)) {
        this.#submit(request);
      }
    }
  }

  /** Takes all requests out of the pool that it has not called yet. */
  removeAll(): void {
    this.#takeOut();
    this.#waiting.clear();
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #takeOut(): void {
    const waiting: ReadonlySet<unknown> = this.#waiting;
    imageLoadPoolManager.filterRequests(
      ({ requestFn }: { requestFn: unknown }) => !waiting.has(requestFn),
    );
  }

  #submit(request: PoolRequest): void {
    const additionalDetails = { volumeId: this.#volumeId };
    imageLoadPoolManager.addRequest(request, Prefetch, additionalDetails, this.#priority);
  }

  #forget(request: PoolRequest): void {
    this.#waiting.delete(request);
    if (this.#waiting.size === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
  }
}
