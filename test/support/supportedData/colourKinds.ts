import type { TestElement } from '../encodePart10.js';
import { text, us, words } from '../imageElements.js';
import { seededRandom } from '../seededRandom.js';
import type { Syntax } from './cells.mjs';
import { valuesFor } from './frames.js';
import type { PixelFormat } from './frames.js';
import { echoUrl } from './openKind.js';
import { seriesOf, singleFrames } from './writeSeries.js';
import type { KindSeries, SeriesWriter } from './writeSeries.js';

const RGB: PixelFormat = { bitsAllocated: 8, samplesPerPixel: 3, photometric: 'RGB' };

/** Series whose samples are converted by pixel. */
function colour(
  format: PixelFormat,
  convert: (pixel: readonly [number, number, number]) => readonly number[] = (pixel) => pixel,
): SeriesWriter {
  return (syntax) => {
    const { instances, stored } = singleFrames({ syntax, format, modality: 'OT' });
    const voxels = stored.map((values) =>
      Array.from({ length: values.length / 3 }, (_, pixel) => {
        const [first = 0, second = 0, third = 0] = values.slice(3 * pixel);
        return convert([first, second, third]);
      }).flat(),
    );
    return { instances, voxels };
  };
}

/** PS3.3 C.7.6.3.1.2; a sample is rounded to the nearest, and clamped. */
function rgbOfYbr([y, cb, cr]: readonly [number, number, number]): number[] {
  const [blue, red] = [cb - 128, cr - 128];
  const samples = [y + 1.402 * red, y - 0.344_136 * blue - 0.714_136 * red, y + 1.772 * blue];
  return samples.map((sample) => Math.min(255, Math.max(0, Math.round(sample))));
}

/** The photometric interpretation of JPEG 2000 with a colour transform; samples are given as RGB. */
const transformed = (photometric: string): SeriesWriter => colour({ ...RGB, photometric });

/** A colour as entries of a palette. */
type Entry = readonly [red: number, green: number, blue: number];

interface Palette {
  readonly entries: readonly Entry[];
  /** The stored value of the first entry. */
  readonly first: number;
  readonly bits: 8 | 16;
}

const TAGS = [0, 1, 2] as const;

/** Elements of three tables with one entry each for each value (PS3.3 C.7.6.3.1.5, C.7.6.3.1.6). */
function paletteElements({ entries, first, bits }: Palette): TestElement[] {
  return [
    ...TAGS.map((sample) => us(0x00281101 + sample, entries.length % 65_536, first, bits)),
    ...TAGS.map((sample) => {
      const values = entries.map((entry) => entry[sample]);
      const value = bits === 16 ? words(...values) : Uint8Array.from(values);
      return { tag: 0x00281201 + sample, vr: 'OW', value };
    }),
  ];
}

function randomEntries(count: number, bits: 8 | 16): Entry[] {
  const random = seededRandom(count + bits);
  const sample = (): number => Math.floor(random() * 2 ** bits);
  return Array.from({ length: count }, () => [sample(), sample(), sample()] as const);
}

const BYTES: PixelFormat = { bitsAllocated: 8, photometric: 'PALETTE COLOR' };
const CELLS: PixelFormat = { bitsAllocated: 16, bitsStored: 9, photometric: 'PALETTE COLOR' };

function paletteSeries(
  syntax: Syntax,
  format: PixelFormat,
  palette: Palette,
  elements: readonly TestElement[],
  more: Partial<KindSeries> = {},
): KindSeries {
  const { instances, stored } = singleFrames({
    syntax,
    format,
    modality: 'OT',
    more: () => elements,
  });
  const { entries, first, bits } = palette;
  const voxels = stored.map((values) =>
    values.flatMap((value) => {
      const index = Math.min(entries.length - 1, Math.max(0, value - first));
      return (entries[index] as Entry).map((sample) => (bits === 16 ? sample >> 8 : sample));
    }),
  );
  return { instances, voxels, ...more };
}

function tables(format: PixelFormat, of: Palette): SeriesWriter {
  return (syntax) => paletteSeries(syntax, format, of, paletteElements(of));
}

