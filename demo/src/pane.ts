import { make } from './page.js';

/** Texts of a pane by their position; omitted texts are empty. */
export interface PaneTexts {
  readonly slice?: string;
  readonly window?: string;
  readonly top?: string;
  readonly bottom?: string;
  readonly left?: string;
  readonly right?: string;
}

const PLACES = {
  slice: 'slice',
  window: 'window',
  top: 'edge edge-top',
  bottom: 'edge edge-bottom',
  left: 'edge edge-left',
  right: 'edge edge-right',
} as const;

/** The area of one viewport on the page, with texts in its corners and at its edges. */
export class Pane {
  /** The element that Cornerstone draws into. */
  readonly element: HTMLDivElement;
  readonly #pane = make('div', 'pane');
  readonly #texts = new Map<keyof PaneTexts, HTMLSpanElement>();

  constructor(container: HTMLElement, viewportId: string, title: string) {
    this.element = make('div', 'canvas');
    this.element.setAttribute('role', 'application');
    this.element.setAttribute('aria-label', `${title}, arrow keys change the slice`);
    this.element.addEventListener('contextmenu', (event) => {
      event.preventDefault();
    });
    const pane = this.#pane;
    pane.dataset['viewport'] = viewportId;
    pane.append(this.element, make('span', 'title', title));
    for (const [place, className] of Object.entries(PLACES)) {
      const span = make('span', className);
      this.#texts.set(place as keyof PaneTexts, span);
      pane.append(span);
    }
    container.append(pane);
  }

  /** Hatches the pane, or not: it shows another slice than the one that it is at. */
  set hasStandIn(hasStandIn: boolean) {
    this.#pane.dataset['standIn'] = String(hasStandIn);
  }

  /** Shows these texts and no others. */
  write(texts: PaneTexts): void {
    this.#texts.forEach((span, place) => {
      const text = texts[place] ?? '';
      if (span.textContent !== text) {
        span.textContent = text;
      }
    });
  }
}
