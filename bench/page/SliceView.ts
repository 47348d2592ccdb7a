import { cache, Enums } from '@cornerstonejs/core';
import type { Series } from './fetchSeries.js';
import { Picture, VOI_RANGE } from './Picture.js';
import { closeViewport, openViewport, setVolume, worldOf } from './viewports.js';
import type { AnyViewport } from './viewports.js';
import type { MeasuredVolume } from './volumes.js';

const { AXIAL } = Enums.OrientationAxis;
/** Columns that are compared, as fractions of a row. */
const COLUMNS = [0.25, 0.5, 0.75];

/** An axial viewport that shows one slice, and tests whether its pixels are on the canvas. */
export class SliceView {
  readonly #element = document.createElement('div');
  readonly #volume: MeasuredVolume;
  #viewport: AnyViewport | undefined;

  constructor(volume: MeasuredVolume) {
    this.#volume = volume;
  }

  /** Shows the volume, loaded or not, at a slice. */
  async show(slice: number): Promise<void> {
    this.#viewport = openViewport(AXIAL, { element: this.#element });
    await setVolume(this.#volume, [this.#viewport]);
    this.#viewport.setProperties({ voiRange: VOI_RANGE });
    this.goTo(slice);
  }

  /** Disables the viewport; the rendering engine is kept. */
  close(): void {
    if (this.#viewport) {
      closeViewport(this.#viewport);
    }
  }

  /** Goes to a slice of the volume, as scrolling does. */
  goTo(slice: number): void {
    this.#viewport?.jumpToWorld(worldOf(this.#volume, [0.5, 0.5, slice]));
    this.#viewport?.render();
  }

  /**
   * Waits until the pixels of a slice are on the canvas.
   *
   * @returns the time after they were read from it
   */
  drawn({ bandsOf }: Series, slice: number): Promise<number> {
    const imageId = this.#volume.imageIds[slice] as string;
    const bands = bandsOf(imageId);
    return new Promise((resolve) => {
      const check = (): void => {
        // Reading the canvas waits for all pending drawing and blocks the page.
        if (cache.isLoaded(imageId) && this.#shows(bands, slice)) {
          this.#element.removeEventListener(Enums.Events.IMAGE_RENDERED, check);
          resolve(performance.now());
        }
      };
      this.#element.addEventListener(Enums.Events.IMAGE_RENDERED, check);
    });
  }

  #shows(bands: readonly number[], slice: number): boolean {
    if (!this.#viewport) {
      return false;
    }
    const picture = new Picture(this.#viewport);
    return bands.every((level, band) =>
      COLUMNS.every((column) => {
        const row = (band + 0.5) / bands.length;
        return picture.shows(worldOf(this.#volume, [column, row, slice]), level);
      }),
    );
  }
}
