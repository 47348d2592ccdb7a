import colorCodecFrames from '../support/colorCodecFrames.json';
import {
  adobeSegment,
  byPair,
  byPixel,
  byPlane,
  encodeColorJpeg,
  encodeColorLosslessJpeg,
  encodeRlePlanes,
  JFIF_SEGMENT,
  paletteElements,
  rgbOf,
  toWords,
} from '../support/colorFrames.js';
import type { TableToWrite, Triple } from '../support/colorFrames.js';
import { startCornerstone, stopCornerstone } from '../support/cornerstone.js';
import { createVolume } from '../support/createVolume.js';
import type { TestSyntax } from '../support/encodePart10.js';
import { addSeries, SOURCES, workersOf } from '../support/pixelSeries.js';
import type { Source, StoredFormat } from '../support/pixelSeries.js';
import { seededRandom } from '../support/seededRandom.js';

const SLICES = 3;

interface Case {
  readonly name: string;
  readonly format: StoredFormat;
  readonly frames: readonly Uint8Array[];
  readonly voxels: readonly (readonly Triple[])[];
  readonly syntax?: TestSyntax;
  /** Largest difference from the voxels; default 0. */
  readonly tolerance?: number;
}

const BYTES = { bitsAllocated: 8, bitsStored: 8, highBit: 7, pixelRepresentation: 0 } as const;
const COLOR = { ...BYTES, samplesPerPixel: 3 } as const;

/** Pixels of each slice, any of the values; the first ones are at the ends of the range. */
function randomPixels(count: number, seed: number): Triple[][] {
  const random = seededRandom(seed);
  const byte = (): number => Math.floor(random() * 256);
  const ends: readonly Triple[] = [
    [0, 0, 0],
    [255, 255, 255],
    [0, 255, 0],
    [255, 0, 255],
  ];
  return Array.from({ length: SLICES }, () =>
    Array.from({ length: count }, (_, i) => ends[i] ?? [byte(), byte(), byte()]),
  );
}

/** Two neighbours have the same colour differences. */
function randomPairs(count: number, seed: number): Triple[][] {
  return randomPixels(count, seed).map((pixels) =>
    pixels.map(([y, cb, cr], i) => {
      const shared = pixels[i - (i % 2)] as Triple;
      return i % 2 === 0 ? [y, cb, cr] : [y, shared[1], shared[2]];
    }),
  );
}

function samplesCase(
  name: string,
  format: Partial<StoredFormat> & { readonly rows: number; readonly columns: number },
  pixels: readonly (readonly Triple[])[],
  write: (slice: readonly Triple[]) => Uint8Array,
  more: Partial<Case> = {},
): Case {
  const isYbr = format.photometricInterpretation?.startsWith('YBR') === true;
  const range = format.photometricInterpretation === 'YBR_PARTIAL_422' ? 'partial' : 'full';
  return {
    name,
    format: { ...COLOR, ...format },
    frames: pixels.map(write),
    voxels: isYbr ? pixels.map((slice) => slice.map((each) => rgbOf(each, range))) : pixels,
    // The standard's equations have four decimals.
    tolerance: isYbr ? 1 : 0,
    ...more,
  };
}

const ODD = { rows: 3, columns: 5 };
const EVEN = { rows: 3, columns: 6 };

const rle = (slice: readonly Triple[]): Uint8Array =>
  encodeRlePlanes(
    [0, 1, 2].map((sample) => Uint8Array.from(slice, (each) => each[sample] as number)),
  );

