import { byId } from './page.js';

/** What the keys do; each returns whether the key has a meaning now. */
export interface KeyActions {
  /** @param delta - slices, negative towards the first one */
  readonly scroll: (delta: number) => boolean;
  /** Space, and the arrows to the left and to the right, of a series with time points. */
  readonly onTimeKey: (key: string) => boolean;
  readonly reload: () => boolean;
  /** @param index - of the preset, from 0 */
  readonly choosePreset: (index: number) => boolean;
}

const SLICES: Readonly<Record<string, number>> = {
  ArrowUp: -1,
  ArrowDown: 1,
  ArrowLeft: -1,
  ArrowRight: 1,
  PageUp: -10,
  PageDown: 10,
};

/** Elements that use keys themselves. */
const FIELDS = 'input, select, textarea, [contenteditable], dialog';

/** Listens to the keys of the page, and shows the sheet that names them. */
export function listenToKeys(actions: KeyActions): void {
  const help = byId('help', HTMLDialogElement);
  byId('help-open').addEventListener('click', () => {
    help.showModal();
  });
  document.addEventListener('keydown', (event) => {
    if (isForPage(event) && (showsHelp(event.key, help) || act(event.key, actions))) {
      event.preventDefault();
    }
  });
}

function showsHelp(key: string, help: HTMLDialogElement): boolean {
  if (key === '?') {
    help.showModal();
  }
  return key === '?';
}

function act(key: string, actions: KeyActions): boolean {
  if (key === 'r' || key === 'R') {
    return actions.reload();
  }
  if (/^[1-4]$/.test(key)) {
    return actions.choosePreset(Number(key) - 1);
  }
  const delta = SLICES[key];
  return actions.onTimeKey(key) || (delta !== undefined && actions.scroll(delta));
}

/**
 * Not with a modifier, which makes it a command of the browser, nor where the focused element has a use for the key.
 * Whether its default is prevented says nothing: Cornerstone's tools do so with each key in a viewport.
 */
function isForPage(event: KeyboardEvent): boolean {
  const { target, key, ctrlKey, metaKey, altKey } = event;
  if (ctrlKey || metaKey || altKey || !(target instanceof Element)) {
    return false;
  }
  const isPress = key === ' ' && target.closest('button, a, summary') !== null;
  return !isPress && target.closest(FIELDS) === null;
}
