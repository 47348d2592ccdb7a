import type { TestElement } from './encodePart10.js';

/** Three numbers: red, green and blue, or Y, CB and CR. */
export type Triple = readonly [number, number, number];

/** Samples of each pixel one after the other (Planar Configuration 0). */
export function byPixel(pixels: readonly Triple[]): Uint8Array {
  return Uint8Array.from(pixels.flat());
}

/** All first samples before the second and third ones (Planar Configuration 1). */
export function byPlane(pixels: readonly Triple[]): Uint8Array {
  return Uint8Array.from(
    [0, 1, 2].flatMap((sample) => pixels.map((pixel) => pixel[sample] as number)),
  );
}

/**
 * Y, Y, CB, CR of each two pixels (YBR_FULL_422, PS3.3 C.7.6.3.1.2). Both pixels must have the same colour
 * differences.
 */
export function byPair(pixels: readonly Triple[]): Uint8Array {
  return Uint8Array.from(
    pixels.flatMap(([y, cb, cr], i) =>
      i % 2 === 0 ? [y, pixels[i + 1]?.[0] as number, cb, cr] : [],
    ),
  );
}

/** The equations of PS3.3 C.7.6.3.1.2: Y, CB and CR of red, green and blue, and what is added. */
const FORWARD = {
  full: {
    rows: [
      [0.299, 0.587, 0.114],
      [-0.1687, -0.3313, 0.5],
      [0.5, -0.4187, -0.0813],
    ],
    added: [0, 128, 128],
  },
  partial: {
    rows: [
      [0.2568, 0.5041, 0.0979],
      [-0.1482, -0.291, 0.4392],
      [0.4392, -0.3678, -0.0714],
    ],
    added: [16, 128, 128],
  },
} as const;

/** Red, green and blue of Y, CB and CR: the equations of the standard, solved by Cramer's rule, rounded and limited. */
export function rgbOf(ybr: Triple, range: 'full' | 'partial' = 'full'): Triple {
  const { rows, added } = FORWARD[range];
  const right = ybr.map((value, i) => value - (added[i] as number));
  const whole = determinant(rows);
  const solved = [0, 1, 2].map((column) => {
    const replaced = rows.map((row, i) =>
      row.map((value, j) => (j === column ? (right[i] as number) : value)),
    );
    return Math.min(255, Math.max(0, Math.round(determinant(replaced) / whole)));
  });
  return solved as unknown as Triple;
}

function determinant(m: readonly (readonly number[])[]): number {
  const at = (row: number, column: number): number => m[row % 3]?.[column % 3] as number;
  return [0, 1, 2].reduce(
    (sum, i) => sum + at(0, i) * (at(1, i + 1) * at(2, i + 2) - at(1, i + 2) * at(2, i + 1)),
    0,
  );
}

/** Encodes planes as RLE Lossless, a segment each of literal runs (PS3.5 G). */
export function encodeRlePlanes(planes: readonly Uint8Array[]): Uint8Array {
  const segments = planes.map((plane) => {
    const runs: number[] = [];
    for (let start = 0; start < plane.length; start += 128) {
      const run = plane.subarray(start, start + 128);
      runs.push(run.length - 1, ...run);
    }
    return runs.length % 2 === 0 ? runs : [...runs, 0x80];
  });
  const header = new DataView(new ArrayBuffer(64));
  header.setUint32(0, planes.length, true);
  let offset = 64;
  segments.forEach(({ length }, i) => {
    header.setUint32(4 * (i + 1), offset, true);
    offset += length;
  });
  return Uint8Array.from([...new Uint8Array(header.buffer), ...segments.flat()]);
}

/** One table of a palette, as it is to be written. */
export interface TableToWrite {
  readonly count: number;
  readonly first: number;
  readonly bits: number;
  readonly data: Uint8Array;
  readonly isSegmented?: boolean;
  readonly bulkDataUri?: string;
}

/** The elements of a palette (PS3.3 C.7.9), in the order of their tags. */
export function paletteElements(
  tables: readonly [TableToWrite, TableToWrite, TableToWrite],
  isSigned = false,
): TestElement[] {
  const vr = isSigned ? 'SS' : 'US';
  const descriptors = tables.map(({ count, first, bits }, i) => ({
    tag: 0x00281101 + i,
    vr,
    value: [count & 0xffff, first, bits],
  }));
  const data = tables.map(({ data: value, isSegmented = false, bulkDataUri }, i) => ({
    tag: (isSegmented ? 0x00281221 : 0x00281201) + i,
    vr: 'OW',
    value: value.length % 2 === 0 ? value : Uint8Array.from([...value, 0]),
    ...(bulkDataUri === undefined ? {} : { bulkDataUri }),
  }));
  return [...descriptors, ...data];
}

/** Words, lowest byte first. */
export function toWords(values: readonly number[]): Uint8Array {
  return Uint8Array.from(values.flatMap((value) => [value & 0xff, (value >> 8) & 0xff]));
}

const CATEGORIES = 12;

