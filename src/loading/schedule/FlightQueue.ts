import { imageLoadPoolManager } from '@cornerstonejs/core';
import type { Enums } from '@cornerstonejs/core';
import type { FlightOptions, FlightPlaces } from './FlightPlaces.js';

type PoolRequest = () => Promise<void>;

/** Place of a request in Cornerstone's request pool. */
export interface PoolSlot {
  readonly requestType: Enums.RequestType;
  /** Smaller comes first. */
  readonly priority: number;
}

/** Interval of the search for dropped requests. They are dropped at a user's click, so a second is soon enough. */
const CHECK_INTERVAL_MS = 1000;

/**
 * A volume's requests in Cornerstone's request pool. Requests that other code drops are put back.
 *
 * Workaround: Cornerstone's tools clear the requests of all owners, not only their own: stack prefetching
 * (tools, stackPrefetch.js, clearRequestStack) drops all of its type when it stops.
 * Remove when a request can be taken out of the pool by its owner only.
 */
export class CornerstonePoolQueue {
  readonly #volumeId: string;
  readonly #places: FlightPlaces;
  /** Is added to every priority. */
  #delay = 0;
  readonly #waiting = new Map<PoolRequest, PoolSlot>();
  #timer: ReturnType<typeof setInterval> | undefined;

  /** @param places - in which the requests run when the pool calls them */
  constructor(volumeId: string, places: FlightPlaces) {
    this.#volumeId = volumeId;
    this.#places = places;
  }

  /**
   * Hands a request to the pool, which calls it at its turn. It must not reject.
   *
   * @param flight - how it runs in its place
   */
  add(request: PoolRequest, slot: PoolSlot, flight: FlightOptions): void {
    const pooled: PoolRequest = () => {
      this.#waiting.delete(pooled);
      if (this.#waiting.size === 0) {
        this.#stopTimer();
      }
      return this.#places.run(request, flight);
    };
    this.#waiting.set(pooled, slot);
    this.#submit(pooled, slot);
    // The pool has called most requests by now, and they need no check.
    if (this.#waiting.size > 0) {
      this.#timer ??= setInterval(() => {
        this.restoreDropped();
      }, CHECK_INTERVAL_MS);
    }
  }

  /** Calls the request that has waited longest, if there is one, past the pool. */
  callNext(): void {
    const [next] = this.#waiting.keys();
    if (next) {
      imageLoadPoolManager.filterRequests(
        ({ requestFn }: { requestFn: unknown }) => requestFn !== next,
      );
      void next();
    }
  }

  /** Adds a number to the priorities of requests that wait and of later ones. Default 0. */
  setDelay(delay: number): void {
    if (delay === this.#delay) {
      return;
    }
    this.#delay = delay;
    if (this.#waiting.size > 0) {
      this.#takeOut();
      this.#waiting.forEach((slot, request) => {
        this.#submit(request, slot);
      });
    }
  }

  /** Puts back the requests that other code has taken out of the pool. */
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

  /** Takes the requests out of the pool that it has not called yet. */
  removeAll(): void {
    this.#takeOut();
    this.#waiting.clear();
    this.#stopTimer();
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

  #stopTimer(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