const SAMPLES: readonly Case[] = [
  samplesCase('RGB by pixel', ODD, randomPixels(15, 1), byPixel),
  samplesCase('RGB by plane', { ...ODD, planarConfiguration: 1 }, randomPixels(15, 2), byPlane),
  samplesCase(
    'YBR_FULL by pixel',
    { ...ODD, photometricInterpretation: 'YBR_FULL' },
    randomPixels(15, 3),
    byPixel,
  ),
  samplesCase(
    'YBR_FULL by plane',
    { ...ODD, photometricInterpretation: 'YBR_FULL', planarConfiguration: 1 },
    randomPixels(15, 4),
    byPlane,
  ),
  samplesCase(
    'YBR_FULL_422',
    { ...EVEN, photometricInterpretation: 'YBR_FULL_422' },
    randomPairs(18, 5),
    byPair,
  ),
  samplesCase(
    'YBR_PARTIAL_422',
    { ...EVEN, photometricInterpretation: 'YBR_PARTIAL_422' },
    randomPairs(18, 6),
    byPair,
    { tolerance: 2 },
  ),
  samplesCase('RGB in RLE', ODD, randomPixels(15, 7), rle, { syntax: 'rle' }),
  samplesCase('RGB by plane in RLE', { ...ODD, planarConfiguration: 1 }, randomPixels(15, 8), rle, {
    syntax: 'rle',
  }),
  samplesCase(
    'YBR_FULL in RLE',
    { ...ODD, photometricInterpretation: 'YBR_FULL' },
    randomPixels(15, 9),
    rle,
    { syntax: 'rle' },
  ),
  {
    name: 'RGB with bits that are not stored',
    format: { ...COLOR, ...ODD, bitsStored: 6, highBit: 5 },
    frames: randomPixels(15, 10).map(byPixel),
    voxels: randomPixels(15, 10).map((slice) =>
      slice.map(([r, g, b]) => [r & 63, g & 63, b & 63] as const),
    ),
  },
];

const LOSSLESS_JPEGS: readonly Case[] = ['RGB', 'YBR_FULL'].map((photometricInterpretation) =>
  samplesCase(
    `${photometricInterpretation} in lossless JPEG`,
    { ...ODD, photometricInterpretation },
    randomPixels(15, 11),
    (slice) => encodeColorLosslessJpeg(slice, ODD.columns),
    { syntax: 'jpeg-lossless' },
  ),
);

const BLOCKS: readonly Triple[] = [
  [76, 85, 250],
  [150, 44, 21],
  [29, 250, 107],
];

function jpegCase(
  name: string,
  photometricInterpretation: string,
  space: 'RGB' | 'YBR',
  segments: readonly number[],
  isSubsampled = false,
): Case {
  const width = isSubsampled ? 16 : 8;
  const frames = Array.from({ length: SLICES }, (_, slice) => {
    const rotated = [...BLOCKS.slice(slice), ...BLOCKS.slice(0, slice)];
    // Decoders interpolate colour differences between blocks, so that blocks side by side share them here.
    const [, cb, cr] = rotated[0] as Triple;
    const blocks = isSubsampled ? rotated.map(([y]): Triple => [y, cb, cr]) : rotated;
    const row = blocks.flatMap((block) => Array.from({ length: width }, () => block));
    return { blocks, pixels: Array.from({ length: 8 }, () => row).flat() };
  });
  return {
    name,
    format: { ...COLOR, rows: 8, columns: 3 * width, photometricInterpretation },
    frames: frames.map(({ blocks }) => encodeColorJpeg(blocks, { isSubsampled, segments })),
    voxels: frames.map(({ pixels }) =>
      pixels.map((pixel) => (space === 'RGB' ? pixel : rgbOf(pixel))),
    ),
    syntax: 'jpeg',
    tolerance: 1,
  };
}

const JPEGS: readonly Case[] = [
  jpegCase('YBR_FULL_422 in JPEG of JFIF', 'YBR_FULL_422', 'YBR', JFIF_SEGMENT),
  jpegCase('YBR_FULL_422 in JPEG without a segment', 'YBR_FULL_422', 'YBR', []),
  jpegCase('YBR_FULL_422 in JPEG of Adobe', 'YBR_FULL_422', 'YBR', adobeSegment(1)),
  jpegCase('YBR_FULL_422 in subsampled JPEG', 'YBR_FULL_422', 'YBR', JFIF_SEGMENT, true),
  jpegCase('YBR_FULL in JPEG', 'YBR_FULL', 'YBR', []),
  jpegCase('RGB in JPEG without a segment', 'RGB', 'RGB', []),
  jpegCase('RGB in JPEG of Adobe', 'RGB', 'RGB', adobeSegment(0)),
  jpegCase('YCbCr in JPEG of JFIF whose header states RGB', 'RGB', 'YBR', JFIF_SEGMENT),
];

