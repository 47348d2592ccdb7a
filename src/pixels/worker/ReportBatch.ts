import type { FrameReport } from './frameMessages.js';

/** Sends reports to the page in one message. */
export type SendReports = (
  reports: readonly FrameReport[],
  transfer: readonly Transferable[],
) => void;

/** A clock and a timer, both in milliseconds. */
export interface BatchClock {
  readonly now: () => number;
  /** @returns takes it back */
  readonly after: (milliseconds: number, run: () => void) => () => void;
}

/** One animation frame: nobody sees what comes in between. */
const LONGEST_WAIT = 16;
/** Frames that come less often than this are few enough for a message each. */
const SHORT_GAP = 16;
/** So many requests less wait for the page meanwhile. */
const MOST = 4;

const browserClock: BatchClock = {
  now: () => performance.now(),
  after: (milliseconds, run) => {
    const timer = setTimeout(run, milliseconds);
    return () => {
      clearTimeout(timer);
    };
  },
};

/**
 * Tells the page of several frames in one message where they come fast: each message costs its main
 * thread about as much as the work on a frame.
 */
export class ReportBatch {
  readonly #send: SendReports;
  readonly #clock: BatchClock;
  #reports: FrameReport[] = [];
  #transfer: Transferable[] = [];
  #lastAddedAt = Number.NEGATIVE_INFINITY;
  #cancelTimer: (() => void) | undefined;

  constructor(send: SendReports, clock = browserClock) {
    this.#send = send;
    this.#clock = clock;
  }

  /**
   * Adds a report, and sends it with those before it unless it can wait for the next.
   *
   * @param mayWait - whether others are to come, and nobody waits for this one
   */
  add(report: FrameReport, transfer: readonly Transferable[], mayWait: boolean): void {
    const now = this.#clock.now();
    const comesFast = now - this.#lastAddedAt < SHORT_GAP;
    this.#lastAddedAt = now;
    this.#reports.push(report);
    this.#transfer.push(...transfer);
    if (!mayWait || !comesFast || this.#reports.length >= MOST) {
      this.#flush();
    } else {
      this.#cancelTimer ??= this.#clock.after(LONGEST_WAIT, () => {
        this.#flush();
      });
    }
  }

  #flush(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    const [reports, transfer] = [this.#reports, this.#transfer];
    this.#reports = [];
    this.#transfer = [];
    this.#send(reports, transfer);
  }
}
