import { byId } from './page.js';
import type { LoadState } from './volumeSession.js';

const STEPS = 4;

/**
 * Tells screen readers how far a load has come, at each quarter. The state is announced by its own element,
 * and the counts, which change many times a second, are not announced.
 */
export class Announcer {
  readonly #region = byId('announcement');
  #step = 0;

  /** @param loaded - from 0 to 1 */
  tell(state: LoadState, loaded: number): void {
    const step = state === 'loading' ? Math.floor(loaded * STEPS) : 0;
    if (step !== this.#step && step < STEPS) {
      this.#step = step;
      this.#region.textContent = step > 0 ? `${(step * 100) / STEPS} % loaded` : '';
    }
  }
}
