import { Enums } from '@cornerstonejs/core';
import { readHeaderText } from './frameHeader.js';
import type { HeaderField } from './frameHeader.js';
import { readModule } from './readModule.js';
import type { MetadataModule } from './readModule.js';
import { toFiniteNumber } from './readScaling.js';

/** Which attribute of a header states the distance between slices. */
export type SliceDistanceTag = 'SpacingBetweenSlices' | 'SliceThickness';

/** A distance between slices that a header states, with no second slice to measure it by. */
export interface StatedSliceDistance {
  readonly inMm: number;
  readonly from: SliceDistanceTag;
}

interface Attribute {
  readonly from: SliceDistanceTag;
  /** In Cornerstone's `imagePlaneModule`. */
  readonly name: string;
  readonly field: HeaderField;
}

const PIXEL_MEASURES = ['00289110'];

/**
 * Spacing Between Slices is the distance between the centres of slices, and optional; Slice Thickness is
 * that of the slice alone, which its neighbour may overlap or leave a gap to (Image Plane Module, PS3.3
 * C.7.6.2; of enhanced images the Pixel Measures functional group, PS3.3 C.7.6.16.2.1).
 */
const ATTRIBUTES: readonly [Attribute, Attribute] = [
  {
    from: 'SpacingBetweenSlices',
    name: 'spacingBetweenSlices',
    field: { tag: '00180088', groups: PIXEL_MEASURES },
  },
  {
    from: 'SliceThickness',
    name: 'sliceThickness',
    field: { tag: '00180050', groups: PIXEL_MEASURES },
  },
];

/** Spacing Between Slices in mm as a header states it, whatever the value; undefined where it does not. */
export function readSpacingBetweenSlices(
  imageId: string,
  plane: MetadataModule | undefined,
): number | undefined {
  const [{ name, field }] = ATTRIBUTES;
  return toFiniteNumber(plane?.[name]) ?? toFiniteNumber(readHeaderText(imageId, field));
}

/**
 * Reads how far apart the slices are of which a header describes one: Spacing Between Slices, or else
 * Slice Thickness. Values that are not above 0 count as not there.
 */
export function readSliceDistance(imageId: string): StatedSliceDistance | undefined {
  const plane = readModule(Enums.MetadataModules.IMAGE_PLANE, imageId);
  for (const { from, name, field } of ATTRIBUTES) {
    const values = [plane?.[name], readHeaderText(imageId, field)].map(toFiniteNumber);
    const inMm = values.find((value) => value !== undefined && value > 0);
    if (inMm !== undefined) {
      return { inMm, from };
    }
  }
  return undefined;
}
