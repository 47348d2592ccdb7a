/** A table whose data are segments, or as many entries as it states. */
export interface TableData {
  /** From 1 to 65536. */
  readonly entryCount: number;
  /** As the descriptor states them. */
  readonly bitsPerEntry: number;
  /** Bytes, lowest byte first, or a list of words. */
  readonly data: Uint8Array | readonly number[];
}

/** Opcodes of segments (PS3.3 table C.7-24). */
const DISCRETE = 0;
const LINEAR = 1;
const INDIRECT = 2;

/** What the offset of an indirect segment counts. */
type OffsetUnit = 'bytes' | 'items';

/** The segments of a table. */
interface Segments {
  /** Words, or bytes for entries of 8 bits. */
  readonly items: readonly number[];
  readonly bytesPerItem: 1 | 2;
  readonly offsetUnit: OffsetUnit;
  /** The table has no more entries than that. */
  readonly entryCount: number;
}

/**
 * Expands a segmented table (PS3.3 C.7.9.2). Values of a linear segment are rounded to the nearest whole number.
 *
 * The standard counts the offset of an indirect segment in bytes. Some writers count words, or store entries of 8
 * bits in words: of these readings the first that gives the stated number of entries is taken. The work grows with the
 * data and the entries: no segment that is copied is without entries.
 *
 * @returns the entries, or why there are none
 */
export function expandSegments({
  entryCount,
  bitsPerEntry,
  data,
}: TableData): readonly number[] | string {
  const isOfBytes = bitsPerEntry <= 8;
  const words = data instanceof Uint8Array ? wordsOf(data) : data;
  const bytes =
    data instanceof Uint8Array ? [...data] : data.flatMap((word) => [word & 0xff, word >> 8]);
  const inWords = { items: words, bytesPerItem: 2, entryCount } as const;
  const inBytes = { items: bytes, bytesPerItem: 1, entryCount, offsetUnit: 'bytes' } as const;
  const readings: readonly Segments[] = [
    ...(isOfBytes ? [inBytes] : []),
    { ...inWords, offsetUnit: 'bytes' },
    { ...inWords, offsetUnit: 'items' },
  ];
  let firstFault: string | undefined;
  for (const reading of readings) {
    const entries = expand(reading);
    if (typeof entries !== 'string') {
      return entries;
    }
    firstFault ??= entries;
  }
  return firstFault as string;
}

function expand(segments: Segments): number[] | string {
  const entries: number[] = [];
  // A byte of padding may follow the last segment.
  for (let at = 0; at + 1 < segments.items.length && entries.length < segments.entryCount;) {
    const end = expandOne(segments, at, entries, true);
    if (typeof end === 'string') {
      return end;
    }
    at = end;
  }
  return entries.length === segments.entryCount
    ? entries
    : `a segmented palette states ${segments.entryCount} entries, and has ${entries.length}`;
}

/**
 * Appends the entries of one segment.
 *
 * @param at - index of its opcode
 * @returns the index behind the segment, or its fault
 */
function expandOne(
  segments: Segments,
  at: number,
  entries: number[],
  mayBeIndirect: boolean,
): number | string {
  const { items, bytesPerItem, entryCount } = segments;
  const [opcode, length = 0] = [items[at], items[at + 1]];
  const start = at + 2;
  const room = entryCount - entries.length;
  if (opcode === DISCRETE) {
    if (start + length > items.length || length > room) {
      return 'a discrete segment of a palette is longer than the palette';
    }
    for (let i = 0; i < length; i++) {
      entries.push(items[start + i] as number);
    }
    return start + length;
  }
  if (opcode === LINEAR) {
    const from = entries.at(-1);
    const to = items[start];
    if (from === undefined || to === undefined || length > room) {
      return 'a linear segment of a palette has no beginning or no end';
    }
    for (let i = 1; i <= length; i++) {
      entries.push(Math.round(from + ((to - from) * i) / length));
    }
    return start + 1;
  }
  if (opcode !== INDIRECT || !mayBeIndirect) {
    return `a segment of a palette has the unknown opcode ${String(opcode)}`;
  }
  const itemsOfOffset = 4 / bytesPerItem;
  let offset = 0;
  for (let i = itemsOfOffset - 1; i >= 0; i--) {
    offset = offset * 2 ** (8 * bytesPerItem) + (items[start + i] ?? Number.NaN);
  }
  let copied = segments.offsetUnit === 'bytes' ? offset / bytesPerItem : offset;
  for (let count = 0; count < length; count++) {
    if (!Number.isInteger(copied) || copied + 1 >= items.length) {
      return 'an indirect segment of a palette points beyond the palette';
    }
    const before = entries.length;
    const end = expandOne(segments, copied, entries, false);
    if (typeof end === 'string') {
      return end;
    }
    if (entries.length === before) {
      return 'an indirect segment of a palette copies a segment without entries';
    }
    copied = end;
  }
  return start + itemsOfOffset;
}

/** Words of 16 bits without a sign; a last single byte is left out. */
export function wordsOf(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.length >> 1 }, (_, index) => view.getUint16(2 * index, true));
}
