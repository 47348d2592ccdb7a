import type { Series } from './catalog.js';
import { make } from './page.js';

/** Shows the series under their studies and tells which one was chosen. */
export class SeriesList {
  readonly #buttons = new Map<Series, HTMLButtonElement>();

  constructor(container: HTMLElement, list: readonly Series[], onChoose: (series: Series) => void) {
    const nodes: Node[] = [];
    let studyUID: string | undefined;
    for (const series of list) {
      if (series.studyUID !== studyUID) {
        studyUID = series.studyUID;
        const heading = make('h3', '', series.patientName);
        heading.append(make('small', '', series.studyDescription));
        nodes.push(heading);
      }
      const button = makeButton(series);
      button.addEventListener('click', () => {
        onChoose(series);
      });
      this.#buttons.set(series, button);
      nodes.push(button);
    }
    container.replaceChildren(
      ...(nodes.length > 0 ? nodes : [make('p', 'empty', 'The server has no series.')]),
    );
  }

  /** Marks the series that is open. */
  select(series: Series): void {
    this.#buttons.forEach((button, each) => {
      button.setAttribute('aria-current', String(each === series));
    });
  }
}

function makeButton({ modality, description, instanceCount }: Series): HTMLButtonElement {
  const button = make('button');
  button.type = 'button';
  button.title = description;
  button.append(
    make('span', 'modality', modality),
    make('span', 'description', description),
    make('span', 'count', `${instanceCount} ${instanceCount === 1 ? 'image' : 'images'}`),
  );
  return button;
}
