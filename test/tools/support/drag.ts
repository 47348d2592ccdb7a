import type { Types } from '@cornerstonejs/core';
import type { Pane } from '../../rendering/support/Pane.js';

/**
 * Drags with the left mouse button from point to point, in whole pixels of the pane's canvas.
 *
 * The points have to be more than 4 pixels apart: below 3 tools wait for a double click, and brushes
 * paint nothing before 4.
 */
export function drag({ element }: Pane, from: Types.Point2, ...path: Types.Point2[]): void {
  const { left, top } = element.getBoundingClientRect();
  const fire = (target: EventTarget, type: string, [x, y]: Types.Point2): void => {
    target.dispatchEvent(
      new MouseEvent(type, {
        bubbles: true,
        cancelable: true,
        buttons: 1,
        clientX: left + x,
        clientY: top + y,
      }),
    );
  };
  fire(element, 'mousedown', from);
  for (const point of path) {
    fire(document, 'mousemove', point);
  }
  fire(document, 'mouseup', path.at(-1) ?? from);
}
