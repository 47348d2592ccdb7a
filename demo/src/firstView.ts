import type { Types } from '@cornerstonejs/core';
import { isStreamingImageVolume } from '../../src/index.js';
import type { DrawnVolume } from './drawnVolume.js';
import { fullRange } from './windowPresets.js';

/** What a loaded volume is first shown with, where what Cornerstone chooses does not suit it. */
export interface FirstView {
  readonly range: Types.VOIRange;
  /** Column, row and slice from 0 that the planes meet in; undefined: the middle. */
  readonly voxel: Types.Point3 | undefined;
}

/**
 * A dose is shown with all of its values, where it is highest. Its header has no window, and Cornerstone then takes the
 * values of the middle slice, which may be beside the target.
 *
 * @returns undefined where Cornerstone's choice suits
 */
export function firstView(volume: DrawnVolume): FirstView | undefined {
  const range = volume.metadata.Modality === 'RTDOSE' ? fullRange(volume) : undefined;
  return range && { range, voxel: voxelOf(volume, range.upper) };
}

function voxelOf(volume: DrawnVolume, value: number): Types.Point3 | undefined {
  const index = isStreamingImageVolume(volume) ? volume.getScalarData().indexOf(value) : -1;
  const [columns, rows] = volume.dimensions;
  return index < 0
    ? undefined
    : [index % columns, Math.floor(index / columns) % rows, Math.floor(index / (columns * rows))];
}
