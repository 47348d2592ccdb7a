import { browserTimer } from '../../base/timers.js';
import type { Timer } from '../../base/timers.js';

/** A point in the commands of a WebGL context. */
export interface Fence {
  /** Whether the GPU has executed all commands before it. Changes between tasks of the page only. */
  isPassed(): boolean;
  delete(): void;
}

/** The time in which pictures are drawn: the page's, or one that a test drives. */
export interface RenderClock {
  /** In ms. */
  now(): number;
  readonly timer: Timer;
  /** Runs a function in the next animation frame, and returns what cancels that. */
  onFrame(run: () => void): () => void;
  /** A fence after all commands so far; undefined where the context is lost. */
  insertFence(gl: WebGL2RenderingContext): Fence | undefined;
}

/** The clock of the page. */
export const browserRenderClock: RenderClock = {
  now: () => performance.now(),
  timer: browserTimer,
  onFrame: (run) => {
    const handle = requestAnimationFrame(run);
    return () => {
      cancelAnimationFrame(handle);
    };
  },
  insertFence: (gl) => {
    const sync = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
    if (!sync) {
      return undefined;
    }
    gl.flush();
    return {
      // A context that is lost meanwhile answers WAIT_FAILED: nothing is executed any more.
      isPassed: () => gl.clientWaitSync(sync, 0, 0) !== gl.TIMEOUT_EXPIRED,
      delete: () => {
        gl.deleteSync(sync);
      },
    };
  },
};
