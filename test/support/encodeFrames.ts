/** A frame of one sample. */
export interface FrameToEncode {
  readonly columns: number;
  readonly rows: number;
  readonly bits: 8 | 16;
  readonly values: readonly number[];
}

const SOI = [0xff, 0xd8];
const EOI = [0xff, 0xd9];

/** Differences have up to 16 bits (ITU-T T.81 H.1.2.2). */
const CATEGORIES = 17;

/**
 * Encodes a frame as lossless JPEG (ITU-T T.81 H) with one table of codes of five bits each.
 *
 * @param predictor - 1 for that of 1.2.840.10008.1.2.4.70, 2 (the pixel above) for one of .57
 */
export function encodeLosslessJpeg(
  { columns, rows, bits, values }: FrameToEncode,
  predictor: 1 | 2,
): Uint8Array {
  let stream = '';
  values.forEach((value, index) => {
    const column = index % columns;
    const left = values[index - 1] as number;
    const above = values[index - columns] as number;
    const first = 2 ** (bits - 1);
    const isLeft = predictor === 1 ? column > 0 : index < columns;
    const predicted = index === 0 ? first : isLeft ? left : above;
    const difference = wrapped(value - predicted);
    const size = difference === 0 ? 0 : Math.floor(Math.log2(Math.abs(difference))) + 1;
    stream += size.toString(2).padStart(5, '0');
    // The largest difference has no additional bits.
    if (size > 0 && size < CATEGORIES - 1) {
      const extra = difference > 0 ? difference : difference + 2 ** size - 1;
      stream += extra.toString(2).padStart(size, '0');
    }
  });
  const table = [0x00, ...sizes(5, CATEGORIES), ...Array.from({ length: CATEGORIES }, (_, i) => i)];
  return Uint8Array.from([
    ...SOI,
    ...segment(0xc3, [bits, ...word(rows), ...word(columns), 1, 1, 0x11, 0]),
    ...segment(0xc4, table),
    ...segment(0xda, [1, 1, 0x00, predictor, 0, 0]),
    ...entropyCoded(stream),
    ...EOI,
  ]);
}

/** Differences are taken modulo 2^16, from -32767 to 32768 (ITU-T T.81 H.1.2.1). */
function wrapped(difference: number): number {
  const positive = difference & 0xffff;
  return positive > 0x8000 ? positive - 0x10000 : positive;
}

/** How {@link encodeFlatJpeg} encodes its blocks. */
export interface FlatJpegOptions {
  /** Of a sample; 12 makes extended JPEG (ITU-T T.81 F). Default 8. */
  readonly bits?: 8 | 12;
  /** Blocks in a row. Default: all. */
  readonly across?: number;
  /** Whether a block has two 8 x 8 blocks of luminance beside each other for one of chrominance (4:2:2). Default false. */
  readonly isHalved?: boolean;
}

/**
 * Encodes blocks of 8 x 8 pixels of one value each as sequential JPEG (ITU-T T.81 F), without loss: only the
 * mean of a block is encoded.
 *
 * @param blocks - row by row, one sample or three (Y, Cb, Cr) each
 */
export function encodeFlatJpeg(
  blocks: readonly (number | readonly [number, number, number])[],
  { bits = 8, across = blocks.length, isHalved = false }: FlatJpegOptions = {},
): Uint8Array {
  const samples = blocks.map((block) => (typeof block === 'number' ? [block] : block));
  const components = samples[0]?.length ?? 1;
  const before = new Array<number>(components).fill(2 ** (bits - 1));
  let stream = '';
  for (const block of samples) {
    block.forEach((value, component) => {
      const copies = isHalved && component === 0 ? 2 : 1;
      for (let copy = 0; copy < copies; copy++) {
        stream += meanOfBlock(value - (before[component] as number));
        before[component] = value;
      }
    });
  }
  const each = (content: (component: number) => number[]): number[] => [
    components,
    ...Array.from({ length: components }, (_, i) => content(i)).flat(),
  ];
  const sampling = (component: number) => (isHalved && component === 0 ? 0x21 : 0x11);
  const columns = across * (isHalved ? 16 : 8);
  const rows = 8 * (blocks.length / across);
  return Uint8Array.from([
    ...SOI,
    ...segment(0xdb, [0, ...new Array<number>(64).fill(8)]),
    ...segment(bits === 8 ? 0xc0 : 0xc1, [
      bits,
      ...word(rows),
      ...word(columns),
      ...each((i) => [i + 1, sampling(i), 0]),
    ]),
    ...segment(0xc4, [0x00, ...sizes(5, 16), ...Array.from({ length: 16 }, (_, i) => i)]),
    ...segment(0xc4, [0x10, ...sizes(1, 1), 0]),
    ...segment(0xda, [...each((i) => [i + 1, 0x00]), 0, 63, 0]),
    ...entropyCoded(stream),
    ...EOI,
  ]);
}

/** The code of a difference of means, and that for the end of the block: there is no other coefficient. */
function meanOfBlock(difference: number): string {
  const size = difference === 0 ? 0 : Math.floor(Math.log2(Math.abs(difference))) + 1;
  const extra = difference > 0 ? difference : difference + 2 ** size - 1;
  return `${size.toString(2).padStart(5, '0')}${size > 0 ? extra.toString(2).padStart(size, '0') : ''}0`;
}

/** Encodes a frame as RLE (PS3.5 G), every byte literally, the high bytes first. */
export function encodeRle({ bits, values }: FrameToEncode): Uint8Array {
  const planes = bits === 16 ? [8, 0] : [0];
  const segments = planes.map((shift) => {
    const bytes = values.map((value) => (value >> shift) & 0xff);
    const runs: number[] = [];
    for (let at = 0; at < bytes.length; at += 128) {
      const run = bytes.slice(at, at + 128);
      runs.push(run.length - 1, ...run);
    }
    return runs.length % 2 === 0 ? runs : [...runs, 0];
  });
  const header = new Uint32Array(16);
  header[0] = segments.length;
  let offset = 64;
  segments.forEach((each, index) => {
    header[index + 1] = offset;
    offset += each.length;
  });
  return Uint8Array.from([...new Uint8Array(header.buffer), ...segments.flat()]);
}

/** A frame as it is stored when it is not compressed, lowest byte first. */
export function encodeNative({ bits, values }: FrameToEncode): Uint8Array {
  return bits === 8 ? Uint8Array.from(values) : new Uint8Array(Uint16Array.from(values).buffer);
}

function word(value: number): number[] {
  return [value >> 8, value & 0xff];
}

function segment(marker: number, content: readonly number[]): number[] {
  return [0xff, marker, ...word(content.length + 2), ...content];
}

/** Number of codes of each length in a Huffman table. */
function sizes(length: number, count: number): number[] {
  return Array.from({ length: 16 }, (_, index) => (index === length - 1 ? count : 0));
}

function entropyCoded(stream: string): number[] {
  const padded = stream.padEnd(Math.ceil(stream.length / 8) * 8, '1');
  return (padded.match(/.{8}/g) ?? []).flatMap((bits) => {
    const byte = Number.parseInt(bits, 2);
    return byte === 0xff ? [0xff, 0] : [byte];
  });
}