const OF_BYTES: Palette = { entries: randomEntries(256, 8), first: 0, bits: 8 };

/**
 * Three segmented tables (PS3.3 C.7.9.2): 2 entries one by one, 100 on a line to 30000, those 2 again, and the
 * rest on a line to 65535.
 */
function segmented(start: number): { readonly values: number[]; readonly segments: number[] } {
  const [low, high] = [start, start + 500];
  const line = (from: number, to: number, count: number): number[] =>
    Array.from({ length: count }, (_, i) => Math.round(from + ((to - from) * (i + 1)) / count));
  return {
    values: [low, high, ...line(high, 30_000, 100), low, high, ...line(high, 65_535, 152)],
    // An indirect segment has the number of segments, and the offset in bytes to the first of them.
    segments: [0, 2, low, high, 1, 100, 30_000, 2, 1, 0, 0, 1, 152, 65_535],
  };
}

const SEGMENTED = [1000, 2000, 3000].map(segmented);

const SEGMENTED_PALETTE: Palette = {
  entries: Array.from({ length: 256 }, (_, i) => {
    const [red = 0, green = 0, blue = 0] = SEGMENTED.map(({ values }) => values[i] as number);
    return [red, green, blue] as const;
  }),
  first: 0,
  bits: 16,
};

const SEGMENTED_ELEMENTS: readonly TestElement[] = [
  ...TAGS.map((sample) => us(0x00281101 + sample, 256, 0, 16)),
  ...TAGS.map((sample) => ({
    tag: 0x00281221 + sample,
    vr: 'OW',
    value: words(...(SEGMENTED[sample]?.segments ?? [])),
  })),
];

type JsonElement = { readonly vr: string; readonly InlineBinary?: string };

/** Puts the address of each table in the place of its bytes. */
function withBulkData(json: object): object {
  return Object.fromEntries(
    Object.entries(json as Readonly<Record<string, JsonElement>>).map(([tag, element]) => {
      const { vr, InlineBinary } = element;
      if (InlineBinary === undefined) {
        return [tag, element];
      }
      const bytes = Uint8Array.from(atob(InlineBinary), (each) => each.charCodeAt(0));
      return [
        tag,
        { vr, BulkDataURI: echoUrl('application/octet-stream', [bytes], `bulk-${tag}`) },
      ];
    }),
  );
}

/** Values up to 4095, and colours for those above. */
const SUPPLEMENTAL: readonly TestElement[] = [
  text(0x00089205, 'CS', 'COLOR'),
  ...paletteElements({ entries: randomEntries(256, 16), first: 4096, bits: 16 }),
];

/** Writers of the kinds of colour, by id. */
export const COLOUR_KINDS: Readonly<Record<string, SeriesWriter>> = {
  rgb: colour(RGB),
  rgbPlanar: colour({ ...RGB, isPlanar: true }),
  ybrFull: colour({ ...RGB, photometric: 'YBR_FULL' }, rgbOfYbr),
  ybrFull422: colour({ ...RGB, photometric: 'YBR_FULL_422', isHalved: true }, rgbOfYbr),
  ybrRct: transformed('YBR_RCT'),
  ybrIct: transformed('YBR_ICT'),
  palette8: tables(BYTES, OF_BYTES),
  palette16: tables(BYTES, { entries: randomEntries(256, 16), first: 0, bits: 16 }),
  palette16Cells: tables(CELLS, { entries: randomEntries(300, 16), first: 100, bits: 16 }),
  paletteSegmented: (syntax) => paletteSeries(syntax, BYTES, SEGMENTED_PALETTE, SEGMENTED_ELEMENTS),
  paletteBulk: (syntax) =>
    paletteSeries(syntax, BYTES, OF_BYTES, paletteElements(OF_BYTES), { changed: withBulkData }),
  paletteSupplemental: (syntax) => {
    const format: PixelFormat = { bitsAllocated: 16, bitsStored: 13 };
    return seriesOf(
      singleFrames({
        syntax,
        format,
        modality: 'MR',
        values: (slice) => valuesFor(format, syntax, slice + 1).map((value) => value % 4352),
        more: () => SUPPLEMENTAL,
      }),
    );
  },
};
