import type { Types } from '@cornerstonejs/core';
import type { Series } from './fetchSeries.js';
import { worldOf } from './viewports.js';
import type { MeasuredVolume } from './volumes.js';

/**
 * The picture may be coarser than the slices: only positions with this many equal slices on each side are
 * compared.
 */
const ALIKE_SLICES = 3;

/** A position in the volume and its level in Hounsfield units. */
export interface Place {
  readonly world: Types.Point3;
  readonly level: number;
}

/** Finds positions in a series of bands whose level a picture must show. */
export class BandPlaces {
  readonly #volume: MeasuredVolume;
  readonly #series: Series;

  constructor(volume: MeasuredVolume, series: Series) {
    this.#volume = volume;
    this.#series = series;
  }

  /** In the middle of each band of a slice. */
  inSlice(slice: number): Place[] {
    return this.#bandsOf(slice).map((_, band) => this.at(slice, band));
  }

  /**
   * Across the slices, where a slice has the same level as its neighbours.
   *
   * @param isWanted - whether a band is looked at; default: all are
   */
  acrossSlices(isWanted: (band: number) => boolean = () => true): Place[] {
    return this.#volume.imageIds.flatMap((_, slice) =>
      this.#bandsOf(slice)
        .map((__, band) => band)
        .filter((band) => isWanted(band) && this.#isAlikeAround(slice, band))
        .map((band) => this.at(slice, band)),
    );
  }

  /** In the middle of a band of a slice. */
  at(slice: number, band: number): Place {
    const bands = this.#bandsOf(slice);
    return {
      world: worldOf(this.#volume, [0.5, (band + 0.5) / bands.length, slice]),
      level: bands[band] as number,
    };
  }

  #isAlikeAround(slice: number, band: number): boolean {
    const [first, last] = [slice - ALIKE_SLICES, slice + ALIKE_SLICES];
    if (first < 0 || last >= this.#volume.imageIds.length) {
      return false;
    }
    const level = this.#bandsOf(slice)[band];
    return Array.from({ length: last - first + 1 }, (_, index) => first + index).every(
      (each) => this.#bandsOf(each)[band] === level,
    );
  }

  #bandsOf(slice: number): readonly number[] {
    return this.#series.bandsOf(this.#volume.imageIds[slice] as string);
  }
}
