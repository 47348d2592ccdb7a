import { countText } from './choice.js';
import type { Choice } from './choice.js';
import { make } from './page.js';

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

function makeButton({ description, modality, imageCount, isRest }: Choice): HTMLButtonElement {
  const button = make('button');
  button.type = 'button';
  button.title = description;
  const count = countText(imageCount, 'image');
  button.append(
    make('span', 'modality', modality || 'OT'),
    make('span', 'description', description),
    make('span', 'count', isRest ? `${count}, not a volume` : count),
  );
  return button;
}
