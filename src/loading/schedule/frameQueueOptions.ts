/** How a `FrameQueue` works. */
export interface FrameQueueOptions {
  /** Most frames in flight at once, at least 1. */
  readonly maxInFlight: number;
  /** How many of these to have in flight now, at least 1; asked for each start anew. Default: all. */
  readonly limit?: () => number;
  /**
   * Whether no other frame is to start behind those in flight for now, though there is a place; asked for
   * each start anew. Who says so calls `advance` later. Default: false.
   */
  readonly isHeldBack?: () => boolean;
  /**
   * Whether somebody waits for a frame. It is started beyond the limit, as far as `maxInFlight` allows,
   * and nothing is started behind it until it has ended or all others have. Default: no frame.
   */
  readonly isUrgent?: (frameIndex: number) => boolean;
  /**
   * Whether somebody else is at a frame already; it comes after all others then. Asked for each start anew.
   * Default: no frame.
   */
  readonly isUnderWay?: (frameIndex: number) => boolean;
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