/**
 * Encodes blocks of one colour each as baseline JPEG (ITU-T T.81 F), without loss.
 *
 * @param blocks - samples as they are to be encoded, one block beside the other. With `isSubsampled`, a block has 16
 *   columns and the others 8; all have 8 rows
 * @param segments - application segments behind the first marker
 */
export function encodeColorJpeg(
  blocks: readonly Triple[],
  {
    isSubsampled = false,
    segments = [],
  }: { isSubsampled?: boolean; segments?: readonly number[] } = {},
): Uint8Array {
  const columns = blocks.length * (isSubsampled ? 16 : 8);
  let stream = '';
  blocks.forEach((block, index) => {
    block.forEach((value, sample) => {
      const previous = index === 0 ? 128 : (blocks[index - 1]?.[sample] as number);
      stream += meanOf(value - previous);
      // The second block of brightness in a unit has the same mean.
      stream += isSubsampled && sample === 0 ? meanOf(0) : '';
    });
  });
  const horizontal = isSubsampled ? 0x21 : 0x11;
  return Uint8Array.from([
    0xff,
    0xd8,
    ...segments,
    ...segment(0xdb, [0, ...new Array<number>(64).fill(8)]),
    ...segment(0xc0, [
      8,
      ...word(8),
      ...word(columns),
      3,
      1,
      horizontal,
      0,
      2,
      0x11,
      0,
      3,
      0x11,
      0,
    ]),
    ...segment(0xc4, huffmanTable(0x00, 4, CATEGORIES)),
    ...segment(0xc4, huffmanTable(0x10, 1, 1)),
    ...segment(0xda, [3, 1, 0x00, 2, 0x00, 3, 0x00, 0, 63, 0]),
    ...entropyCoded(stream),
    0xff,
    0xd9,
  ]);
}

/**
 * Encodes pixels as lossless JPEG (ITU-T T.81 H, predictor 1): the three components interleaved, with one table of codes
 * of four bits each.
 */
export function encodeColorLosslessJpeg(pixels: readonly Triple[], columns: number): Uint8Array {
  let stream = '';
  pixels.forEach((pixel, index) => {
    pixel.forEach((value, sample) => {
      const isFirst = index % columns === 0;
      const neighbour = pixels[isFirst ? index - columns : index - 1];
      const difference = value - (neighbour?.[sample] ?? 128);
      const size = difference === 0 ? 0 : Math.floor(Math.log2(Math.abs(difference))) + 1;
      const extra = difference > 0 ? difference : difference + 2 ** size - 1;
      stream += `${size.toString(2).padStart(4, '0')}${size > 0 ? extra.toString(2).padStart(size, '0') : ''}`;
    });
  });
  return Uint8Array.from([
    0xff,
    0xd8,
    ...segment(0xc3, [
      8,
      ...word(pixels.length / columns),
      ...word(columns),
      3,
      ...[1, 2, 3].flatMap((component) => [component, 0x11, 0]),
    ]),
    ...segment(0xc4, huffmanTable(0x00, 4, CATEGORIES)),
    ...segment(0xda, [3, 1, 0x00, 2, 0x00, 3, 0x00, 1, 0, 0]),
    ...entropyCoded(stream),
    0xff,
    0xd9,
  ]);
}

function huffmanTable(kind: number, length: number, count: number): number[] {
  return [
    kind,
    ...Array.from({ length: 16 }, (_, i) => (i === length - 1 ? count : 0)),
    ...Array.from({ length: count }, (_, i) => i),
  ];
}

function entropyCoded(stream: string): number[] {
  const padded = stream.padEnd(Math.ceil(stream.length / 8) * 8, '1');
  return (padded.match(/.{8}/g) ?? []).flatMap((bits) => {
    const coded = Number.parseInt(bits, 2);
    return coded === 0xff ? [0xff, 0] : [coded];
  });
}

/** Its size, its bits and the end of the block (ITU-T T.81 F.1.2). */
function meanOf(difference: number): string {
  const size = difference === 0 ? 0 : Math.floor(Math.log2(Math.abs(difference))) + 1;
  const extra = difference > 0 ? difference : difference + 2 ** size - 1;
  return `${size.toString(2).padStart(4, '0')}${size > 0 ? extra.toString(2).padStart(size, '0') : ''}0`;
}

/** APP0 of JFIF (ITU-T T.871 10.1). */
export const JFIF_SEGMENT = segment(0xe0, [0x4a, 0x46, 0x49, 0x46, 0, 1, 2, 0, 0, 1, 0, 1, 0, 0]);

/** APP14 of Adobe (ITU-T T.872 6.5.3). */
export function adobeSegment(transform: 0 | 1): number[] {
  return segment(0xee, [...new TextEncoder().encode('Adobe'), 0, 100, 0, 0, 0, 0, transform]);
}

function segment(marker: number, content: readonly number[]): number[] {
  return [0xff, marker, ...word(content.length + 2), ...content];
}

function word(value: number): number[] {
  return [value >> 8, value & 0xff];
}
