import type { Types } from '@cornerstonejs/core';

/** The window in Hounsfield units. */
export const VOI_RANGE = { lower: -1024, upper: 1024 };
/**
 * Tolerance of greys: Cornerstone draws a slab of a tenth of a millimetre, so neighbouring slices contribute;
 * the wrong level would differ by 174.
 */
const GREY_TOLERANCE = 30;

/** The contents of the canvas of a viewport at the time of the call. */
export class Picture {
  readonly #viewport: Types.IVolumeViewport;
  readonly #pixels: ImageData;

  constructor(viewport: Types.IVolumeViewport) {
    const { width, height } = viewport.getCanvas();
    const context = viewport.getCanvas().getContext('2d') as CanvasRenderingContext2D;
    this.#viewport = viewport;
    this.#pixels = context.getImageData(0, 0, width, height);
  }

  /** Whether a place has the grey of a level in Hounsfield units. */
  shows(world: Types.Point3, level: number): boolean {
    const [x, y] = this.#viewport.worldToCanvas(world);
    const grey = this.#pixels.data[4 * (Math.round(y) * this.#pixels.width + Math.round(x))] ?? -1;
    return Math.abs(grey - greyOf(level)) <= GREY_TOLERANCE;
  }
}

function greyOf(level: number): number {
  return (255 * (level - VOI_RANGE.lower)) / (VOI_RANGE.upper - VOI_RANGE.lower);
}
