/**
 * One request as a test sees it. `startedAt` and `endedAt` are ordinals of one shared count, so that
 * the order of any two moments can be compared without a clock.
 *
 * @typedef {object} RequestEntry
 * @property {string} method
 * @property {string} path with the query
 * @property {Record<string, string>} headers accept, range, authorization and headers that begin with x-,
 *   where sent
 * @property {number | null} status null until the response begins
 * @property {boolean} aborted the client disconnected before the end of the response
 * @property {number} startedAt
 * @property {number | null} endedAt
 */

/** The requests of a server, in their order. */
export class RequestLog {
  /** @type {RequestEntry[]} */
  entries = [];
  /** Requests that have not ended. */
  inFlight = 0;
  /** The largest number of requests in flight. */
  maxInFlight = 0;

  #ordinal = 0;
  /** @type {Set<{ pattern: RegExp, count: number, resolve: () => void }>} */
  #waiting = new Set();

  /**
   * @param {{ method: string, path: string, headers: Record<string, string> }} request
   * @returns {RequestEntry}
   */
  start(request) {
    const entry = {
      ...request,
      status: null,
      aborted: false,
      startedAt: this.#ordinal++,
      endedAt: null,
    };
    this.entries.push(entry);
    this.inFlight++;
    this.maxInFlight = Math.max(this.maxInFlight, this.inFlight);
    for (const waiter of this.#waiting) {
      if (this.count(waiter.pattern) >= waiter.count) {
        this.#waiting.delete(waiter);
        waiter.resolve();
      }
    }
    return entry;
  }

  /**
   * @param {RequestEntry} entry
   * @param {{ aborted: boolean }} how
   */
  end(entry, { aborted }) {
    entry.aborted = aborted;
    entry.endedAt = this.#ordinal++;
    this.inFlight--;
  }

  /**
   * How many requests match; preflights count only where `method` is OPTIONS.
   *
   * @param {RegExp | string} pattern matched against the path with the query
   * @param {string} [method] default: every method but OPTIONS
   */
  count(pattern, method) {
    const regex = new RegExp(pattern);
    return this.entries.filter(
      (entry) =>
        regex.test(entry.path) &&
        (method === undefined ? entry.method !== 'OPTIONS' : entry.method === method),
    ).length;
  }

  /**
   * Resolves as soon as `count` requests match.
   *
   * @param {RegExp | string} pattern
   * @param {number} count
   * @returns {Promise<void>}
   */
  waitFor(pattern, count) {
    const regex = new RegExp(pattern);
    if (this.count(regex) >= count) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.add({ pattern: regex, count, resolve }));
  }

  /** Clears the log; requests in flight still count as in flight. */
  clear() {
    this.entries = [];
    this.maxInFlight = this.inFlight;
  }
}
