import type { Choice } from '../choice.js';
import { byId, make } from '../page.js';
import { seriesName } from '../seriesKind.js';
import { colorTable } from './overlayStyle.js';
import type { OverlayStyle } from './overlayStyle.js';

const GRADIENT_STEPS = 16;

/** The controls of the overlay: which series, how opaque, and what its colours mean. */
export class OverlayBar {
  readonly #bar = byId('overlay-bar');
  readonly #choice = byId('overlay-choice', HTMLSelectElement);
  readonly #opacity = byId('overlay-opacity', HTMLInputElement);
  readonly #scale = byId('overlay-scale');
  readonly #state = byId('overlay-state');
  #choices: readonly Choice[] = [];

  /**
   * @param onChoose - called with the series to lay over the open one, undefined for none
   * @param onOpacity - called with the opacity, from 0 to 1
   */
  constructor(
    onChoose: (choice: Choice | undefined) => void,
    onOpacity: (opacity: number) => void,
  ) {
    this.#choice.addEventListener('change', () => {
      onChoose(this.#choices[this.#choice.selectedIndex - 1]);
    });
    this.#opacity.addEventListener('input', () => {
      onOpacity(this.opacity);
    });
  }

  get opacity(): number {
    return Number(this.#opacity.value) / 100;
  }

  /** Offers series to lay over the open one; hidden without any. */
  offer(choices: readonly Choice[]): void {
    this.#choices = choices;
    this.#choice.replaceChildren(
      ...[undefined, ...choices].map((choice) =>
        make('option', '', choice ? seriesName(choice) : 'None'),
      ),
    );
    this.#bar.hidden = choices.length === 0;
    this.show(undefined);
  }

  /**
   * Shows the colours of the overlay, and how far it is loaded.
   *
   * @param overlay - undefined when there is none
   */
  show(
    overlay: { readonly style: OverlayStyle; readonly unit: string } | undefined,
    state = '',
  ): void {
    this.#opacity.disabled = overlay === undefined;
    this.#scale.hidden = overlay === undefined;
    this.#state.textContent = state;
    if (overlay) {
      const { lower, upper } = overlay.style.range;
      const [low, colors, high] = ['span', 'i', 'span'].map((tag) => make(tag as 'span' | 'i'));
      (low as HTMLElement).textContent = numberText(lower);
      (colors as HTMLElement).style.background = gradient(overlay.style);
      (high as HTMLElement).textContent = `${numberText(upper)} ${overlay.unit}`.trim();
      this.#scale.replaceChildren(low as HTMLElement, colors as HTMLElement, high as HTMLElement);
    }
  }
}

function gradient(style: OverlayStyle): string {
  const table = colorTable(style, GRADIENT_STEPS);
  const stops = Array.from(
    { length: GRADIENT_STEPS },
    (_, step) => `rgb(${table.subarray(step * 3, step * 3 + 3).join(' ')})`,
  );
  return `linear-gradient(90deg, ${stops.join(', ')})`;
}

function numberText(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toPrecision(3);
}
