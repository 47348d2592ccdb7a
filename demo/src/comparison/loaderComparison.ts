import type { FrameRequests } from '../frameRequests.js';
import { byId, make } from '../page.js';
import { describeDuration, describeSize } from '../progressBar.js';
import type { VolumeSession } from '../volumeSession.js';
import type { BuiltInSession } from './builtInSession.js';
import { pageMemory } from './pageMemory.js';
import type { PageMemory } from './pageMemory.js';

/** The loader of the open series. */
export type Loader = 'ours' | 'builtIn';

/** What was measured of one load. */
interface Figures {
  firstSliceMs?: number | undefined;
  totalMs?: number | undefined;
  requests?: number;
  memory?: PageMemory | 'measuring' | undefined;
}

const LOADERS = ['ours', 'builtIn'] as const;
const BUTTONS: Readonly<Record<Loader, string>> = {
  ours: 'loader-ours',
  builtIn: 'loader-built-in',
};

/** A switch between this package and Cornerstone's own loader, and the figures of both on the same series. */
export class LoaderComparison {
  loader: Loader = 'ours';
  readonly #rows = byId('comparison-rows');
  readonly #note = byId('comparison-note');
  readonly #buttons = LOADERS.map(
    (each) => [each, byId(BUTTONS[each], HTMLButtonElement)] as const,
  );
  #series: string | undefined;
  #figures: Record<Loader, Figures> = { ours: {}, builtIn: {} };

  /** @param onChoose - called when the series is to be loaded with the other loader */
  constructor(onChoose: () => void) {
    for (const [loader, button] of this.#buttons) {
      button.addEventListener('click', () => {
        this.loader = loader;
        this.#show();
        onChoose();
      });
    }
    this.#show();
  }

  /**
   * To be called when a series is opened.
   *
   * @param series - figures of another one are forgotten
   * @param isComparable - false: Cornerstone's loader cannot load it here
   */
  offer(series: string, isComparable: boolean): void {
    if (series !== this.#series) {
      this.#series = series;
      this.#figures = { ours: {}, builtIn: {} };
    }
    if (!isComparable) {
      this.loader = 'ours';
    }
    byId('loader-built-in', HTMLButtonElement).disabled = !isComparable;
    this.#figures[this.loader] = {};
    this.#show();
  }

  /** To be called when something changes; figures of a load that has ended stay. */
  note(
    { firstSliceMs, loadMs, state }: VolumeSession | BuiltInSession,
    requests: FrameRequests,
  ): void {
    const figures = this.#figures[this.loader];
    figures.firstSliceMs = firstSliceMs;
    if (figures.totalMs === undefined) {
      figures.requests = requests.count;
      figures.totalMs = state === 'complete' || state === 'failed' ? loadMs : undefined;
      if (figures.totalMs !== undefined) {
        void this.#measureMemory(figures);
      }
    }
    this.#show();
  }

  /** What is measured after another load has begun is of both, and left out. */
  async #measureMemory(figures: Figures): Promise<void> {
    figures.memory = 'measuring';
    const memory = await pageMemory();
    figures.memory = this.#figures[this.loader] === figures ? memory : undefined;
    this.#show();
  }

  #show(): void {
    for (const [loader, button] of this.#buttons) {
      button.setAttribute('aria-pressed', String(loader === this.loader));
    }
    const { ours, builtIn } = this.#figures;
    const row = (name: string, text: (figures: Figures) => string): readonly string[] => [
      name,
      text(ours),
      text(builtIn),
    ];
    const rows = [
      row('First slice', ({ firstSliceMs }) => describeDuration(firstSliceMs)),
      row('Total time', ({ totalMs }) => describeDuration(totalMs)),
      row('Requests', ({ requests }) => String(requests ?? '–')),
      row('Memory', ({ memory }) => describeMemory(memory)),
    ];
    const isOfCache = [ours, builtIn].some(
      ({ memory }) => typeof memory === 'object' && memory.source === 'cache',
    );
    write(this.#rows, rows);
    this.#note.textContent = isOfCache
      ? 'Memory is the size of Cornerstone’s cache, as this browser does not tell that of the page.'
      : 'Memory is that of the page and its workers, measured by the browser after the load.';
  }
}

function describeMemory(memory: Figures['memory']): string {
  return typeof memory === 'object' ? describeSize(memory.bytes) : memory ? '…' : '–';
}

/** Changes only texts that differ, as it is called many times a second. */
function write(body: HTMLElement, rows: readonly (readonly string[])[]): void {
  if (body.childElementCount === 0) {
    body.append(
      ...rows.map((texts) => {
        const row = make('tr');
        const name = make('th', '', texts[0]);
        name.scope = 'row';
        row.append(name, ...texts.slice(1).map(() => make('td')));
        return row;
      }),
    );
  }
  rows.forEach((texts, index) => {
    texts.forEach((text, column) => {
      const cell = body.children[index]?.children[column];
      if (cell && cell.textContent !== text) {
        cell.textContent = text;
      }
    });
  });
}
