import type { Types } from '@cornerstonejs/core';
import type { StreamingImageVolume } from '../../../src/index.js';
import { make } from '../page.js';
import { colorTable } from './overlayStyle.js';
import type { OverlayStyle } from './overlayStyle.js';

/** What is drawn over an image. */
export interface Wash {
  readonly volume: StreamingImageVolume;
  readonly style: OverlayStyle;
  /** From 0 to 1. */
  readonly opacity: number;
}

const COLOR_STEPS = 256;

/**
 * An overlay in the stack viewport, which shows one image and no volume: the overlay is cut in the plane of the image,
 * at each pixel of the screen.
 */
export class StackWash {
  readonly #canvas = make('canvas', 'wash');

  /** @param element - that Cornerstone draws into; the overlay lies on it */
  constructor(element: HTMLElement) {
    element.after(this.#canvas);
  }

  /** To be called whenever the image, the camera or the overlay has changed. */
  draw(viewport: Types.IStackViewport, wash: Wash | undefined): void {
    const canvas = this.#canvas;
    canvas.hidden = wash === undefined;
    const { clientWidth: width, clientHeight: height } = canvas;
    const context = canvas.getContext('2d');
    if (!wash || !context || width === 0 || height === 0) {
      return;
    }
    canvas.width = width;
    canvas.height = height;
    const toIndex = (x: number, y: number): ArrayLike<number> | undefined =>
      wash.volume.imageData?.worldToIndex(viewport.canvasToWorld([x + 0.5, y + 0.5]));
    const origin = toIndex(0, 0);
    const right = toIndex(1, 0);
    const below = toIndex(0, 1);
    if (origin && right && below) {
      const picture = context.createImageData(width, height);
      paint(picture, wash, { origin, right, below });
      context.putImageData(picture, 0, 0);
    }
  }
}

/** Voxel indices, in fractions, of three pixels of the screen: the first one and its neighbours. */
interface Corner {
  readonly origin: ArrayLike<number>;
  readonly right: ArrayLike<number>;
  readonly below: ArrayLike<number>;
}

function paint(picture: ImageData, wash: Wash, { origin, right, below }: Corner): void {
  const { style, opacity } = wash;
  const { lower, upper } = style.range;
  const colors = colorTable(style, COLOR_STEPS);
  const valueAt = makeSampler(wash.volume);
  const { x: x0, y: y0, z: z0 } = toPoint(origin);
  const { x: ax, y: ay, z: az } = difference(right, origin);
  const { x: bx, y: by, z: bz } = difference(below, origin);
  const { width, height, data } = picture;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const value = valueAt(
        x0 + column * ax + row * bx,
        y0 + column * ay + row * by,
        z0 + column * az + row * bz,
      );
      if (value >= style.threshold) {
        const part = Math.max(0, Math.min(1, (value - lower) / (upper - lower)));
        const from = Math.round(part * (COLOR_STEPS - 1)) * 3;
        const to = (row * width + column) * 4;
        data[to] = colors[from] as number;
        data[to + 1] = colors[from + 1] as number;
        data[to + 2] = colors[from + 2] as number;
        data[to + 3] = 255 * opacity;
      }
    }
  }
}

function toPoint(index: ArrayLike<number>): { x: number; y: number; z: number } {
  return { x: index[0] ?? 0, y: index[1] ?? 0, z: index[2] ?? 0 };
}

function difference(
  to: ArrayLike<number>,
  from: ArrayLike<number>,
): { x: number; y: number; z: number } {
  const [end, start] = [toPoint(to), toPoint(from)];
  return { x: end.x - start.x, y: end.y - start.y, z: end.z - start.z };
}

/** @returns the value at an index, linear between voxels; NaN outside */
function makeSampler(volume: StreamingImageVolume): (i: number, j: number, k: number) => number {
  const voxels = volume.getScalarData();
  const [columns, rows, slices] = volume.dimensions;
  const sliceLength = columns * rows;
  return (i, j, k) => {
    const isInside =
      i >= -0.5 &&
      j >= -0.5 &&
      k >= -0.5 &&
      i <= columns - 0.5 &&
      j <= rows - 0.5 &&
      k <= slices - 0.5;
    if (!isInside) {
      return NaN;
    }
    const column = Math.max(0, Math.min(columns - 1, i));
    const row = Math.max(0, Math.min(rows - 1, j));
    const slice = Math.max(0, Math.min(slices - 1, k));
    const left = Math.floor(column);
    const top = Math.floor(row);
    const front = Math.floor(slice);
    const u = column - left;
    const v = row - top;
    const w = slice - front;
    const at = front * sliceLength + top * columns + left;
    const toRight = u > 0 ? 1 : 0;
    const toBelow = v > 0 ? columns : 0;
    const toBack = w > 0 ? sliceLength : 0;
    const line = (start: number): number =>
      (voxels[start] as number) * (1 - u) + (voxels[start + toRight] as number) * u;
    const plane = (start: number): number => line(start) * (1 - v) + line(start + toBelow) * v;
    return plane(at) * (1 - w) + plane(at + toBack) * w;
  };
}
