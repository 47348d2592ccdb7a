import { Enums, eventTarget } from '@cornerstonejs/core';
import { byId, showFacts } from './page.js';

const { IMAGE_VOLUME_MODIFIED, IMAGE_VOLUME_LOADING_COMPLETED, IMAGE_LOAD_ERROR } = Enums.Events;

/** Counts the events of the load and shows the last error. */
export class EventCounts {
  readonly #counts = byId('event-counts');
  readonly #error = byId('event-error');
  #modified = 0;
  #completed = 0;
  #errors = 0;

  /** @param onEvent - called after each event */
  constructor(onEvent: () => void) {
    const listen = (name: string, note: (detail: unknown) => void): void => {
      eventTarget.addEventListener(name, (event: Event) => {
        note((event as CustomEvent<unknown>).detail);
        this.#show();
        onEvent();
      });
    };
    listen(IMAGE_VOLUME_MODIFIED, () => {
      this.#modified += 1;
    });
    listen(IMAGE_VOLUME_LOADING_COMPLETED, () => {
      this.#completed += 1;
    });
    listen(IMAGE_LOAD_ERROR, (detail) => {
      this.#errors += 1;
      const { error } = detail as { error?: unknown };
      this.#error.textContent = error instanceof Error ? error.message : String(error);
      this.#error.title = this.#error.textContent;
      this.#error.hidden = false;
    });
    this.#show();
  }

  /** To be called when another volume is created. */
  reset(): void {
    this.#modified = 0;
    this.#completed = 0;
    this.#errors = 0;
    this.#error.hidden = true;
    this.#show();
  }

  #show(): void {
    showFacts(this.#counts, {
      'Volume modified': String(this.#modified),
      'Loading completed': String(this.#completed),
      'Image load errors': String(this.#errors),
    });
  }
}