const decode = (base64: string): Uint8Array =>
  Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));

const CODEC_PIXELS: readonly Triple[] = Array.from(
  { length: colorCodecFrames.columns * colorCodecFrames.rows },
  (_, i) => {
    const sample = (s: number): number => (37 * i + 91 * s + ((i * i) % 50)) % 256;
    return [sample(0), sample(1), sample(2)];
  },
);

function codecCase(
  name: string,
  syntax: TestSyntax,
  base64: string,
  photometricInterpretation: string,
  planarConfiguration: 0 | 1 = 0,
): Case {
  const { rows, columns } = colorCodecFrames;
  const isYbr = photometricInterpretation === 'YBR_FULL';
  const voxels = isYbr ? CODEC_PIXELS.map((pixel) => rgbOf(pixel)) : CODEC_PIXELS;
  return {
    name,
    format: { ...COLOR, rows, columns, photometricInterpretation, planarConfiguration },
    frames: Array.from({ length: SLICES }, () => decode(base64)),
    voxels: Array.from({ length: SLICES }, () => voxels),
    syntax,
    tolerance: isYbr ? 1 : 0,
  };
}

const CODECS: readonly Case[] = [
  codecCase('RGB in JPEG-LS by plane', 'jpeg-ls', colorCodecFrames.jpegLsNone, 'RGB'),
  codecCase('RGB in JPEG-LS by line', 'jpeg-ls', colorCodecFrames.jpegLsLine, 'RGB', 1),
  codecCase('RGB in JPEG-LS by sample', 'jpeg-ls', colorCodecFrames.jpegLsSample, 'RGB'),
  codecCase('YBR_FULL in JPEG-LS', 'jpeg-ls', colorCodecFrames.jpegLsSample, 'YBR_FULL'),
  codecCase('YBR_RCT in JPEG 2000', 'jpeg-2000', colorCodecFrames.jpeg2000, 'YBR_RCT'),
  codecCase('YBR_ICT in JPEG 2000', 'jpeg-2000', colorCodecFrames.jpeg2000, 'YBR_ICT'),
  codecCase('RGB in HTJ2K', 'htj2k', colorCodecFrames.htj2k, 'RGB'),
];

/** Three tables of entries, by a function of the colour and the index of an entry. */
function tablesOf(
  count: number,
  first: number,
  bits: number,
  entry: (color: number, index: number) => number,
  pack: (entries: readonly number[]) => Uint8Array = bits === 8
    ? Uint8Array.from.bind(Uint8Array)
    : toWords,
): [TableToWrite, TableToWrite, TableToWrite] {
  const table = (color: number): TableToWrite => ({
    count,
    first,
    bits,
    data: pack(Array.from({ length: count }, (_, i) => entry(color, i))),
  });
  return [table(0), table(1), table(2)];
}

interface PaletteOptions {
  readonly stored: readonly number[];
  readonly tables: readonly [TableToWrite, TableToWrite, TableToWrite];
  /** The colours of a stored value, as the tables were meant. */
  readonly color: (stored: number) => Triple;
  readonly bits?: 8 | 16;
  readonly isSigned?: boolean;
  readonly syntax?: TestSyntax;
}

function paletteCase(
  name: string,
  { stored, tables, color, bits = 8, isSigned = false, syntax }: PaletteOptions,
): Case {
  const slices = Array.from({ length: SLICES }, (_, slice) => [
    ...stored.slice(slice),
    ...stored.slice(0, slice),
  ]);
  const native = (values: readonly number[]): Uint8Array =>
    bits === 8 ? Uint8Array.from(values) : toWords(values);
  const inRle = (values: readonly number[]): Uint8Array =>
    encodeRlePlanes(
      (bits === 8 ? [0] : [8, 0]).map((shift) =>
        Uint8Array.from(values, (v) => (v >> shift) & 0xff),
      ),
    );
  return {
    name,
    format: {
      rows: 1,
      columns: stored.length,
      bitsAllocated: bits,
      bitsStored: bits,
      highBit: bits - 1,
      pixelRepresentation: isSigned ? 1 : 0,
      photometricInterpretation: 'PALETTE COLOR',
      more: paletteElements(tables, isSigned),
    },
    frames: slices.map(syntax === 'rle' ? inRle : native),
    voxels: slices.map((values) => values.map(color)),
    ...(syntax && { syntax }),
  };
}

