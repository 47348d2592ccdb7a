/** A part of a canvas in pixels; the ends are not in it. */
export interface Area {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** How two pictures differ. */
export interface Difference {
  /** Number of pixels compared. */
  readonly pixels: number;
  /** Part of them that differs by no more than the tolerance, from 0 to 1. */
  readonly alike: number;
  /** The largest difference of a colour, from 0 to 255. */
  readonly largest: number;
}

/** What a viewport showed at one time. */
export class Picture {
  readonly width: number;
  readonly height: number;
  readonly #rgba: Uint8ClampedArray;

  constructor({ width, height, data }: ImageData) {
    this.width = width;
    this.height = height;
    this.#rgba = data;
  }

  /** Red, from 0 to 255: the grey value of a picture without colours. */
  grey(x: number, y: number): number {
    return this.#at(x, y, 0);
  }

  /** Red, green and blue, from 0 to 255. */
  color(x: number, y: number): number[] {
    return [0, 1, 2].map((sample) => this.#at(x, y, sample));
  }

  /** Grey values of an area, each once. */
  greys(area: Area): Set<number> {
    const found = new Set<number>();
    forEachPixel(area, (x, y) => found.add(this.grey(x, y)));
    return found;
  }

  /** Number of pixels of an area whose grey value is so. */
  count(area: Area, isSo: (grey: number) => boolean): number {
    let counted = 0;
    forEachPixel(area, (x, y) => {
      counted += isSo(this.grey(x, y)) ? 1 : 0;
    });
    return counted;
  }

  /** The largest grey value of an area. */
  brightest(area: Area = this.area): number {
    return Math.max(...this.greys(area));
  }

  /** All of the picture. */
  get area(): Area {
    return { left: 0, top: 0, right: this.width, bottom: this.height };
  }

  /**
   * Compares red, green and blue.
   *
   * @param tolerance - in grey levels of 256
   */
  compare(other: Picture, area: Area, tolerance: number): Difference {
    let [pixels, alike, largest] = [0, 0, 0];
    forEachPixel(area, (x, y) => {
      const differences = [0, 1, 2].map((c) => Math.abs(this.#at(x, y, c) - other.#at(x, y, c)));
      const difference = Math.max(...differences);
      pixels += 1;
      alike += difference <= tolerance ? 1 : 0;
      largest = Math.max(largest, difference);
    });
    return { pixels, alike: alike / pixels, largest };
  }

  #at(x: number, y: number, colour: number): number {
    return this.#rgba[(y * this.width + x) * 4 + colour] ?? Number.NaN;
  }
}

function forEachPixel({ left, top, right, bottom }: Area, visit: (x: number, y: number) => void) {
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      visit(x, y);
    }
  }
}
