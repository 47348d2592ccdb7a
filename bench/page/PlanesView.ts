import { Enums, setVolumesForViewports } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import type { Series } from './fetchSeries.js';
import { Picture, VOI_RANGE } from './Picture.js';
import { getRenderingEngine, openViewport, worldOf } from './viewports.js';
import type { MeasuredVolume } from './volumes.js';

const { AXIAL, SAGITTAL, CORONAL } = Enums.OrientationAxis;
/** A band that is often equal in neighbouring slices: the coronal plane lies in it. */
const CORONAL_BAND = 4;
/**
 * The picture may be coarser than the slices: only positions with this many equal slices on each side are
 * compared.
 */
const ALIKE_SLICES = 3;

/** A position in the volume and its level in Hounsfield units. */
interface Place {
  readonly world: Types.Point3;
  readonly level: number;
}

interface Plane {
  readonly orientation: Enums.OrientationAxis;
  readonly element: HTMLDivElement;
  /** The positions that are compared. */
  readonly places: readonly Place[];
}

/** The three planes through a volume, each in a viewport. */
export class PlanesView {
  readonly #volume: MeasuredVolume;
  readonly #series: Series;
  readonly #planes: readonly Plane[];

  constructor(volume: MeasuredVolume, series: Series) {
    this.#volume = volume;
    this.#series = series;
    const bands = this.#bandsOf(0).map((_, band) => band);
    const slices = volume.imageIds.map((_, slice) => slice);
    const middle = Math.floor(slices.length / 2);
    const isTelling = ({ slice, band }: { slice: number; band: number }): boolean =>
      this.#isAlikeAround(slice, band);
    const across = slices.flatMap((slice) => bands.map((band) => ({ slice, band })));
    this.#planes = [
      { orientation: AXIAL, places: bands.map((band) => ({ slice: middle, band })) },
      { orientation: SAGITTAL, places: across.filter(isTelling) },
      {
        orientation: CORONAL,
        places: across.filter(({ band }) => band === CORONAL_BAND).filter(isTelling),
      },
    ].map(({ orientation, places }) => ({
      orientation,
      element: document.createElement('div'),
      places: places.map(({ slice, band }) => ({
        world: this.#worldOf(slice, band),
        level: this.#bandsOf(slice)[band] as number,
      })),
    }));
  }

  /** Shows the volume, loaded or not. */
  async show(): Promise<void> {
    const viewports = this.#planes.map(({ orientation, element }) =>
      openViewport(orientation, element),
    );
    await setVolumesForViewports(
      getRenderingEngine(),
      [{ volumeId: this.#volume.volumeId }],
      this.#planes.map(({ orientation }) => orientation),
    );
    const middle = Math.floor(this.#volume.imageIds.length / 2);
    for (const viewport of viewports) {
      viewport.setProperties({ voiRange: VOI_RANGE });
      viewport.jumpToWorld(this.#worldOf(middle, CORONAL_BAND));
      viewport.render();
    }
  }

  /** Resolves when all three planes are completely on the screen. */
  async drawn(): Promise<void> {
    await Promise.all(this.#planes.map((plane) => this.#isDrawn(plane)));
  }

  /** Disables the viewports; the rendering engine is kept. */
  close(): void {
    for (const { orientation, element } of this.#planes) {
      getRenderingEngine().disableElement(orientation);
      element.remove();
    }
  }

  #isDrawn({ orientation, element, places }: Plane): Promise<void> {
    const viewport = getRenderingEngine().getViewport<Types.IVolumeViewport>(orientation);
    return new Promise((resolve) => {
      const check = (): void => {
        const picture = new Picture(viewport);
        if (places.every(({ world, level }) => picture.shows(world, level))) {
          element.removeEventListener(Enums.Events.IMAGE_RENDERED, check);
          resolve();
        }
      };
      element.addEventListener(Enums.Events.IMAGE_RENDERED, check);
      check();
    });
  }

  #isAlikeAround(slice: number, band: number): boolean {
    const { length } = this.#volume.imageIds;
    const [first, last] = [slice - ALIKE_SLICES, slice + ALIKE_SLICES];
    if (first < 0 || last >= length) {
      return false;
    }
    const level = this.#bandsOf(slice)[band];
    return Array.from({ length: last - first + 1 }, (_, index) => first + index).every(
      (each) => this.#bandsOf(each)[band] === level,
    );
  }

  #worldOf(slice: number, band: number): Types.Point3 {
    return worldOf(this.#volume, [0.5, (band + 0.5) / this.#bandsOf(slice).length, slice]);
  }

  #bandsOf(slice: number): readonly number[] {
    return this.#series.bandsOf(this.#volume.imageIds[slice] as string);
  }
}
