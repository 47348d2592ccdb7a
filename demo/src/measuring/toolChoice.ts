import { make } from '../page.js';
import type { PrimaryTool } from '../tools.js';

const NAMES: Readonly<Record<PrimaryTool, string>> = {
  window: 'Window',
  slices: 'Slices',
  length: 'Length',
  ellipse: 'Ellipse',
  brush: 'Brush',
  eraser: 'Eraser',
};

/** Buttons that choose what the left mouse button, or one finger, does in the planes. */
export class ToolChoice {
  readonly #buttons: readonly (readonly [PrimaryTool, HTMLButtonElement])[];

  constructor(container: HTMLElement, onChoose: (tool: PrimaryTool) => void) {
    this.#buttons = (Object.keys(NAMES) as PrimaryTool[]).map((tool) => {
      const button = make('button', '', NAMES[tool]);
      button.type = 'button';
      button.addEventListener('click', () => {
        onChoose(tool);
      });
      return [tool, button];
    });
    container.prepend(...this.#buttons.map(([, button]) => button));
  }

  /** Marks the tool that is in use. */
  mark(tool: PrimaryTool): void {
    this.#buttons.forEach(([each, button]) => {
      button.setAttribute('aria-pressed', String(each === tool));
    });
  }
}
