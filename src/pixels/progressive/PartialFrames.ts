import { isStreamingVolumeError } from '../../base/errors.js';
import type { DecodedFrame } from '../DecodedFrame.js';
import type { ReducedCodestream } from './reduceCodestream.js';

/**
 * Decodes the beginnings of one frame while the rest arrives, one at a time: those that come meanwhile replace each
 * other.
 */
export class PartialFrames {
  readonly #decode: (codestream: ReducedCodestream) => Promise<DecodedFrame | undefined>;
  readonly #onPartial: (frame: DecodedFrame) => void;
  #waiting: ReducedCodestream | undefined;
  #isDecoding = false;
  #isClosed = false;

  /** @param onPartial - called with each frame, and not after {@link close} */
  constructor(
    decode: (codestream: ReducedCodestream) => Promise<DecodedFrame | undefined>,
    onPartial: (frame: DecodedFrame) => void,
  ) {
    this.#decode = decode;
    this.#onPartial = onPartial;
  }

  /** Decodes a codestream, which is better than those before. */
  readonly add = (codestream: ReducedCodestream): void => {
    this.#waiting = codestream;
    if (!this.#isDecoding) {
      void this.#decodeWaiting();
    }
  };

  /** To be called before anything else writes pixels of the frame. */
  close(): void {
    this.#isClosed = true;
    this.#waiting = undefined;
  }

  async #decodeWaiting(): Promise<void> {
    this.#isDecoding = true;
    try {
      for (let next = this.#take(); next; next = this.#take()) {
        const frame = await this.#decode(next);
        if (frame && !this.#isClosed) {
          this.#onPartial(frame);
        }
      }
    } catch (error) {
      // An abort, or a damaged frame: the load of the whole frame reports it.
      this.close();
      if (!isStreamingVolumeError(error) && (error as Error | undefined)?.name !== 'AbortError') {
        reportError(error);
      }
    } finally {
      this.#isDecoding = false;
    }
  }

  #take(): ReducedCodestream | undefined {
    const next = this.#isClosed ? undefined : this.#waiting;
    this.#waiting = undefined;
    return next;
  }
}
