import { browserClock } from '../../base/timers.js';
import type { Clock } from '../../base/timers.js';
import type { FrameReport } from './frameMessages.js';

/** Sends reports to the page in one message. */
export type SendReports = (
  reports: readonly FrameReport[],
  transfer: readonly Transferable[],
) => void;

/** Of the screen, in ms: changes within it are not visible, and reports that come less often may have a message each. */
const ANIMATION_FRAME = 16;
/** Most frames in a message: the page requests the next ones only when it has received the report of these. */
const MOST = 4;

/**
 * Sends the reports of several frames in one message where frames come fast: each message costs the main
 * thread of the page about as much as the work on a frame.
 */
export class ReportBatch {
  readonly #send: SendReports;
  readonly #clock: Clock;
  #reports: FrameReport[] = [];
  #transfer: Transferable[] = [];
  #lastAddedAt = Number.NEGATIVE_INFINITY;
  #cancelTimer: (() => void) | undefined;

  constructor(send: SendReports, clock = browserClock) {
    this.#send = send;
    this.#clock = clock;
  }

  /**
   * Adds a report, and sends it with the earlier ones unless it can wait for the next.
   *
   * @param mayWait - whether other frames are under way, and no viewport shows this one
   */
  add(report: FrameReport, transfer: readonly Transferable[], mayWait: boolean): void {
    const now = this.#clock.now();
    const comesFast = now - this.#lastAddedAt < ANIMATION_FRAME;
    this.#lastAddedAt = now;
    this.#reports.push(report);
    this.#transfer.push(...transfer);
    if (!mayWait || !comesFast || this.#reports.length >= MOST) {
      this.#flush();
    } else {
      this.#cancelTimer ??= this.#clock.timer(() => {
        this.#flush();
      }, ANIMATION_FRAME);
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