const clamp = (value: number, least: number, most: number): number =>
  Math.min(Math.max(value, least), most);

/** Entries of 8 bits that differ by colour. */
const byte = (color: number, index: number): number => (index * 7 + color * 85) & 0xff;
const bytes = (index: number): Triple => [byte(0, index), byte(1, index), byte(2, index)];
/** The same in 16 bits, with another low byte. */
const wide = (color: number, index: number): number =>
  byte(color, index) * 256 + ((index * 3) & 0xff);
const INDICES = [0, 1, 2, 100, 199, 200, 250, 255];

const PALETTES: readonly Case[] = [
  paletteCase('a palette of 8 bits', {
    stored: INDICES,
    tables: tablesOf(200, 0, 8, byte),
    color: (stored) => bytes(clamp(stored, 0, 199)),
  }),
  paletteCase('a palette of 8 bits with an odd number of entries', {
    stored: INDICES,
    tables: tablesOf(199, 0, 8, byte),
    color: (stored) => bytes(clamp(stored, 0, 198)),
  }),
  paletteCase('a palette of 16 bits', {
    stored: INDICES,
    tables: tablesOf(200, 0, 16, wide),
    color: (stored) => bytes(clamp(stored, 0, 199)),
  }),
  paletteCase('a palette of 8 bits in words', {
    stored: INDICES,
    tables: tablesOf(200, 0, 8, byte, toWords),
    color: (stored) => bytes(clamp(stored, 0, 199)),
  }),
  paletteCase('a palette of 8 bits that states 16', {
    stored: INDICES,
    tables: tablesOf(200, 0, 16, byte),
    color: (stored) => bytes(clamp(stored, 0, 199)),
  }),
  paletteCase('a palette that begins at another stored value', {
    stored: [0, 99, 100, 101, 149, 150, 4000, 65_535],
    bits: 16,
    tables: tablesOf(50, 100, 16, wide),
    color: (stored) => bytes(clamp(stored - 100, 0, 49)),
  }),
  paletteCase('a palette for stored values with a sign', {
    stored: [-32_768, -21, -20, -1, 0, 19, 20, 32_767],
    bits: 16,
    isSigned: true,
    tables: tablesOf(40, -20, 8, byte),
    color: (stored) => bytes(clamp(stored + 20, 0, 39)),
  }),
  paletteCase('a palette of 65536 entries', {
    stored: [0, 1, 255, 256, 32_767, 32_768, 65_534, 65_535],
    bits: 16,
    tables: tablesOf(65_536, 0, 16, (color, index) => (index ^ (color * 0x1234)) & 0xffff),
    color: (stored) =>
      [0, 1, 2].map((color) => ((stored ^ (color * 0x1234)) & 0xffff) >> 8) as unknown as Triple,
  }),
  paletteCase('tables of unequal descriptors', {
    stored: INDICES,
    tables: [
      tablesOf(10, 0, 16, wide)[0],
      tablesOf(100, 50, 16, wide)[1],
      tablesOf(256, 0, 16, wide)[2],
    ],
    color: (stored) => [
      byte(0, clamp(stored, 0, 9)),
      byte(1, clamp(stored - 50, 0, 99)),
      byte(2, stored),
    ],
  }),
  paletteCase('a palette in RLE', {
    stored: INDICES,
    syntax: 'rle',
    tables: tablesOf(200, 0, 8, byte),
    color: (stored) => bytes(clamp(stored, 0, 199)),
  }),
  paletteCase('a palette for stored values with a sign in RLE', {
    stored: [-32_768, -21, -20, -1, 0, 19, 20, 32_767],
    bits: 16,
    isSigned: true,
    syntax: 'rle',
    tables: tablesOf(40, -20, 8, byte),
    color: (stored) => bytes(clamp(stored + 20, 0, 39)),
  }),
];

