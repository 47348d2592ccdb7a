import type { SeriesSummary } from '../../src/index.js';
import { make } from './page.js';
import { patientText, seriesText, studyText } from './seriesTexts.js';

/** Shows the series under their studies and tells which one was chosen. */
export class SeriesList {
  readonly #buttons = new Map<SeriesSummary, HTMLButtonElement>();

  constructor(
    container: HTMLElement,
    list: readonly SeriesSummary[],
    onChoose: (series: SeriesSummary) => void,
  ) {
    const nodes: Node[] = [];
    let studyUID: string | undefined;
    for (const series of list) {
      if (series.studyInstanceUID !== studyUID) {
        studyUID = series.studyInstanceUID;
        const heading = make('h3', '', patientText(series));
        heading.append(make('small', '', studyText(series)));
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
  select(series: SeriesSummary): void {
    this.#buttons.forEach((button, each) => {
      button.setAttribute('aria-current', String(each === series));
    });
  }
}

function makeButton(series: SeriesSummary): HTMLButtonElement {
  const { modality, instanceCount } = series;
  const description = seriesText(series);
  const button = make('button');
  button.type = 'button';
  button.title = description;
  button.append(
    make('span', 'modality', modality || 'OT'),
    make('span', 'description', description),
    make('span', 'count', `${instanceCount} ${instanceCount === 1 ? 'image' : 'images'}`),
  );
  return button;
}
