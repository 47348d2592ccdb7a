import { isBetter } from '../DecodedFrame.js';
import { beginningOfFrame } from '../wadors/multipartFrame.js';
import { reduceCodestream } from './reduceCodestream.js';
import type { ReducedCodestream } from './reduceCodestream.js';

/**
 * Which beginnings of a frame are shown while the rest arrives.
 *
 * - `slow`: those of frames that take long enough for it to be worth the work
 * - `always`: all
 */
export type PartialPolicy = 'slow' | 'always';

/** How the beginnings of a frame are shown. */
export interface PartialRequest {
  readonly policy: PartialPolicy;
  /** Resolutions that are left out also where they have come. */
  readonly leastMissing: number;
}

/** A frame that has been arriving for so long, and will for as long again, is slow; in ms. */
const SLOW = 150;

/** A response that is arriving. */
interface ArrivingResponse {
  /** All bytes so far. */
  readonly bytes: Uint8Array;
  /** Number of bytes that will have come; undefined where the server does not say. */
  readonly total: number | undefined;
  /** In ms, since the first byte. */
  readonly elapsed: number;
}

/** Makes codestreams of lower quality out of the response of one frame while it arrives, each better than the last. */
export class PartialCodestreams {
  readonly #request: PartialRequest;
  #last: ReducedCodestream | undefined;
  #isHopeless = false;

  constructor(request: PartialRequest) {
    this.#request = request;
  }

  /**
   * To be called when more of the response has come.
   *
   * @returns undefined where nothing better can be shown than before, or it is not worth it
   */
  next(response: ArrivingResponse): ReducedCodestream | undefined {
    const { policy, leastMissing } = this.#request;
    if (this.#isHopeless || (policy === 'slow' && !isSlow(response))) {
      return undefined;
    }
    const frame = beginningOfFrame(response.bytes);
    if (frame === undefined) {
      return undefined;
    }
    if (frame.length >= 2 && !(frame[0] === 0xff && frame[1] === 0x4f)) {
      this.#isHopeless = true;
      return undefined;
    }
    const reduced = reduceCodestream(frame, leastMissing);
    if (!reduced || (this.#last && !isBetter(reduced, this.#last))) {
      return undefined;
    }
    this.#last = reduced;
    return reduced;
  }
}

function isSlow({ bytes, total, elapsed }: ArrivingResponse): boolean {
  if (elapsed < SLOW || total === undefined) {
    return elapsed >= 2 * SLOW;
  }
  return ((total - bytes.length) / bytes.length) * elapsed >= SLOW;
}
