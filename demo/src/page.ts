/** An element of the page by its id; a missing element is a mistake in index.html. */
export function byId(id: string): HTMLElement;
export function byId<T extends HTMLElement>(id: string, type: new () => T): T;
export function byId(id: string, type: new () => HTMLElement = HTMLElement): HTMLElement {
  const found = document.getElementById(id);
  if (!(found instanceof type)) {
    throw new Error(`The page has no ${type.name} with id ${id}`);
  }
  return found;
}

/** Creates an element with a class and a text. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className = '',
  text = '',
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
}

/**
 * Fills a definition list, and changes only texts that differ, as it is called many times a second.
 *
 * @param facts - value by name, always the same names in the same order
 */
export function showFacts(list: HTMLElement, facts: Readonly<Record<string, string>>): void {
  const entries = Object.entries(facts);
  if (list.childElementCount !== entries.length) {
    list.replaceChildren(
      ...entries.map(([name]) => {
        const row = make('div');
        row.append(make('dt', '', name), make('dd'));
        return row;
      }),
    );
  }
  entries.forEach(([, value], index) => {
    const field = list.children[index]?.querySelector('dd');
    if (field && field.textContent !== value) {
      field.textContent = value;
      field.title = value;
    }
  });
}
