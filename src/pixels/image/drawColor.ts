import type { VolumeArray } from '../../base/types.js';

/** Draws colour pixels on a canvas of their size, for CPU rendering, which draws Images from one. */
export function drawColor(pixels: VolumeArray, rows: number, columns: number): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = columns;
  canvas.height = rows;
  const context = canvas.getContext('2d');
  const components = pixels.length / (rows * columns);
  if (context && components >= 3) {
    const drawn = context.createImageData(columns, rows);
    for (let from = 0, to = 0; to < drawn.data.length; from += components, to += 4) {
      drawn.data[to] = pixels[from] as number;
      drawn.data[to + 1] = pixels[from + 1] as number;
      drawn.data[to + 2] = pixels[from + 2] as number;
      drawn.data[to + 3] = 255;
    }
    context.putImageData(drawn, 0, 0);
  }
  return canvas;
}
