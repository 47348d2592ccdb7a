import type { SplitTag, SplitValue } from '../base/splitTag.js';
import { findFrameHeader } from './frameHeader.js';
import type { BinaryVr, HeaderItem } from './headerItem.js';
import { toFiniteNumber } from './readScaling.js';

/** Where a vendor keeps the b-value. */
interface PrivateBValue {
  readonly group: string;
  /** The lower half of the element's number; the upper is the block that the creator has reserved. */
  readonly element: string;
  readonly creator: string;
  readonly binary?: BinaryVr;
}

const PRIVATE_B_VALUES: Partial<Record<SplitTag, PrivateBValue>> = {
  SiemensPrivateBValue: { group: '0019', element: '0C', creator: 'SIEMENS MR HEADER' },
  GEPrivateBValue: { group: '0043', element: '39', creator: 'GEMS_PARM_01' },
  PhilipsPrivateBValue: {
    group: '2001',
    element: '03',
    creator: 'Philips Imaging DD 001',
    binary: 'FL',
  },
};

// GE adds a flag of 1e9 to the b-value of some sequences.
const GE_FLAG = 100_000;

/** Blocks of a group that a creator can reserve: an element 0010 to 00FF says who did (PS3.5 7.8.1). */
const BLOCKS = Array.from({ length: 0xf0 }, (_, index) =>
  (0x10 + index).toString(16).padStart(2, '0').toUpperCase(),
);

/**
 * Reads the b-value from a vendor's own element, where a series has no Diffusion b-value (0018,9087), in
 * whichever block the vendor has reserved. Elements that another vendor has reserved are left alone.
 */
export function readPrivateBValue(imageId: string, tag: SplitTag): SplitValue | undefined {
  const field = PRIVATE_B_VALUES[tag];
  const header = field && findFrameHeader(imageId);
  if (!header) {
    return undefined;
  }
  const items = [
    ...header.groups.flatMap((group) => group.sequences().map(([, item]) => item)),
    header.instance,
  ];
  for (const item of items) {
    const value = readFrom(item, field);
    if (value !== undefined) {
      return tag === 'GEPrivateBValue' ? value % GE_FLAG : value;
    }
  }
  return undefined;
}

function readFrom(
  item: HeaderItem,
  { group, element, creator, binary }: PrivateBValue,
): number | undefined {
  for (const block of BLOCKS) {
    const [reservedBy] = item.values(`${group}00${block}`) ?? [];
    if (String(reservedBy).trim().toUpperCase() === creator.toUpperCase()) {
      const [first] = item.values(`${group}${block}${element}`, binary) ?? [];
      const value = toFiniteNumber(typeof first === 'string' ? first.replaceAll('\0', '') : first);
      if (value !== undefined) {
        return value;
      }
    }
  }
  return undefined;
}
