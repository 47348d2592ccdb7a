import { Enums } from '@cornerstonejs/core';
import type { Series } from './fetchSeries.js';
import { Picture, VOI_RANGE } from './Picture.js';
import { closeViewport, openViewport, setVolume, worldOf } from './viewports.js';
import type { AnyViewport } from './viewports.js';
import type { MeasuredVolume } from './volumes.js';

const { AXIAL, SAGITTAL, CORONAL } = Enums.OrientationAxis;

/** A volume of bands with time points in one plane or three, and when each time point came on the screen. */
export class PlayedPictures {
  readonly #volume: MeasuredVolume;
  readonly #viewports: readonly AnyViewport[];
  readonly #middle: number;
  /** The numbers of the frames of the middle slice, by the levels of their bands, highest first. */
  readonly #framesByLevels: ReadonlyMap<string, number>;
  #shown: number | undefined;
  #missing = new Set<AnyViewport>();
  readonly #times: number[] = [];

  constructor(volume: MeasuredVolume, series: Series, { inThreePlanes = false } = {}) {
    this.#volume = volume;
    this.#middle = Math.floor(volume.dimensions[2] / 2);
    this.#viewports = (inThreePlanes ? [AXIAL, SAGITTAL, CORONAL] : [AXIAL]).map((id) =>
      openViewport(id),
    );
    const slices = volume.dimensions[2];
    this.#framesByLevels = new Map(
      volume.imageIds
        .map((imageId, index) => [levelsText(series.bandsOf(imageId)), index] as const)
        .filter(([, index]) => index % slices === this.#middle),
    );
  }

  /** The times, of `performance.now()`, at which another time point had come on the screen, in all planes. */
  get times(): readonly number[] {
    return this.#times;
  }

  /** Shows the current time point, and resolves when it is on the screen. */
  async show(): Promise<void> {
    await setVolume(this.#volume, this.#viewports);
    for (const viewport of this.#viewports) {
      viewport.setProperties({ voiRange: VOI_RANGE });
      viewport.jumpToWorld(worldOf(this.#volume, [0.5, 0.5, this.#middle]));
    }
    await new Promise<void>((resolve) => {
      for (const viewport of this.#viewports) {
        viewport.element.addEventListener(Enums.Events.IMAGE_RENDERED, () => {
          this.#look(viewport);
          if (this.#times.length > 0) {
            resolve();
          }
        });
        viewport.render();
      }
    });
  }

  /** Disables the viewports; the rendering engine is kept. */
  close(): void {
    this.#viewports.forEach(closeViewport);
  }

  #look(viewport: AnyViewport): void {
    const picture = new Picture(viewport);
    const [axial, ...others] = this.#viewports;
    if (viewport === axial) {
      const frame = this.#frameIn(picture);
      if (frame === undefined || frame === this.#shown) {
        return;
      }
      this.#shown = frame;
      this.#missing = new Set(others);
    } else if (!this.#missing.delete(viewport)) {
      return;
    }
    if (this.#missing.size === 0) {
      this.#times.push(performance.now());
    }
  }

  /** Undefined while slices of two time points are on the screen, or none. */
  #frameIn(picture: Picture): number | undefined {
    const [levels = ''] = this.#framesByLevels.keys();
    const bands = Array.from(levels, (_, band) => (band + 0.5) / levels.length);
    const bright = bands.map((row) =>
      picture.isBright(worldOf(this.#volume, [0.5, row, this.#middle])) ? 1 : -1,
    );
    return this.#framesByLevels.get(levelsText(bright));
  }
}

function levelsText(levels: readonly number[]): string {
  return levels.map((level) => (level > 0 ? '1' : '0')).join('');
}
