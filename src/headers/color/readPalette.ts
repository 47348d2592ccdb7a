import { Enums } from '@cornerstonejs/core';
import { findFrameHeader } from '../frameHeader.js';
import { naturalizedItem, toBlock } from '../headerItem.js';
import type { HeaderItem, ValueBlock } from '../headerItem.js';
import { readModule, toFiniteNumber, toFiniteNumbers } from '../readModule.js';
import type { MetadataModule } from '../readModule.js';
import { buildPalette } from './buildPalette.js';
import type { PaletteTable } from './buildPalette.js';
import type { Palette } from './describeColor.js';

/** The tables of a palette, as a header has them: their data may still have to be fetched. */
export interface PaletteSource {
  /** Of red, green and blue. */
  readonly tables: readonly PaletteTableSource[];
}

/** A {@link PaletteTable}, whose data may be an address, or may come later from the application. */
export interface PaletteTableSource extends Omit<PaletteTable, 'data'> {
  readonly data: ValueBlock | PromiseLike<unknown>;
}

const COLORS = ['red', 'green', 'blue'] as const;

/** Palette Color Lookup Table Descriptor, Data and Segmented Data of red; those of green and blue follow (PS3.3 C.7.9). */
const DESCRIPTOR = 0x0028_1101;
const DATA = 0x0028_1201;
const SEGMENTED_DATA = 0x0028_1221;

/** What a table without entries states: 65536 do not fit into 16 bits (PS3.3 C.7.6.3.1.5). */
const MOST_ENTRIES = 65_536;

/** What was read of the headers of an instance; it is the same for all of its frames. */
const sources = new WeakMap<object, PaletteSource | string>();
const palettes = new WeakMap<PaletteSource, Palette | string>();

/**
 * Reads the palette of a frame from its header, or else from the modules that the application provides.
 *
 * @param pixel - the image pixel module
 * @returns the tables, or why there are none
 */
export function readPalette(imageId: string, pixel: MetadataModule): PaletteSource | string {
  const header = findFrameHeader(imageId);
  const known = header && sources.get(header.source);
  if (known !== undefined) {
    return known;
  }
  const instance = header ? undefined : readModule(Enums.MetadataModules.INSTANCE, imageId);
  const item = header?.instance ?? (instance && naturalizedItem(instance));
  const source = readTables(item, pixel);
  if (header) {
    sources.set(header.source, source);
  }
  return source;
}

function readTables(item: HeaderItem | undefined, pixel: MetadataModule): PaletteSource | string {
  const isSigned = toFiniteNumber(pixel['pixelRepresentation']) === 1;
  const tables: PaletteTableSource[] = [];
  for (const [index, color] of COLORS.entries()) {
    const descriptor = readDescriptor(item, pixel, index);
    if (!descriptor) {
      return `the palette has no descriptor of ${color}`;
    }
    const [count, first, bitsPerEntry] = descriptor as [number, number, number];
    const data = readData(item, pixel, index);
    if (!data) {
      return `the palette has no table of ${color}`;
    }
    tables.push({
      entryCount: (count & 0xffff) === 0 ? MOST_ENTRIES : count & 0xffff,
      // The descriptor has the sign of the stored values, whatever VR it is written in.
      first: isSigned ? (first << 16) >> 16 : first & 0xffff,
      bitsPerEntry,
      ...data,
    });
  }
  return { tables };
}

/** The palette of tables that are all in the header, or their fault; undefined where some have to be fetched. */
export function paletteInHeader(source: PaletteSource): Palette | string | undefined {
  const known = palettes.get(source);
  if (known !== undefined) {
    return known;
  }
  const complete = source.tables.flatMap(({ data, ...table }) =>
    data instanceof Uint8Array || Array.isArray(data)
      ? [{ ...table, data: data as Uint8Array | readonly number[] }]
      : [],
  );
  return complete.length === source.tables.length
    ? keepPalette(source, buildPalette(complete))
    : undefined;
}

/** Keeps the palette of a header whose tables have been fetched, for {@link paletteInHeader}. */
export function keepPalette<T extends Palette | string>(source: PaletteSource, palette: T): T {
  palettes.set(source, palette);
  return palette;
}

function readDescriptor(
  item: HeaderItem | undefined,
  pixel: MetadataModule,
  index: number,
): number[] | undefined {
  const name = `${COLORS[index] as string}PaletteColorLookupTableDescriptor`;
  return (
    toFiniteNumbers(item?.values(toTag(DESCRIPTOR + index), 'US'), 3) ??
    toFiniteNumbers(pixel[name], 3)
  );
}

function readData(
  item: HeaderItem | undefined,
  pixel: MetadataModule,
  index: number,
): Pick<PaletteTableSource, 'data' | 'isSegmented'> | undefined {
  for (const [start, isSegmented] of [
    [DATA, false],
    [SEGMENTED_DATA, true],
  ] as const) {
    const data = item?.block(toTag(start + index));
    if (data) {
      return { data, isSegmented };
    }
  }
  const provided = pixel[`${COLORS[index] as string}PaletteColorLookupTableData`];
  const data = isPromise(provided) ? provided : toBlock(provided);
  return data && { data, isSegmented: false };
}

function toTag(tag: number): string {
  return tag.toString(16).padStart(8, '0').toUpperCase();
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | undefined)?.then === 'function';
}

/** Pixel Presentation (0008,9205) and the threshold of a palette of colours for some of the stored values. */
const PIXEL_PRESENTATION = '00089205';

/**
 * Whether some stored values of a grey image are indices into a palette: the image has descriptors of one (Supplemental
 * Palette Color Lookup Table Module, PS3.3 C.7.6.19).
 */
export function hasSupplementalPalette(item: HeaderItem | undefined): boolean {
  const presentation = item?.values(PIXEL_PRESENTATION)?.[0];
  const isSaid =
    typeof presentation !== 'string' || presentation === 'COLOR' || presentation === 'MIXED';
  return isSaid && item?.values(toTag(DESCRIPTOR), 'US') !== undefined;
}
