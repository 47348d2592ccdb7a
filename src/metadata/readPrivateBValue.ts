import type { SplitTag, SplitValue } from '../geometry/splitTag.js';
import { readHeaderText } from './readHeaderText.js';
import type { HeaderField } from './readHeaderText.js';
import { toFiniteNumber } from './readScaling.js';

/** Where a vendor keeps the b-value. */
interface PrivateBValue extends HeaderField {
  /** The element that reserves the block (PS3.5 7.8.1), and what stands there. */
  readonly creatorTag: string;
  readonly creator: string;
}

const PRIVATE_B_VALUES: Partial<Record<SplitTag, PrivateBValue>> = {
  SiemensPrivateBValue: {
    tag: '0019100C',
    creatorTag: '00190010',
    creator: 'SIEMENS MR HEADER',
  },
  GEPrivateBValue: { tag: '00431039', creatorTag: '00430010', creator: 'GEMS_PARM_01' },
  PhilipsPrivateBValue: {
    tag: '20011003',
    creatorTag: '20010010',
    creator: 'Philips Imaging DD 001',
    binary: 'FL',
  },
};

// GE adds a flag of 1e9 to the b-value of some sequences.
const GE_FLAG = 100_000;

/**
 * Reads the b-value from a vendor's own element, where a series has no Diffusion b-value (0018,9087).
 * Elements that another vendor has reserved are left alone.
 */
export function readPrivateBValue(imageId: string, tag: SplitTag): SplitValue | undefined {
  const field = PRIVATE_B_VALUES[tag];
  const creator = field && readHeaderText(imageId, { tag: field.creatorTag });
  if (!field || creator?.trim().toUpperCase() !== field.creator.toUpperCase()) {
    return undefined;
  }
  const [first] = readHeaderText(imageId, field)?.split('\\') ?? [];
  const value = toFiniteNumber(first?.replaceAll('\0', ''));
  return tag === 'GEPrivateBValue' && value !== undefined ? value % GE_FLAG : value;
}
