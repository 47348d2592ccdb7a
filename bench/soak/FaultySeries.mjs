/** @typedef {import('../server/startBenchServer.mjs').FrameSource} FrameSource */

/**
 * What happens to the first request of a frame; the request after it is answered as it should be.
 *
 * @typedef {'unavailable' | 'dropped' | 'refused' | 'truncated' | 'html'} Fault
 */

const BUSY = 503;

/** By the number of the frame, in turn; `undefined` is no fault. */
const FAULTS = /** @type {const} @satisfies {(Fault | undefined)[]} */ ([
  undefined,
  'unavailable',
  'dropped',
  'refused',
  'truncated',
  'html',
]);

/**
 * A series most of whose frames are not there at the first request: the server is busy, the connection breaks, the
 * request is refused, half of the response is missing, or it is a page that says so.
 *
 * @implements {FrameSource}
 */
export class FaultySeries {
  #series;
  /** Frames that were requested since the last start. @type {Set<number>} */
  #requested = new Set();
  /** @type {Map<Fault, number>} */
  #counts = new Map();

  /** @param {FrameSource} series */
  constructor(series) {
    this.#series = series;
  }

  /** The next request of each frame is its first. */
  start() {
    this.#requested.clear();
  }

  /** How often each fault has happened. */
  get counts() {
    return Object.fromEntries(this.#counts);
  }

  get frameCount() {
    return this.#series.frameCount;
  }

  get truth() {
    return this.#series.truth;
  }

  get metadata() {
    return this.#series.metadata;
  }

  /**
   * @param {number} frame
   * @throws {Error} when the connection is to break
   * @throws {RangeError} when the request is refused
   */
  frame(frame) {
    const answer = this.#series.frame(frame);
    const fault = this.#requested.has(frame) ? undefined : FAULTS[frame % FAULTS.length];
    if (answer === undefined || fault === undefined) return answer;
    this.#requested.add(frame);
    this.#counts.set(fault, (this.#counts.get(fault) ?? 0) + 1);
    switch (fault) {
      case 'unavailable':
        return { ...answer, body: Buffer.from('busy'), contentType: 'text/plain', status: BUSY };
      case 'dropped':
        throw new Error('The connection breaks');
      case 'refused':
        throw new RangeError('The request is refused');
      case 'truncated':
        return { ...answer, body: answer.body.subarray(0, answer.body.length >> 1) };
      case 'html':
      default:
        return { body: Buffer.from('<!doctype html><p>Maintenance</p>'), contentType: 'text/html' };
    }
  }
}

/** All faults, in no order. */
export const FAULT_NAMES = FAULTS.filter((fault) => fault !== undefined);
