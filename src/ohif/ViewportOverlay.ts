import type { ImageCounts, OhifTexts } from './ohifTexts.js';

/** Where a press must not reach the viewport's tools, which would begin to draw. */
const PRESSES = ['pointerdown', 'mousedown', 'touchstart', 'dblclick'] as const;

/** Class of the overlay's element, for the style sheet of a site. */
export const OVERLAY_CLASS = 'streaming-image-volume-overlay';

/**
 * What a viewport shows of its volumes while they load: a line with a bar, and the images that failed with
 * a button. It lets everything but that button through to the viewport.
 */
export class ViewportOverlay {
  readonly #texts: OhifTexts;
  readonly #root: HTMLElement;
  readonly #loading: HTMLElement;
  readonly #bar: HTMLElement;
  readonly #filled: HTMLElement;
  readonly #failures: HTMLElement;
  readonly #failed: HTMLElement;

  /**
   * @param parent - of the viewport
   * @param onRetry - called when the button is pressed
   */
  constructor(parent: HTMLElement, texts: OhifTexts, onRetry: () => void) {
    this.#texts = texts;
    this.#loading = element('div', {});
    this.#filled = element('div', { height: '100%', background: 'currentColor' });
    this.#bar = element('div', { height: '2px', background: 'rgba(128, 128, 128, 0.6)' });
    this.#bar.setAttribute('role', 'progressbar');
    this.#bar.setAttribute('aria-valuemin', '0');
    this.#bar.append(this.#filled);
    this.#failed = element('span', { color: '#ff9d9d' });
    this.#failures = element('div', { display: 'none' });
    this.#failures.append(this.#failed, retryButton(texts.retry, onRetry));
    // At the bottom between OHIF's own texts, which stand in the corners.
    this.#root = element('div', {
      position: 'absolute',
      bottom: '8px',
      left: '50%',
      transform: 'translateX(-50%)',
      zIndex: '5',
      pointerEvents: 'none',
      textAlign: 'center',
      width: 'max-content',
      maxWidth: '90%',
      font: '12px sans-serif',
      color: '#e6e6e6',
      textShadow: '0 0 2px #000, 0 0 4px #000',
    });
    this.#root.className = OVERLAY_CLASS;
    this.#root.append(this.#loading, this.#bar, this.#failures);
    parent.append(this.#root);
  }

  /** The viewport's element that it lies on. */
  get parent(): HTMLElement | null {
    return this.#root.parentElement;
  }

  /** @param isLoading - whether images are still to come */
  show(counts: ImageCounts, isLoading: boolean): void {
    const { loaded, failed, total } = counts;
    this.#loading.style.display = this.#bar.style.display = isLoading ? '' : 'none';
    this.#loading.textContent = this.#texts.loading(counts);
    this.#filled.style.width = `${(100 * (loaded + failed)) / total}%`;
    this.#bar.setAttribute('aria-valuemax', String(total));
    this.#bar.setAttribute('aria-valuenow', String(loaded + failed));
    this.#failures.style.display = failed > 0 ? '' : 'none';
    this.#failed.textContent = `${this.#texts.failed(counts)} `;
  }

  /** Leaves nothing on the viewport. */
  remove(): void {
    this.#root.remove();
  }
}

function retryButton(label: string, onRetry: () => void): HTMLElement {
  const button = element('button', {
    pointerEvents: 'auto',
    cursor: 'pointer',
    textDecoration: 'underline',
    color: 'inherit',
    background: 'none',
    border: 'none',
    padding: '2px',
    font: 'inherit',
  });
  button.setAttribute('type', 'button');
  button.textContent = label;
  for (const press of PRESSES) {
    button.addEventListener(press, (event) => {
      event.stopPropagation();
    });
  }
  button.addEventListener('click', onRetry);
  return button;
}

/** Styled by the object model: a page's policy may forbid style sheets and attributes. */
function element(tag: string, style: Partial<CSSStyleDeclaration>): HTMLElement {
  const created = document.createElement(tag);
  Object.assign(created.style, style);
  return created;
}
