import { sq, text, us, words } from '../imageElements.js';
import type { TestElement } from '../encodePart10.js';
import { COLUMNS, ROWS } from './frames.js';
import { rescale, seriesOf, singleFrames } from './writeSeries.js';
import type { SeriesWriter } from './writeSeries.js';

const COUNT = COLUMNS * ROWS;
const INTERCEPT = -1024;

/** Values with these at the beginning of each slice, and the first one in all other places. */
function specialValues(...values: number[]): () => number[] {
  return () => Array.from({ length: COUNT }, (_, i) => values[i] ?? (values[0] as number));
}

const FRACTIONS = [0, 1, -1, 1 / 63, 0.1, -2.5, 1e-20, 3e38, 16_777_216, 2 ** -149];

function fractions(slice: number): number[] {
  return Array.from(
    { length: COUNT },
    (_, i) => FRACTIONS[(i + slice) % FRACTIONS.length] as number,
  );
}

const LUT_VALUES = [7, 5, 3, 1];
const FIRST_MAPPED = 100;
const MODALITY_LUT = sq(0x00283000, [
  us(0x00283002, LUT_VALUES.length, FIRST_MAPPED, 16),
  text(0x00283004, 'LO', 'HU'),
  { tag: 0x00283006, vr: 'OW', value: words(...LUT_VALUES) },
]);

const fd = (tag: number, value: number): TestElement => ({ tag, vr: 'FD', value: [value] });

const REAL_WORLD_VALUE = sq(0x00409096, [
  us(0x00409211, 65535),
  us(0x00409216, 0),
  fd(0x00409224, 0),
  fd(0x00409225, 0.1),
]);

/** Writers of the kinds of one component, by id. */
export const GREY_KINDS: Readonly<Record<string, SeriesWriter>> = {
  unsigned12: (syntax) =>
    seriesOf(
      singleFrames({
        syntax,
        format: { bitsAllocated: 16, bitsStored: 12 },
        more: () => rescale(1, INTERCEPT),
      }),
      (stored) => stored + INTERCEPT,
    ),
  signed16: (syntax) =>
    seriesOf(
      singleFrames({
        syntax,
        format: { bitsAllocated: 16, isSigned: true },
        more: () => rescale(1, 0),
      }),
    ),
  unsigned16: (syntax) =>
    seriesOf(
      singleFrames({
        syntax,
        format: { bitsAllocated: 16 },
        more: () => rescale(1, INTERCEPT),
      }),
      (stored) => stored + INTERCEPT,
    ),
  signed13: (syntax) =>
    seriesOf(
      singleFrames({
        syntax,
        format: { bitsAllocated: 16, bitsStored: 13, isSigned: true, hasJunk: true },
        modality: 'MR',
      }),
    ),
  highBit: (syntax) =>
    seriesOf(
      singleFrames({
        syntax,
        format: { bitsAllocated: 16, bitsStored: 12, highBit: 15, hasJunk: true },
        modality: 'MR',
      }),
    ),
  unsigned8: (syntax) =>
    seriesOf(singleFrames({ syntax, format: { bitsAllocated: 8 }, modality: 'MR' })),
  signed8: (syntax) =>
    seriesOf(
      singleFrames({ syntax, format: { bitsAllocated: 8, isSigned: true }, modality: 'MR' }),
    ),
  oneBit: (syntax) =>
    seriesOf(singleFrames({ syntax, format: { bitsAllocated: 1 }, modality: 'OT' })),
  unsigned32: (syntax) =>
    seriesOf(singleFrames({ syntax, format: { bitsAllocated: 32 }, modality: 'OT' })),
  signed32: (syntax) =>
    seriesOf(
      singleFrames({ syntax, format: { bitsAllocated: 32, isSigned: true }, modality: 'OT' }),
    ),
  unsigned32Beyond: (syntax) =>
    seriesOf(
      singleFrames({
        syntax,
        format: { bitsAllocated: 32 },
        modality: 'OT',
        values: specialValues(5, 2 ** 24 + 1),
      }),
    ),
  float32: (syntax) =>
    seriesOf(
      singleFrames({
        syntax,
        format: { bitsAllocated: 32, pixelData: 'float' },
        modality: 'OT',
        values: fractions,
      }),
      Math.fround,
    ),
  float64: (syntax) =>
    seriesOf(
      singleFrames({
        syntax,
        format: { bitsAllocated: 64, pixelData: 'double' },
        modality: 'OT',
        values: fractions,
      }),
      Math.fround,
    ),
  float64Beyond: (syntax) =>
    seriesOf(
      singleFrames({
        syntax,
        format: { bitsAllocated: 64, pixelData: 'double' },
        modality: 'OT',
        values: specialValues(0.5, 1e39),
      }),
    ),
  modalityLut: (syntax) =>
    seriesOf(
      singleFrames({
        syntax,
        format: { bitsAllocated: 16 },
        // Below the table, in it and above it.
        values: (slice) => Array.from({ length: COUNT }, (_, i) => 97 + ((3 * i + slice) % 10)),
        more: () => [MODALITY_LUT],
      }),
      (stored) => LUT_VALUES[Math.min(Math.max(stored - FIRST_MAPPED, 0), 3)] as number,
    ),
  realWorldValue: (syntax) =>
    seriesOf(
      singleFrames({ syntax, format: { bitsAllocated: 16 }, more: () => [REAL_WORLD_VALUE] }),
    ),
};
