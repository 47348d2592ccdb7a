interface Started {
  readonly dueAt: number;
  readonly onOver: () => void;
}

/** A time that things may take. However many there are at once, the browser has one timer for them. */
export class TimeLimit {
  /** In ms. */
  readonly duration: number;
  readonly #now: () => number;
  /** What is due first comes first, as all may take the same time. */
  readonly #started = new Set<Started>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param now - a clock in ms */
  constructor(duration: number, now: () => number = () => performance.now()) {
    this.duration = duration;
    this.#now = now;
  }

  /**
   * Says that something begins.
   *
   * @param onOver - called when it has not ended in time
   * @returns to be called at its end
   */
  start(onOver: () => void): () => void {
    const started = { dueAt: this.#now() + this.duration, onOver };
    this.#started.add(started);
    this.#timer ??= setTimeout(this.#look, this.duration);
    return () => {
      this.#started.delete(started);
      if (this.#started.size === 0) {
        clearTimeout(this.#timer);
        this.#timer = undefined;
      }
    };
  }

  readonly #look = (): void => {
    this.#timer = undefined;
    for (const started of this.#started) {
      const wait = started.dueAt - this.#now();
      if (wait > 0) {
        this.#timer = setTimeout(this.#look, wait);
        return;
      }
      this.#started.delete(started);
      started.onOver();
    }
  };
}
