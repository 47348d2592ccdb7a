import { Enums } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import { BandPlaces } from './bandPlaces.js';
import type { Place } from './bandPlaces.js';
import type { Series } from './fetchSeries.js';
import { Picture, VOI_RANGE } from './Picture.js';
import {
  closeViewport,
  openViewport,
  setVolume,
  unshadedPreset,
  VIEWPORT_3D,
} from './viewports.js';
import type { AnyViewport, ViewportId } from './viewports.js';
import type { MeasuredVolume } from './volumes.js';

const { AXIAL, SAGITTAL, CORONAL } = Enums.OrientationAxis;
/** A band that is often equal in neighbouring slices: the coronal plane lies in it. */
const CORONAL_BAND = 4;

/**
 * How the volume is drawn in 3D: the higher level of bands is opaque, the lower one and what is not loaded is
 * transparent, so that half of all rays go through the whole volume.
 */
const BANDS_PRESET = unshadedPreset({
  name: 'bands',
  colorTransfer: '8 -1024 1 1 1 1024 1 1 1',
  scalarOpacity: '8 -1024 0 200 0 600 1 1024 1',
});

interface View {
  readonly id: ViewportId;
  readonly options?: Parameters<typeof openViewport>[1];
  readonly showsLevel: (picture: Picture, place: Place) => boolean;
  /** The positions that are compared. */
  readonly places: readonly Place[];
}

const showsGrey: View['showsLevel'] = (picture, { world, level }) => picture.shows(world, level);

/** The three planes through a series of bands, each in a viewport, and the volume in 3D in a fourth one if wanted. */
export class PlanesView {
  readonly #volume: MeasuredVolume;
  readonly #center: Types.Point3;
  readonly #views: readonly View[];
  #viewports: readonly AnyViewport[] = [];

  /** @param with3D - default: false */
  constructor(volume: MeasuredVolume, series: Series, { with3D = false } = {}) {
    this.#volume = volume;
    const places = new BandPlaces(volume, series);
    const middle = Math.floor(volume.imageIds.length / 2);
    this.#center = places.at(middle, CORONAL_BAND).world;
    const acrossSlices = places.acrossSlices();
    const views: View[] = [
      { id: AXIAL, places: places.inSlice(middle), showsLevel: showsGrey },
      { id: SAGITTAL, places: acrossSlices, showsLevel: showsGrey },
      {
        id: CORONAL,
        places: places.acrossSlices((band) => band === CORONAL_BAND),
        showsLevel: showsGrey,
      },
      {
        id: VIEWPORT_3D,
        // Bands are alike along the rows, so this side shows what the sagittal plane shows.
        options: { orientation: SAGITTAL, isParallel: true } as const,
        places: acrossSlices,
        showsLevel: (picture: Picture, { world, level }: Place) =>
          picture.isBright(world) === level > 0,
      },
    ];
    this.#views = views.filter(({ id }) => with3D || id !== VIEWPORT_3D);
  }

  /** Shows the volume, loaded or not. */
  async show(): Promise<void> {
    this.#viewports = this.#views.map(({ id, options }) => openViewport(id, options));
    await setVolume(this.#volume, this.#viewports);
    for (const viewport of this.#viewports) {
      if (viewport.id === VIEWPORT_3D) {
        viewport.setProperties({ preset: BANDS_PRESET as never });
      } else {
        viewport.setProperties({ voiRange: VOI_RANGE });
        viewport.jumpToWorld(this.#center);
      }
      viewport.render();
    }
  }

  /** Resolves when all pictures are completely on the screen. */
  async drawn(): Promise<void> {
    await Promise.all(
      this.#views.map((view, index) => isDrawn(view, this.#viewports[index] as AnyViewport)),
    );
  }

  /** Disables the viewports; the rendering engine is kept. */
  close(): void {
    this.#viewports.forEach(closeViewport);
  }
}

function isDrawn({ places, showsLevel }: View, viewport: AnyViewport): Promise<void> {
  return new Promise((resolve) => {
    const check = (): void => {
      const picture = new Picture(viewport);
      if (places.every((place) => showsLevel(picture, place))) {
        viewport.element.removeEventListener(Enums.Events.IMAGE_RENDERED, check);
        resolve();
      }
    };
    viewport.element.addEventListener(Enums.Events.IMAGE_RENDERED, check);
    check();
  });
}
