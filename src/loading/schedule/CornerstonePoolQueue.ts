import { imageLoadPoolManager } from '@cornerstonejs/core';
import type { Enums } from '@cornerstonejs/core';

type PoolRequest = () => Promise<void>;

/** Where a request stands in Cornerstone's request pool. */
export interface PoolSlot {
  readonly requestType: Enums.RequestType;
  /** Smaller comes first. */
  readonly priority: number;
}

/** Other parts of Cornerstone empty the pool at a person's click; a second is soon enough to notice. */
const CHECK_INTERVAL_MS = 1000;

/**
 * A volume's requests in Cornerstone's request pool.
 *
 * The pool belongs to everybody: stack prefetching, for one, clears all requests of its type when it
 * stops. Requests that were dropped so are put back.
 */
export class CornerstonePoolQueue {
  readonly #volumeId: string;
  #delay: number;
  readonly #waiting = new Map<PoolRequest, PoolSlot>();
  #timer: ReturnType<typeof setInterval> | undefined;

  /** @param delay - is added to every priority */
  constructor(volumeId: string, delay: number) {
    this.#volumeId = volumeId;
    this.#delay = delay;
  }

  /** Hands a request to the pool, which calls it when it is its turn. It must not reject. */
  add(request: PoolRequest, slot: PoolSlot): void {
    const pooled: PoolRequest = () => {
      this.#forget(pooled);
      return request();
    };
    this.#waiting.set(pooled, slot);
    this.#submit(pooled, slot);
    // Most requests are called at once, and need no look.
    if (this.#waiting.size > 0) {
      this.#timer ??= setInterval(() => {
        this.restoreDropped();
      }, CHECK_INTERVAL_MS);
    }
  }

  /** Calls the request that waits longest, if one waits, without the pool. */
  callNext(): void {
    const [next] = this.#waiting.keys();
    if (next) {
      imageLoadPoolManager.filterRequests(
        ({ requestFn }: { requestFn: unknown }) => requestFn !== next,
      );
      void next();
    }
  }

  /** Changes what is added to the priorities of requests that wait, and of those that come. */
  setDelay(delay: number): void {
    if (delay !== this.#delay) {
      this.#delay = delay;
      this.#takeOut();
      this.#waiting.forEach((slot, request) => {
        this.#submit(request, slot);
      });
    }
  }

  /** Puts back what somebody else took out of the pool. */
  restoreDropped(): void {
    const pool = Object.values(imageLoadPoolManager.getRequestPool())
      .flatMap((byPriority) => Object.values(byPriority))
      .flat();
    const pooled = new Set(pool.map(({ requestFn }) => requestFn as unknown));
    this.#waiting.forEach((slot, request) => {
      if (!pooled.has(request)) {
        this.#submit(request, slot);
      }
    });
  }

  /** Takes all requests out of the pool that it has not called yet. */
  removeAll(): void {
    this.#takeOut();
    this.#waiting.clear();
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #takeOut(): void {
    const waiting: ReadonlyMap<unknown, unknown> = this.#waiting;
    imageLoadPoolManager.filterRequests(
      ({ requestFn }: { requestFn: unknown }) => !waiting.has(requestFn),
    );
  }

  #submit(request: PoolRequest, { requestType, priority }: PoolSlot): void {
    imageLoadPoolManager.addRequest(
      request,
      requestType,
      { volumeId: this.#volumeId },
      priority + this.#delay,
    );
  }

  #forget(request: PoolRequest): void {
    this.#waiting.delete(request);
    if (this.#waiting.size === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
  }
}
