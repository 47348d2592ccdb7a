import type { Types } from '@cornerstonejs/core';
import type { AnyViewport } from './viewports.js';

/** The window in Hounsfield units. */
export const VOI_RANGE = { lower: -1024, upper: 1024 };
/**
 * Tolerance of greys: Cornerstone draws a slab of a tenth of a millimetre, so neighbouring slices contribute;
 * the wrong level would differ by 174.
 */
const GREY_TOLERANCE = 30;
const MIDDLE_GREY = 128;

/** The contents of the canvas of a viewport at the time of the call. */
export class Picture {
  readonly #viewport: AnyViewport;
  readonly #pixels: ImageData;

  /** Waits for all pending drawing, and blocks the page meanwhile. */
  constructor(viewport: AnyViewport) {
    const { width, height } = viewport.getCanvas();
    const context = viewport.getCanvas().getContext('2d') as CanvasRenderingContext2D;
    this.#viewport = viewport;
    this.#pixels = context.getImageData(0, 0, width, height);
  }

  /** Whether a place has the grey of a level in Hounsfield units. */
  shows(world: Types.Point3, level: number): boolean {
    return Math.abs(this.#greyAt(world) - greyOf(level)) <= GREY_TOLERANCE;
  }

  /** The difference of a place from the grey of a value in Hounsfield units, as a part of the window. */
  differenceAt(world: Types.Point3, value: number): number {
    const { lower, upper } = VOI_RANGE;
    return Math.abs(this.#greyAt(world) - greyOf(Math.min(upper, Math.max(lower, value)))) / 255;
  }

  /** Whether a place is nearer to white than to black. */
  isBright(world: Types.Point3): boolean {
    return this.#greyAt(world) >= MIDDLE_GREY;
  }

  /** The red component of every second pixel of every second row, which is grey in planes. */
  thinnedOut(): Uint8Array {
    const { data, width, height } = this.#pixels;
    const [columns, rows] = [width >> 1, height >> 1];
    const greys = new Uint8Array(columns * rows);
    for (let row = 0, at = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++, at++) {
        greys[at] = data[4 * (2 * row * width + 2 * column)] as number;
      }
    }
    return greys;
  }

  #greyAt(world: Types.Point3): number {
    const [x, y] = this.#viewport.worldToCanvas(world);
    return this.#pixels.data[4 * (Math.round(y) * this.#pixels.width + Math.round(x))] ?? -1;
  }
}

function greyOf(level: number): number {
  return (255 * (level - VOI_RANGE.lower)) / (VOI_RANGE.upper - VOI_RANGE.lower);
}
