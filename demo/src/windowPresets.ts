import { cache, utilities } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import { isStreamingImageVolume } from '../../src/index.js';
import type { DrawnVolume } from './drawnVolume.js';
import { make } from './page.js';

interface WindowPreset {
  readonly name: string;
  /** Undefined without loaded pixels to derive it from. */
  readonly getRange: (volume: DrawnVolume) => Types.VOIRange | undefined;
}

const AUTO: WindowPreset = { name: 'Auto', getRange: (volume) => percentiles(volume, 0.01, 0.99) };
const FULL: WindowPreset = { name: 'Full range', getRange: fullRange };
const CT_PRESETS = [
  fixed('Soft tissue', 400, 40),
  fixed('Lung', 1500, -600),
  fixed('Bone', 2500, 480),
];

/** Buttons that set the window; CT has its own presets. */
export class WindowPresets {
  readonly #container: HTMLElement;
  readonly #onChoose: (range: Types.VOIRange) => void;
  #buttons: { button: HTMLButtonElement; preset: WindowPreset }[] = [];
  #volume: DrawnVolume | undefined;

  constructor(container: HTMLElement, onChoose: (range: Types.VOIRange) => void) {
    this.#container = container;
    this.#onChoose = onChoose;
  }

  /** @param volume - undefined when no volume is open */
  offer(volume: DrawnVolume | undefined): void {
    this.#volume = volume;
    const presets = volume?.metadata.Modality === 'CT' ? [...CT_PRESETS, AUTO] : [AUTO, FULL];
    this.#buttons = volume
      ? presets.map((preset) => ({ preset, button: this.#makeButton(preset) }))
      : [];
    this.#container.replaceChildren(...this.#buttons.map(({ button }) => button));
  }

  /** Marks the current preset. */
  mark(range: Types.VOIRange): void {
    const volume = this.#volume;
    for (const { button, preset } of this.#buttons) {
      const own = volume && CT_PRESETS.includes(preset) ? preset.getRange(volume) : undefined;
      const isOn =
        own !== undefined &&
        Math.abs(own.lower - range.lower) < 1 &&
        Math.abs(own.upper - range.upper) < 1;
      button.setAttribute('aria-pressed', String(isOn));
    }
  }

  /**
   * Chooses a preset by its place among the buttons, from 0.
   *
   * @returns whether there is one
   */
  choose(index: number): boolean {
    const entry = this.#buttons[index];
    entry?.button.click();
    return entry !== undefined;
  }

  #makeButton({ name, getRange }: WindowPreset): HTMLButtonElement {
    const button = make('button', '', name);
    button.type = 'button';
    button.addEventListener('click', () => {
      const range = this.#volume && getRange(this.#volume);
      if (range) {
        this.#onChoose(range);
      }
    });
    return button;
  }
}

function fixed(name: string, width: number, center: number): WindowPreset {
  const range = utilities.windowLevel.toLowHighRange(width, center);
  return { name, getRange: () => range };
}

/** The lowest and the highest value that is loaded. */
export function fullRange({ voxelManager }: DrawnVolume): Types.VOIRange | undefined {
  const [lower = 0, upper = 0] = voxelManager?.getRange() ?? [];
  return upper > lower ? { lower, upper } : undefined;
}

/** The values of the middle slice, which is loaded first, between two fractions of its voxels. */
function percentiles(volume: DrawnVolume, from: number, to: number): Types.VOIRange | undefined {
  const sorted = middleSlice(volume)?.sort() ?? [];
  const last = sorted.length - 1;
  const lower = sorted[Math.floor(from * last)];
  const upper = sorted[Math.ceil(to * last)];
  return lower !== undefined && upper !== undefined && upper > lower ? { lower, upper } : undefined;
}

/** A copy of its voxels; undefined where it is not loaded. */
function middleSlice(volume: DrawnVolume): Types.PixelDataTypedArray | undefined {
  const slices = volume.dimensions[2];
  const middle = Math.floor(slices / 2);
  if (!isStreamingImageVolume(volume)) {
    return cache
      .getImage(volume.imageIds[middle] as string)
      ?.getPixelData()
      .slice();
  }
  const values = volume.getScalarData();
  const sliceLength = values.length / slices;
  return values.slice(middle * sliceLength, (middle + 1) * sliceLength);
}
