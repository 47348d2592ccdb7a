import { countText } from './choice.js';
import type { OpenedChoice } from './choice.js';
import { byId, make } from './page.js';

/** Shows, instead of the planes, why a series does not form a volume. */
export class EligibilityPanel {
  readonly #panel = byId('eligibility');

  get isShown(): boolean {
    return !this.#panel.hidden;
  }

  show(reasons: OpenedChoice['reasons'], imageCount: number): void {
    const list = make('ul');
    list.append(...reasons.map((reason) => makeReason(reason, imageCount)));
    const content = make('div');
    content.append(
      make('h3', '', 'These images are not a volume'),
      make(
        'p',
        'lead',
        `${countText(imageCount, 'image')} cannot be put into one regular grid. The stack viewport shows the images that can be read.`,
      ),
      list,
    );
    this.#panel.replaceChildren(content);
    this.#panel.hidden = false;
  }

  hide(): void {
    this.#panel.hidden = true;
  }
}

function makeReason(
  { code, message, imageIds }: OpenedChoice['reasons'][number],
  imageCount: number,
): HTMLLIElement {
  const item = make('li');
  item.append(
    make('span', 'images', `${imageIds.length} of ${imageCount} images`),
    make('code', '', code),
    make('p', '', message),
  );
  return item;
}
