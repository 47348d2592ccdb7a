/** The table of a Modality LUT Sequence (PS3.3 C.11.1). */
import type { CellLayout } from '../base/voxels/storedBits.js';
import type { ModalityLut } from '../base/types.js';
import type { FrameHeader } from './frameHeader.js';
import type { HeaderItem } from './headerItem.js';
import { toFiniteNumber } from './readModule.js';

const SOP_CLASS = '00080016';
const MODALITY_LUT_SEQUENCE = '00283000';
const LUT_DESCRIPTOR = '00283002';
const LUT_DATA = '00283006';
const PIXEL_VALUE_TRANSFORMATION = '00289145';

/**
 * X-Ray Angiographic and X-Ray Radiofluoroscopic Image: their tables lead to intensities of the beam, and are not to
 * be applied to what is shown (PS3.3 C.8.7.1.1.2).
 */
const NOT_FOR_DISPLAY: ReadonlySet<unknown> = new Set([
  '1.2.840.10008.5.1.4.1.1.12.1',
  '1.2.840.10008.5.1.4.1.1.12.2',
]);

/** Of images that have another scale than a table: SUV of PET and Gy of doses. */
const MODALITIES_WITH_SCALE: ReadonlySet<string | undefined> = new Set(['PT', 'RTDOSE']);

/** Tables by their sequence, which all frames of an instance share. */
const tables = new WeakMap<object, ModalityLut | undefined>();
/** Images of a series usually have the same table. */
let latest: ModalityLut | undefined;

/**
 * Reads the table that maps the stored values of a frame.
 *
 * @returns undefined where there is none, or it must not or cannot be applied: of PET, doses and X-ray projections, of
 *   images whose functional groups have a rescale, with several tables, with data that are elsewhere (BulkDataURI) or of the wrong
 *   length
 */
export function readModalityLut(
  { instance, groups, source }: FrameHeader,
  modality: string | undefined,
  layout: CellLayout,
): ModalityLut | undefined {
  const isExcluded =
    groups.some((group) => group.items(PIXEL_VALUE_TRANSFORMATION).length > 0) ||
    layout.isFloat ||
    MODALITIES_WITH_SCALE.has(modality) ||
    NOT_FOR_DISPLAY.has(instance.values(SOP_CLASS)?.[0]);
  if (isExcluded) {
    return undefined;
  }
  if (!tables.has(source)) {
    const [item, ...others] = instance.items(MODALITY_LUT_SEQUENCE);
    tables.set(source, item && others.length === 0 ? readTable(item, layout) : undefined);
  }
  return tables.get(source);
}

function readTable(item: HeaderItem, { isSigned }: CellLayout): ModalityLut | undefined {
  const [count, first, bits] = (item.values(LUT_DESCRIPTOR, 'US') ?? []).map(toFiniteNumber);
  if (count === undefined || first === undefined || bits === undefined || bits < 1 || bits > 16) {
    return undefined;
  }
  // 0 stands for 2^16 entries (PS3.3 C.11.1.1). The VR of all three numbers is that of the second, US or SS.
  const length = count > 0 ? count : count + 2 ** 16;
  const firstValue = isSigned ? (first << 16) >> 16 : first & 0xffff;
  const data = (item.values(LUT_DATA, 'US') ?? []).map(toFiniteNumber);
  if (data.includes(undefined)) {
    return undefined;
  }
  const entries = entriesOf(data as number[], length, bits);
  return entries && sharedTable({ firstValue, entries });
}

/** Entries of 8 bits may be in bytes, the first in the lower half of a word, or in words (PS3.3 C.11.1.1.1). */
function entriesOf(
  words: readonly number[],
  length: number,
  bits: number,
): Uint16Array | undefined {
  if (words.length >= length && words.length <= length + 1) {
    return Uint16Array.from(words.slice(0, length), (word) => word & 0xffff);
  }
  return bits <= 8 && words.length === Math.ceil(length / 2)
    ? Uint16Array.from({ length }, (_, i) => ((words[i >> 1] as number) >> (8 * (i & 1))) & 0xff)
    : undefined;
}

/** The table itself, or the latest one where it is the same: each has up to 128 KiB. */
function sharedTable(table: ModalityLut): ModalityLut {
  const isSame =
    latest?.firstValue === table.firstValue &&
    latest.entries.length === table.entries.length &&
    latest.entries.every((entry, i) => entry === table.entries[i]);
  latest = isSame ? latest : table;
  return latest as ModalityLut;
}
