import { byId } from './page.js';

/** Shows the last error across the page until it is closed. */
export class ErrorBanner {
  readonly #banner = byId('error-banner');
  readonly #message = byId('error-message');

  constructor() {
    byId('error-close').addEventListener('click', () => {
      this.clear();
    });
    window.addEventListener('unhandledrejection', ({ reason }) => {
      this.show(reason);
    });
  }

  show(error: unknown): void {
    this.#message.textContent = error instanceof Error ? error.message : String(error);
    this.#banner.hidden = false;
  }

  clear(): void {
    this.#banner.hidden = true;
  }
}
