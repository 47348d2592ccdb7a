import { countStates, describeCounts, FRAME_STATES, frameAt } from './frameCells.js';
import type { FrameState } from './frameCells.js';
import { drawFrameStrip } from './frameStripPicture.js';
import type { FrameStripContent } from './frameStripPicture.js';
import { make } from './page.js';
import { frameText } from './time/timeText.js';

/** The contents of the strip; read once for each animation frame. */
export interface FrameStripSource {
  /** In volume order; empty when no volume is open. */
  readonly getStates: () => readonly FrameState[];
  /** The marked frame, from 0. */
  readonly getSlice: () => number | undefined;
  /** The frame that pictures show in place of another one. */
  readonly getStandIn?: (frameIndex: number) => number | undefined;
  /** How many frames a time point has; all frames where there is one time point. */
  readonly getSlicesPerTimePoint?: () => number | undefined;
}

/** One cell per frame, coloured by its state, with a legend that counts them. */
export class FrameStrip {
  readonly #source: FrameStripSource;
  readonly #cells = make('div', 'cells');
  readonly #canvas = make('canvas');
  readonly #tip = make('span', 'tip');
  readonly #legend = new Map<FrameState, LegendEntry>();
  #states: readonly FrameState[] = [];
  #pointerX: number | undefined;
  #isScheduled = false;
  #colors: FrameStripContent['colors'] | undefined;

  /** @param onChoose - called with the frame, in volume order, whose cell was clicked */
  constructor(
    container: HTMLElement,
    source: FrameStripSource,
    onChoose: (frameIndex: number) => void,
  ) {
    this.#source = source;
    this.#canvas.setAttribute('role', 'img');
    this.#tip.hidden = true;
    this.#cells.append(this.#canvas, this.#tip);
    const legend = make('ul', 'legend');
    for (const state of FRAME_STATES) {
      const entry = makeLegendEntry(state);
      this.#legend.set(state, entry);
      legend.append(entry.item);
    }
    container.replaceChildren(this.#cells, legend);
    this.#canvas.addEventListener('pointermove', ({ offsetX }) => {
      this.#pointerX = offsetX;
      this.#showTip();
    });
    this.#canvas.addEventListener('pointerleave', () => {
      this.#pointerX = undefined;
      this.#showTip();
    });
    this.#canvas.addEventListener('click', ({ offsetX }) => {
      if (this.#states.length > 0) {
        onChoose(frameAt(offsetX, this.#states.length, this.#canvas.clientWidth));
      }
    });
    new ResizeObserver(() => {
      this.invalidate();
    }).observe(this.#canvas);
    matchMedia('(prefers-color-scheme: light)').addEventListener('change', () => {
      this.#colors = undefined;
      this.invalidate();
    });
    this.#draw();
  }

  /** Draws the strip again in the next animation frame. */
  invalidate(): void {
    if (this.#isScheduled) {
      return;
    }
    this.#isScheduled = true;
    requestAnimationFrame(() => {
      this.#isScheduled = false;
      this.#draw();
    });
  }

  #draw(): void {
    this.#states = this.#source.getStates();
    const counts = countStates(this.#states);
    this.#colors ??= this.#readColors();
    drawFrameStrip(this.#canvas, {
      states: this.#states,
      isBorrowed: (frameIndex) => this.#standInOf(frameIndex) !== undefined,
      slice: this.#source.getSlice(),
      framesPerGroup: this.#framesPerGroup,
      colors: this.#colors,
    });
    this.#legend.forEach(({ item, count }, state) => {
      write(count, String(counts[state]));
      item.dataset['isEmpty'] = String(counts[state] === 0);
    });
    const label = describeCounts(counts);
    if (this.#canvas.ariaLabel !== label) {
      this.#canvas.ariaLabel = label;
    }
    this.#showTip();
  }

  #standInOf(frameIndex: number): number | undefined {
    return this.#source.getStandIn?.(frameIndex);
  }

  get #framesPerGroup(): number {
    return this.#source.getSlicesPerTimePoint?.() ?? this.#states.length;
  }

  /** Also called when the frame under a resting pointer changes its state. */
  #showTip(): void {
    const x = this.#pointerX;
    this.#tip.hidden = x === undefined || this.#states.length === 0;
    if (x === undefined || this.#tip.hidden) {
      return;
    }
    const width = this.#canvas.clientWidth;
    const frameIndex = frameAt(x, this.#states.length, width);
    const state = this.#states[frameIndex] as FrameState;
    const name = frameText(frameIndex, this.#framesPerGroup, this.#states.length);
    const shown = this.#standInOf(frameIndex);
    const note =
      shown === undefined
        ? ''
        : ` · shown: ${frameText(shown, this.#framesPerGroup, this.#states.length)}`;
    write(this.#tip, `${name} · ${state}${note}`);
    const half = this.#tip.offsetWidth / 2;
    this.#tip.style.left = `${Math.max(half, Math.min(width - half, x))}px`;
  }

  /** The colours are in the style sheet; a canvas needs their values. */
  #readColors(): FrameStripContent['colors'] {
    const { color } = getComputedStyle(this.#cells);
    const colorOf = (state: FrameState): string => {
      const swatch = this.#legend.get(state)?.swatch;
      return swatch ? getComputedStyle(swatch).backgroundColor : color;
    };
    return {
      idle: colorOf('idle'),
      queued: colorOf('queued'),
      loading: colorOf('loading'),
      partial: colorOf('partial'),
      loaded: colorOf('loaded'),
      failed: colorOf('failed'),
      absent: colorOf('absent'),
      marker: color,
    };
  }
}

interface LegendEntry {
  readonly item: HTMLLIElement;
  readonly swatch: HTMLElement;
  readonly count: HTMLElement;
}

function makeLegendEntry(state: FrameState): LegendEntry {
  const item = make('li');
  const swatch = make('i');
  const count = make('b');
  item.dataset['state'] = state;
  item.append(swatch, state, count);
  return { item, swatch, count };
}

function write(element: HTMLElement, text: string): void {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}
