import { StreamingVolumeError } from '../errors.js';
import type { PixelArray } from '../types.js';

/** The pixels of a frame that a volume keeps: every n-th column and row of a box. */
export interface PixelPick {
  /** Columns and rows of the whole frame. */
  readonly columns: number;
  readonly rows: number;
  /** Values of a pixel. */
  readonly components: number;
  /** The first column and row that are kept, from 0. */
  readonly firstColumn: number;
  readonly firstRow: number;
  /** Columns and rows from one that is kept to the next. */
  readonly columnStep: number;
  readonly rowStep: number;
  /** Number of columns and rows that are kept. */
  readonly keptColumns: number;
  readonly keptRows: number;
}

/** Number of values of the whole frame. */
export function valuesOfFrame({ columns, rows, components }: PixelPick): number {
  return columns * rows * components;
}

/** Whether two picks keep the same pixels. */
export function isSamePick(a: PixelPick | undefined, b: PixelPick | undefined): boolean {
  return a === b || (!!a && !!b && FIELDS.every((field) => a[field] === b[field]));
}

const FIELDS = [
  'columns',
  'rows',
  'components',
  'firstColumn',
  'firstRow',
  'columnStep',
  'rowStep',
  'keptColumns',
  'keptRows',
] as const satisfies readonly (keyof PixelPick)[];

/**
 * Takes the pixels that are kept out of a whole frame.
 *
 * @param pixels - of the whole frame
 * @param imageId - of the frame, for errors
 * @param isOwn - whether `pixels` may be overwritten, so that no memory is allocated
 * @returns `keptColumns * keptRows * components` values of the same type, in their order; over the memory of `pixels`
 *   where they are `isOwn`
 * @throws StreamingVolumeError with code `frame-size` when the frame has another number of values
 */
export function pickPixels(
  pixels: PixelArray,
  pick: PixelPick,
  imageId: string,
  isOwn = false,
): PixelArray {
  if (pixels.length !== valuesOfFrame(pick)) {
    throw new StreamingVolumeError(
      'frame-size',
      `Expected ${valuesOfFrame(pick)} values for a frame, got ${pixels.length} (${imageId})`,
      { imageIds: [imageId] },
    );
  }
  const { columns, components, firstColumn, firstRow, columnStep, rowStep } = pick;
  const rowLength = pick.keptColumns * components;
  const PixelType = pixels.constructor as new (length: number) => PixelArray;
  // A value never moves towards the end, so that those that follow are still unchanged when it is written.
  const picked = isOwn
    ? pixels.subarray(0, rowLength * pick.keptRows)
    : new PixelType(rowLength * pick.keptRows);
  let place = 0;
  for (let row = 0; row < pick.keptRows; row++) {
    const start = ((firstRow + row * rowStep) * columns + firstColumn) * components;
    if (columnStep === 1) {
      picked.set(pixels.subarray(start, start + rowLength), place);
      place += rowLength;
      continue;
    }
    for (let column = 0; column < pick.keptColumns; column++) {
      const from = start + column * columnStep * components;
      for (let component = 0; component < components; component++) {
        picked[place++] = pixels[from + component] as number;
      }
    }
  }
  return picked;
}
