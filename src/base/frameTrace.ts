/** When the steps of one frame were done, in ms since 1970 (`performance.timeOrigin + performance.now()`). */
export interface FrameTimes {
  /** The request was sent. */
  readonly requestedAt: number;
  /** The response was complete. */
  readonly receivedAt: number;
  /** The pixels were ready. */
  readonly decodedAt: number;
}
