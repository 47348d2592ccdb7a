import { Enums, eventTarget } from '@cornerstonejs/core';
import { utilities } from '@cornerstonejs/tools';
import { isStreamingDynamicImageVolume } from '../../../src/index.js';
import type { StreamingDynamicImageVolume, StreamingImageVolume } from '../../../src/index.js';
import { byId } from '../page.js';
import { timePointText } from './timeText.js';

const { DYNAMIC_VOLUME_DIMENSION_GROUP_CHANGED } = Enums.Events;

/** Play, pause, speed and the time point of a volume with several of them. */
export class TimeControls {
  readonly #bar = byId('time-bar');
  readonly #play = byId('time-play', HTMLButtonElement);
  readonly #speed = byId('time-speed', HTMLSelectElement);
  readonly #slider = byId('time-point', HTMLInputElement);
  readonly #text = byId('time-text');
  readonly #element: HTMLDivElement;
  readonly #onChange: () => void;
  #volume: StreamingDynamicImageVolume | undefined;
  #isPlaying = false;

  /**
   * @param element - of a viewport that shows the volume
   * @param onChange - called when another time point is shown, or when playing starts or ends
   */
  constructor(element: HTMLDivElement, onChange: () => void) {
    this.#element = element;
    this.#onChange = onChange;
    this.#play.addEventListener('click', () => {
      this.toggle();
    });
    this.#speed.addEventListener('change', () => {
      if (this.#isPlaying) {
        this.#start();
      }
    });
    this.#slider.addEventListener('input', () => {
      this.goTo(Number(this.#slider.value));
    });
    eventTarget.addEventListener(DYNAMIC_VOLUME_DIMENSION_GROUP_CHANGED, (event: Event) => {
      const { volumeId } = (event as CustomEvent<{ volumeId: string }>).detail;
      if (volumeId === this.#volume?.volumeId) {
        this.#show();
        onChange();
      }
    });
  }

  get isPlaying(): boolean {
    return this.#isPlaying;
  }

  /** @param volume - undefined, or without several time points: the controls are hidden */
  offer(volume: StreamingImageVolume | undefined): void {
    this.#isPlaying = false;
    this.#volume =
      isStreamingDynamicImageVolume(volume) && volume.isDynamicVolume() ? volume : undefined;
    this.#bar.hidden = !this.#volume;
    if (this.#volume) {
      this.#slider.max = String(this.#volume.numDimensionGroups);
    }
    this.#show();
  }

  /** Stops playing; to be called before the viewports lose the volume. */
  stop(): void {
    if (this.#isPlaying) {
      utilities.cine.stopClip(this.#element);
      this.#isPlaying = false;
      this.#show();
      this.#onChange();
    }
  }

  /** Starts or stops playing. */
  toggle(): void {
    if (this.#isPlaying) {
      this.stop();
    } else {
      this.#start();
    }
  }

  /** @param timePoint - from 1 */
  goTo(timePoint: number): void {
    this.stop();
    if (this.#volume) {
      this.#volume.dimensionGroupNumber = timePoint;
    }
  }

  /**
   * What a key does in a viewport: space plays and pauses, left and right go to the neighbouring time point.
   *
   * @returns whether the key has a meaning now
   */
  handleKey(key: string): boolean {
    const delta = { ArrowLeft: -1, ArrowRight: 1 }[key];
    if (!this.#volume || (delta === undefined && key !== ' ')) {
      return false;
    }
    if (delta === undefined) {
      this.toggle();
    } else {
      this.stop();
      this.#volume.scroll(delta);
    }
    return true;
  }

  #start(): void {
    if (this.#volume) {
      const framesPerSecond = Number(this.#speed.value);
      utilities.cine.playClip(this.#element, { framesPerSecond, dynamicCineEnabled: true });
      this.#isPlaying = true;
      this.#show();
      this.#onChange();
    }
  }

  #show(): void {
    const volume = this.#volume;
    this.#play.textContent = this.#isPlaying ? 'Pause' : 'Play';
    if (volume) {
      this.#slider.value = String(volume.dimensionGroupNumber);
      this.#text.textContent = timePointText(
        volume.dimensionGroupNumber,
        volume.numDimensionGroups,
      );
    }
  }
}
