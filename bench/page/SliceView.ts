import { Enums, RenderingEngine, setVolumesForViewports } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import type { Series } from './fetchSeries.js';
import type { MeasuredVolume } from './volumes.js';

/** Width and height in pixels: small, as the processor draws where there is no graphics card. */
const SIZE = 256;
const VIEWPORT_ID = 'axial';
/** The range in Hounsfield units that is spread over the greys. */
const VOI_RANGE = { lower: -1024, upper: 1024 };
/**
 * Cornerstone draws a slab of a tenth of a millimetre, so that the slices beside the wanted one shine
 * through; the wrong level would be off by 174.
 */
const GREY_TOLERANCE = 30;
/** Where in a row it is looked at, as parts of its length. */
const COLUMNS = [0.25, 0.5, 0.75];

/** An axial viewport that shows one slice, and knows whether its true pixels are on the canvas. */
export class SliceView {
  readonly #element = document.createElement('div');
  #engine: RenderingEngine | undefined;
  #volume: MeasuredVolume | undefined;

  /** Shows a volume, loaded or not, at a slice. */
  async show(volume: MeasuredVolume, slice: number): Promise<void> {
    this.#volume = volume;
    const engine = this.#enable();
    await setVolumesForViewports(engine, [{ volumeId: volume.volumeId }], [VIEWPORT_ID]);
    this.#viewport.setProperties({ voiRange: VOI_RANGE });
    this.goTo(slice);
  }

  /** Takes the viewport away; the rendering engine stays for the next. */
  clear(): void {
    this.#engine?.disableElement(VIEWPORT_ID);
    this.#volume = undefined;
  }

  /** Goes to a slice of the volume, as scrolling does. */
  goTo(slice: number): void {
    this.#viewport.jumpToWorld(this.#worldOf(0.5, 0.5, slice));
    this.#viewport.render();
  }

  /**
   * Waits until the pixels of a slice are on the canvas.
   *
   * @returns the time at which they had been read from it
   */
  drawn({ bandsOf }: Series, slice: number): Promise<number> {
    return new Promise((resolve) => {
      const check = (): void => {
        const imageId = this.#volume?.imageIds[slice];
        if (imageId !== undefined && this.#shows(bandsOf(imageId), slice)) {
          this.#element.removeEventListener(Enums.Events.IMAGE_RENDERED, check);
          resolve(performance.now());
        }
      };
      this.#element.addEventListener(Enums.Events.IMAGE_RENDERED, check);
    });
  }

  #enable(): RenderingEngine {
    Object.assign(this.#element.style, { width: `${SIZE}px`, height: `${SIZE}px` });
    document.body.append(this.#element);
    this.#engine ??= new RenderingEngine('bench');
    this.#engine.enableElement({
      viewportId: VIEWPORT_ID,
      element: this.#element,
      type: Enums.ViewportType.ORTHOGRAPHIC,
      defaultOptions: { orientation: Enums.OrientationAxis.AXIAL, background: [0, 0, 0] },
    });
    return this.#engine;
  }

  get #viewport(): Types.IVolumeViewport {
    return this.#engine?.getViewport(VIEWPORT_ID) as Types.IVolumeViewport;
  }

  #shows(bands: readonly number[], slice: number): boolean {
    const canvas = this.#viewport.getCanvas();
    const { data, width } = (canvas.getContext('2d') as CanvasRenderingContext2D).getImageData(
      0,
      0,
      canvas.width,
      canvas.height,
    );
    return bands.every((level, band) =>
      COLUMNS.every((column) => {
        const world = this.#worldOf(column, (band + 0.5) / bands.length, slice);
        const [x, y] = this.#viewport.worldToCanvas(world);
        const grey = data[4 * (Math.round(y) * width + Math.round(x))] ?? -1;
        return Math.abs(grey - greyOf(level)) <= GREY_TOLERANCE;
      }),
    );
  }

  /** @param column - part of the row's length; likewise `row` */
  #worldOf(column: number, row: number, slice: number): Types.Point3 {
    const { imageData, dimensions } = this.#volume as MeasuredVolume;
    const index: Types.Point3 = [column * dimensions[0], row * dimensions[1], slice];
    return imageData?.indexToWorld(index) as Types.Point3;
  }
}

function greyOf(level: number): number {
  return (255 * (level - VOI_RANGE.lower)) / (VOI_RANGE.upper - VOI_RANGE.lower);
}
