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
   * Hands a start to an outside pool, which calls `run` when there is room, or never. It counts as in
   * flight meanwhile; which frame is started is chosen when `run` is called, and is `nextFrame` unless
   * the order changes. The promise of `run` does not reject. Default: runs at once.
   */
  readonly schedule?: (run: () => Promise<void>, nextFrame: number) => void;
}
