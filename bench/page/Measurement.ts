import type { Figures, Transport } from './task.js';

/** One measurement, in its phases. */
export interface Measurement {
  /** The preparation before the clock starts. */
  readonly prepare?: () => Promise<void>;
  readonly measure: () => Promise<Figures>;
  /** Throws when the work is incomplete or values are wrong. */
  readonly verify?: () => Promise<void> | void;
  /** Undefined when the loader does not state it, or has requested no frame. */
  readonly transport?: () => Transport | undefined;
  /** Clears the screen and the cache for another measurement on the page. */
  readonly end?: () => void;
}
