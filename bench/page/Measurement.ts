import type { Figures, Transport } from './task.js';

/** One measurement, in its phases. */
export interface Measurement {
  /** What comes before the clock starts. */
  readonly prepare?: () => Promise<void>;
  readonly measure: () => Promise<Figures>;
  /** Throws when the work was not done in full, or values are wrong. */
  readonly verify?: () => Promise<void> | void;
  /** Undefined when the loader does not say, or has asked for no frame. */
  readonly transport?: () => Transport | undefined;
  /** Takes away what is on the screen and in the cache, when another measurement follows on the page. */
  readonly end?: () => void;
}
