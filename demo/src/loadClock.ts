/** The durations of a load. */
export class LoadClock {
  /** From the first start to the first picture with pixels in it. */
  firstSliceMs: number | undefined;
  #startedAt: number | undefined;
  #runStartedAt: number | undefined;
  #earlierRunsMs = 0;

  /** Time spent on loading, without the pauses after a cancel. */
  get loadMs(): number {
    const running = this.#runStartedAt === undefined ? 0 : performance.now() - this.#runStartedAt;
    return this.#earlierRunsMs + running;
  }

  start(): void {
    const now = performance.now();
    this.#startedAt ??= now;
    this.#runStartedAt = now;
  }

  stop(): void {
    this.#earlierRunsMs = this.loadMs;
    this.#runStartedAt = undefined;
  }

  /**
   * To be called when a picture with pixels was drawn.
   *
   * @returns whether it is the first one
   */
  noteDrawn(): boolean {
    const isFirst = this.firstSliceMs === undefined && this.#startedAt !== undefined;
    if (isFirst) {
      this.firstSliceMs = performance.now() - (this.#startedAt as number);
    }
    return isFirst;
  }
}
