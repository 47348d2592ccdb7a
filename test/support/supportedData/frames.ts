import type { TestElement } from '../encodePart10.js';
import { text, us } from '../imageElements.js';
import { storedValues, writeCells, writeFloats } from '../pixelCells.js';
import { seededRandom } from '../seededRandom.js';
import type { Syntax } from './cells.mjs';

/** Size of the frames of all kinds: whole blocks of JPEG, rows unlike columns. */
export const COLUMNS = 32;
export const ROWS = 16;
/** Slices of most kinds. */
export const SLICES = 4;

/** How the pixels of a frame are stored (PS3.3 C.7.6.3). */
export interface PixelFormat {
  /** Default {@link COLUMNS}. */
  readonly columns?: number;
  /** Default {@link ROWS}. */
  readonly rows?: number;
  readonly bitsAllocated: number;
  /** Default: all that are allocated. */
  readonly bitsStored?: number;
  /** Default: one less than `bitsStored`. */
  readonly highBit?: number;
  readonly isSigned?: boolean;
  /** Default 1. */
  readonly samplesPerPixel?: 1 | 3;
  /** Default MONOCHROME2. */
  readonly photometric?: string;
  /** Whether samples are stored plane by plane (Planar Configuration 1). */
  readonly isPlanar?: boolean;
  /** Whether two pixels share their chrominance (PS3.3 C.7.6.3.1.2). */
  readonly isHalved?: boolean;
  /** Which pixel data element a file has. Default `integer`. */
  readonly pixelData?: 'integer' | 'float' | 'double';
  /** Whether the bits that are not stored are set at random. */
  readonly hasJunk?: boolean;
}

/** A frame before it is encoded. */
export interface StoredFrame {
  readonly format: PixelFormat;
  /** Stored values by pixel: all samples of a pixel, then the next. */
  readonly values: readonly number[];
}

/** The elements of the Image Pixel module. */
export function pixelElements(format: PixelFormat): TestElement[] {
  const { bitsAllocated, bitsStored = bitsAllocated, highBit = bitsStored - 1 } = format;
  const { columns = COLUMNS, rows = ROWS, samplesPerPixel = 1 } = format;
  return [
    us(0x00280002, samplesPerPixel),
    text(0x00280004, 'CS', format.photometric ?? 'MONOCHROME2'),
    ...(samplesPerPixel === 3 ? [us(0x00280006, format.isPlanar === true ? 1 : 0)] : []),
    us(0x00280010, rows),
    us(0x00280011, columns),
    us(0x00280100, bitsAllocated),
    us(0x00280101, bitsStored),
    us(0x00280102, highBit),
    us(0x00280103, format.isSigned === true ? 1 : 0),
  ];
}

/** Larger samples of 12-bit JPEG are not told apart. */
const LARGEST_OF_EXTENDED_JPEG = 4080;

/** Values for each pixel of a frame that the encoder of a transfer syntax keeps within the syntax's error. */
export function valuesFor(format: PixelFormat, syntax: Syntax, seed: number): number[] {
  const { columns = COLUMNS, rows = ROWS, samplesPerPixel = 1, bitsAllocated } = format;
  const { bitsStored = bitsAllocated, isSigned = false } = format;
  const random = seededRandom(seed);
  const count = columns * rows * samplesPerPixel;
  switch (syntax.values ?? 'random') {
    case 'smooth':
      return perPixel(
        format,
        (column, row, sample) => 2 * column + 3 * row + 9 * seed + 40 * sample,
      );
    case 'flat': {
      const width = format.isHalved === true ? 16 : 8;
      const blocks = storedValues(count / (width * 8), bitsStored, isSigned, random).map((value) =>
        Math.min(value, LARGEST_OF_EXTENDED_JPEG),
      );
      const across = columns / width;
      return perPixel(format, (column, row, sample) => {
        // Decoders interpolate halved chrominance, so it is the same in all blocks.
        const isShared = format.isHalved === true && sample > 0;
        const block = isShared ? 0 : Math.floor(row / 8) * across + Math.floor(column / width);
        return blocks[samplesPerPixel * block + sample] as number;
      });
    }
    case 'random':
  }
  const values = storedValues(count, bitsStored, isSigned, random);
  return format.isHalved === true ? values.map((value, i) => halved(values, i) ?? value) : values;
}

/** The chrominance of a pixel that has that of the pixel before it; undefined for another sample. */
function halved(values: readonly number[], index: number): number | undefined {
  const isSecond = Math.floor(index / 3) % 2 === 1;
  return isSecond && index % 3 > 0 ? values[index - 3] : undefined;
}

/** A value for each sample of each pixel of a frame. */
export function perPixel(
  { columns = COLUMNS, rows = ROWS, samplesPerPixel = 1 }: PixelFormat,
  value: (column: number, row: number, sample: number) => number,
): number[] {
  return Array.from({ length: columns * rows * samplesPerPixel }, (_, i) => {
    const pixel = Math.floor(i / samplesPerPixel);
    return value(pixel % columns, Math.floor(pixel / columns), i % samplesPerPixel);
  });
}

/** Native pixel data of frames behind each other, lowest byte first; only 1-bit frames share bytes (PS3.5 8.1.1). */
export function nativeBytes(frames: readonly StoredFrame[]): Uint8Array<ArrayBuffer> {
  const [{ format } = { format: { bitsAllocated: 8 } as PixelFormat }] = frames;
  const values = frames.flatMap((frame) => inStoredOrder(frame));
  if (format.pixelData === 'float' || format.pixelData === 'double') {
    return ownBytes(writeFloats(values, format.pixelData === 'float' ? 32 : 64));
  }
  const { bitsAllocated, bitsStored = bitsAllocated, highBit = bitsStored - 1 } = format;
  const random = format.hasJunk === true ? seededRandom(values.length) : () => 0;
  return ownBytes(writeCells(values, { bitsAllocated, bitsStored, highBit }, random));
}

function ownBytes(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes as Uint8Array<ArrayBuffer>;
}

function inStoredOrder({ format, values }: StoredFrame): number[] {
  const { samplesPerPixel = 1 } = format;
  if (format.isHalved === true) {
    return Array.from({ length: values.length / 6 }, (_, pair) => {
      const [y1, cb, cr, y2] = values.slice(6 * pair);
      return [y1, y2, cb, cr] as number[];
    }).flat();
  }
  if (format.isPlanar === true) {
    return [...values.keys()]
      .map((i) => [i % samplesPerPixel, i] as const)
      .sort(([a, i], [b, j]) => a - b || i - j)
      .map(([, i]) => values[i] as number);
  }
  return [...values];
}
