import { utilities } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import type { StreamingImageVolume } from '../../src/index.js';
import { make } from './page.js';

interface WindowPreset {
  readonly name: string;
  /** Undefined without loaded pixels to derive it from. */
  readonly getRange: (volume: StreamingImageVolume) => Types.VOIRange | undefined;
}

const AUTO: WindowPreset = { name: 'Auto', getRange: (volume) => percentiles(volume, 0.01, 0.99) };
const FULL: WindowPreset = { name: 'Full range', getRange: (volume) => percentiles(volume, 0, 1) };
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
  #volume: StreamingImageVolume | undefined;

  constructor(container: HTMLElement, onChoose: (range: Types.VOIRange) => void) {
    this.#container = container;
    this.#onChoose = onChoose;
  }

  /** @param volume - undefined when no volume is open */
  offer(volume: StreamingImageVolume | undefined): void {
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

/** The values of the middle slice, which is loaded first, between two fractions of its voxels. */
function percentiles(
  volume: StreamingImageVolume,
  from: number,
  to: number,
): Types.VOIRange | undefined {
  const values = volume.getScalarData();
  const slices = volume.dimensions[2];
  const sliceLength = values.length / slices;
  const start = Math.floor(slices / 2) * sliceLength;
  const sorted = values.slice(start, start + sliceLength).sort();
  const lower = sorted[Math.floor(from * (sliceLength - 1))] as number;
  const upper = sorted[Math.ceil(to * (sliceLength - 1))] as number;
  return upper > lower ? { lower, upper } : undefined;
}
