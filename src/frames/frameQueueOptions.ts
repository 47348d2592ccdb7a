/** How a `FrameQueue` works. */
export interface FrameQueueOptions {
  /** Most frames in flight at once, at least 1. */
  readonly maxInFlight: number;
  /**
   * Loads one frame; settles when the frame has ended, well or not. It handles its own errors: a
   * rejection is a fault of the program and comes out of `run`, after all frames have ended.
   */
  readonly start: (frameIndex: number, signal: AbortSignal) => Promise<void>;
  /**
   * Hands a start to an outside pool, which calls `run` when it is the frame's turn, or never. The
   * frame is in flight meanwhile. The promise of `run` does not reject. Default: runs at once.
   */
  readonly schedule?: (run: () => Promise<void>, frameIndex: number) => void;
}
