import type { Choice } from './choice.js';
import { make } from './page.js';
import { badgeText, kindText } from './seriesKind.js';

/** Lists the choices by patient and study, and reports which one was chosen. */
export class SeriesList {
  readonly #buttons = new Map<Choice, HTMLButtonElement>();

  constructor(container: HTMLElement, list: readonly Choice[], onChoose: (choice: Choice) => void) {
    const nodes: Node[] = [];
    let before: Choice | undefined;
    for (const choice of list) {
      if (choice.patient !== before?.patient || choice.study !== before.study) {
        const heading = make('h3', '', choice.patient);
        heading.append(make('small', '', choice.study));
        nodes.push(heading);
      }
      before = choice;
      const button = makeButton(choice);
      button.addEventListener('click', () => {
        onChoose(choice);
      });
      this.#buttons.set(choice, button);
      nodes.push(button);
    }
    container.replaceChildren(
      ...(nodes.length > 0 ? nodes : [make('p', 'empty', 'There is no series.')]),
    );
  }

  /** Marks the open choice. */
  select(choice: Choice): void {
    this.#buttons.forEach((button, each) => {
      button.setAttribute('aria-current', String(each === choice));
    });
  }
}

function makeButton(choice: Choice): HTMLButtonElement {
  const { description, modality } = choice;
  const button = make('button');
  button.type = 'button';
  button.title = description;
  button.append(
    make('span', 'modality', badgeText(modality)),
    make('span', 'description', description),
    make('span', 'count', kindText(choice)),
  );
  return button;
}
