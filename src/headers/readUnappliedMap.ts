import { Enums } from '@cornerstonejs/core';
import { isIdentityRescale } from '../base/linearRescale.js';
import type { LinearRescale, UnappliedMap } from '../base/types.js';
import type { FrameHeader } from './frameHeader.js';
import type { HeaderItem } from './headerItem.js';
import { readModule } from './readModule.js';
import { toFiniteNumber } from './readScaling.js';

const MODALITY_LUT_SEQUENCE = '00283000';
const REAL_WORLD_VALUE_MAPPING_SEQUENCE = '00409096';
const REAL_WORLD_VALUE_LUT_DATA = '00409212';
const REAL_WORLD_VALUE_INTERCEPT = '00409224';
const REAL_WORLD_VALUE_SLOPE = '00409225';

/**
 * Reads whether a header says by anything but a rescale what stored values mean.
 *
 * A Modality LUT takes the place of the rescale (PS3.3 C.11.1). A Real World Value Mapping stands beside it
 * (C.7.6.16.2.11), and counts where it is all that there is: with a rescale, modality values are what that makes
 * of stored ones; without, voxels would be taken for the values that the mapping gives and they are not.
 *
 * @param rescale - that is applied to stored values
 */
export function readUnappliedMap(
  imageId: string,
  header: FrameHeader | undefined,
  rescale: LinearRescale,
): UnappliedMap | undefined {
  const { MODALITY_LUT, INSTANCE } = Enums.MetadataModules;
  const table =
    readModule(MODALITY_LUT, imageId)?.['modalityLUTSequence'] ??
    (header ? undefined : readModule(INSTANCE, imageId)?.['ModalityLUTSequence']);
  const items = header ? [...header.groups, header.instance] : [];
  const isTable =
    (Array.isArray(table) && table.length > 0) ||
    items.some((item) => item.items(MODALITY_LUT_SEQUENCE).length > 0);
  if (isTable) {
    return 'modality-lut';
  }
  const mappings = items.flatMap((item) => item.items(REAL_WORLD_VALUE_MAPPING_SEQUENCE));
  const isOnlyScale = isIdentityRescale(rescale) && mappings.length > 0;
  return isOnlyScale && !mappings.some(isIdentityMapping) ? 'real-world-value' : undefined;
}

/** Of several mappings for the same values one may be that which the voxels have. */
function isIdentityMapping(mapping: HeaderItem): boolean {
  const slope = toFiniteNumber(mapping.values(REAL_WORLD_VALUE_SLOPE)?.[0]) ?? 1;
  const intercept = toFiniteNumber(mapping.values(REAL_WORLD_VALUE_INTERCEPT)?.[0]) ?? 0;
  return !mapping.values(REAL_WORLD_VALUE_LUT_DATA) && isIdentityRescale({ slope, intercept });
}
