import { isStreamingDynamicImageVolume } from '../../src/index.js';
import type { FailedFrame, StreamingImageVolume } from '../../src/index.js';
import { byId, make } from './page.js';
import { frameText } from './time/timeText.js';

/** Limit of the frames that are listed one by one. */
const MOST_LISTED = 8;

/** Lists the frames that could not be loaded; hidden without any. */
export class FailedFramesPanel {
  readonly #panel = byId('failed-frames');
  readonly #rows = byId('failed-rows');
  readonly #more = byId('failed-more');
  readonly #retry = byId('retry-failed', HTMLButtonElement);
  #shown = '';

  /** @param onRetry - called when the frames are to be tried again */
  constructor(onRetry: () => void) {
    this.#retry.addEventListener('click', onRetry);
  }

  /**
   * @param volume - undefined when no volume is open
   * @param isLoading - a load that is under way is waited for before frames are tried again
   */
  show(volume: StreamingImageVolume | undefined, isLoading: boolean): void {
    const count = volume?.progress.framesFailed ?? 0;
    this.#panel.hidden = count === 0;
    this.#retry.disabled = isLoading;
    const failed = count > 0 && volume ? volume.failedFrames.slice(0, MOST_LISTED) : [];
    const rows = failed.map((frame) => ({ frame, texts: describe(frame, volume) }));
    const content = JSON.stringify([count, ...rows.map(({ texts }) => texts)]);
    if (content !== this.#shown) {
      this.#shown = content;
      this.#rows.replaceChildren(...rows.map(makeRow));
      this.#more.textContent = `and ${count - failed.length} more`;
      this.#more.hidden = count === failed.length;
    }
  }
}

interface Row {
  readonly frame: FailedFrame;
  readonly texts: readonly string[];
}

function makeRow({ frame, texts }: Row): HTMLTableRowElement {
  const row = make('tr');
  row.title = frame.error.message;
  row.append(...texts.map((text) => make('td', '', text)));
  return row;
}

function describe(
  { imageIdIndex, error, attempts }: FailedFrame,
  volume: StreamingImageVolume | undefined,
): string[] {
  return [
    isStreamingDynamicImageVolume(volume)
      ? frameText(imageIdIndex, volume.dimensions[2], volume.imageIds.length)
      : frameText(imageIdIndex, Infinity, Infinity),
    [error.code, describeStatus(error.status)].filter(Boolean).join(' · '),
    `${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}`,
  ];
}

/** Status 0 means that there was no response. */
function describeStatus(status: number | undefined): string {
  return status === 0 ? 'no response' : String(status ?? '');
}
