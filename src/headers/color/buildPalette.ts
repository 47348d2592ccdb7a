import type { Palette } from './describeColor.js';
import { expandSegments, wordsOf } from './expandSegments.js';
import type { TableData } from './expandSegments.js';

/** The table of one colour (PS3.3 C.7.6.3.1.5, C.7.6.3.1.6). */
export interface PaletteTable extends TableData {
  /** The stored value of the first entry. */
  readonly first: number;
  /** Whether the data are segments (PS3.3 C.7.9.2). */
  readonly isSegmented: boolean;
}

/**
 * Builds a palette from the tables of red, green and blue.
 *
 * Entries of 16 bits are reduced to their high bytes, unless no entry of any table has one: some writers state 16
 * bits for entries of 8. Tables of different ranges of stored values are read each by its own descriptor.
 *
 * @returns the palette, or why there is none
 */
export function buildPalette(tables: readonly PaletteTable[]): Palette | string {
  const entries: (readonly number[])[] = [];
  for (const table of tables) {
    const read = readEntries(table);
    if (typeof read === 'string') {
      return read;
    }
    entries.push(read);
  }
  const isWide = entries.some((table) => table.some((entry) => entry > 0xff));
  const firsts = tables.map((table) => table.first);
  const ends = tables.map((table) => table.first + table.entryCount);
  const first = Math.min(...firsts);
  const end = Math.max(...ends);
  const colors = new Uint8Array(3 * (end - first));
  tables.forEach((table, sample) => {
    const values = entries[sample] as readonly number[];
    const shift = isWide ? (table.bitsPerEntry > 8 ? table.bitsPerEntry - 8 : 8) : 0;
    for (let stored = first; stored < end; stored++) {
      const index = Math.min(Math.max(stored - table.first, 0), table.entryCount - 1);
      colors[3 * (stored - first) + sample] = (values[index] as number) >> shift;
    }
  });
  return { first, colors };
}

/** As many entries as the descriptor states, or why there are none. */
function readEntries(table: PaletteTable): readonly number[] | string {
  const { entryCount, isSegmented } = table;
  const entries = isSegmented ? expandSegments(table) : unpackEntries(table);
  if (typeof entries === 'string') {
    return entries;
  }
  return entries.length >= entryCount && entries.every((entry) => entry >= 0)
    ? entries
    : `a palette states ${entryCount} entries, and has ${entries.length}`;
}

/**
 * Entries of 8 bits may be stored two in a word or in a word each; the length distinguishes them
 * (PS3.3 C.7.6.3.1.6, note).
 */
function unpackEntries({ entryCount, bitsPerEntry, data }: PaletteTable): readonly number[] {
  if (data instanceof Uint8Array) {
    return data.length >= 2 * entryCount || (bitsPerEntry > 8 && data.length > entryCount + 1)
      ? wordsOf(data)
      : [...data];
  }
  const isPacked = bitsPerEntry <= 8 && data.length < entryCount;
  return isPacked ? data.flatMap((word) => [word & 0xff, (word >> 8) & 0xff]) : data;
}