/** Stored values that a codec has encoded, looked up in a palette. */
const INDEXED_CODEC: Case = {
  name: 'a palette in JPEG-LS',
  format: {
    ...BYTES,
    rows: colorCodecFrames.rows,
    columns: colorCodecFrames.columns,
    photometricInterpretation: 'PALETTE COLOR',
    more: paletteElements(tablesOf(256, 0, 8, byte)),
  },
  frames: Array.from({ length: SLICES }, () => decode(colorCodecFrames.jpegLsOfFirstSamples)),
  voxels: Array.from({ length: SLICES }, () => CODEC_PIXELS.map(([stored]) => bytes(stored))),
  syntax: 'jpeg-ls',
};

/** A ramp, then four entries, then the ramp once more. */
function segmented(bits: 8 | 16): Case {
  const top = bits === 8 ? 250 : 64_000;
  const step = top / 10;
  const expanded = [0, ...Array.from({ length: 10 }, (_, i) => (i + 1) * step)];
  const entries = [...expanded, top, 3, 2, 1, ...expanded];
  const offset = bits === 8 ? [0, 0, 0, 0] : [0, 0];
  const items = [
    [0, 1, 0], // discrete
    [1, 10, top], // linear
    [0, 4, top, 3, 2, 1],
    [2, 2, ...offset], // indirect
  ].flat();
  const data = bits === 8 ? Uint8Array.from(items) : toWords(items);
  const table = { count: entries.length, first: 0, bits, data, isSegmented: true };
  const grey = (stored: number): number =>
    (entries[clamp(stored, 0, entries.length - 1)] as number) >> (bits - 8);
  return paletteCase(`a segmented palette of ${bits} bits`, {
    stored: [0, 1, 5, 10, 11, 12, 14, 15, 16, 25, 200],
    tables: [table, table, table],
    color: (stored) => [grey(stored), grey(stored), grey(stored)],
  });
}

const CASES: readonly Case[] = [
  ...SAMPLES,
  ...JPEGS,
  ...LOSSLESS_JPEGS,
  ...CODECS,
  ...PALETTES,
  INDEXED_CODEC,
  segmented(8),
  segmented(16),
];

/** The first voxel that differs from what was written by more than the tolerance. */
async function firstWrong(
  source: Source,
  { voxels, tolerance = 0, ...written }: Case,
  multiFrame: boolean,
) {
  const { format, frames, syntax } = written;
  const imageIds = await addSeries(source, format, frames, {
    multiFrame,
    ...(syntax && { syntax }),
  });
  const volume = await createVolume(imageIds);
  const { failed } = await volume.load();
  if (failed[0]) {
    return `${failed[0].error.code}: ${failed[0].error.message.slice(0, 200)}`;
  }
  const data = volume.getScalarData();
  const expected = voxels.flat(2);
  const at = expected.findIndex(
    (value, i) => !(Math.abs(value - (data[i] as number)) <= tolerance),
  );
  if (data.constructor !== Uint8Array || data.length !== expected.length) {
    return `${data.length} values instead of ${expected.length}`;
  }
  return at < 0 ? 'none' : `value ${at}: ${data[at]} instead of ${expected[at]}`;
}

for (const source of SOURCES) {
  describe(`D26: colours over ${source}`, () => {
    beforeEach(() => {
      startCornerstone(workersOf(source));
    });

    afterEach(() => {
      stopCornerstone();
    });

    for (const each of CASES) {
      it(`are right for ${each.name}`, async () => {
        expect(await firstWrong(source, each, false)).toBe('none');
      });
    }

    it('are right for frames of one instance', async () => {
      for (const each of [...SAMPLES, ...PALETTES].filter(({ syntax }) => syntax === undefined)) {
        expect(`${each.name}: ${await firstWrong(source, each, true)}`).toBe(`${each.name}: none`);
      }
    });
  });
}
