import { volumeLoader } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import { Enums, segmentation } from '@cornerstonejs/tools';
import type { Pane } from '../../rendering/support/Pane.js';
import { voxelsOf } from './onBothLoaders.js';

let count = 0;

/** A labelmap whose segment 1 is edited. */
export interface Labelmap {
  readonly segmentationId: string;
  readonly volume: Types.IImageVolume;
}

/** Derives a labelmap volume from a volume and shows it in the panes. */
export async function addLabelmap(
  { volumeId }: Types.IImageVolume,
  panes: readonly Pane[] = [],
): Promise<Labelmap> {
  const segmentationId = `segmentation-${count++}`;
  const labelmap = volumeLoader.createAndCacheDerivedLabelmapVolume(volumeId, {
    volumeId: `labelmap-${segmentationId}`,
  });
  await addSegmentation(segmentationId, { volumeId: labelmap.volumeId }, panes);
  return { segmentationId, volume: labelmap };
}

/** Makes a segmentation of a labelmap that is in the cache, with segment 1 active. */
export async function addSegmentation(
  segmentationId: string,
  data: { volumeId: string } | { imageIds: string[] },
  panes: readonly Pane[] = [],
): Promise<void> {
  const { Labelmap: type } = Enums.SegmentationRepresentations;
  segmentation.addSegmentations([{ segmentationId, representation: { type, data } }] as never);
  for (const { viewport } of panes) {
    segmentation.addLabelmapRepresentationToViewport(viewport.id, [{ segmentationId }]);
  }
  segmentation.segmentIndex.setActiveSegmentIndex(segmentationId, 1);
}

/** Indices of the voxels of a labelmap that belong to a segment. */
export function voxelsOfSegment({ volume }: Labelmap, segment = 1): number[] {
  const indices: number[] = [];
  voxelsOf(volume).forEach((value: number, index: number) => {
    if (value === segment) {
      indices.push(index);
    }
  });
  return indices;
}

/** Column, row and slice of an index. */
export function placeOf({ dimensions }: Types.IImageVolume, index: number): Types.Point3 {
  const [columns, rows] = dimensions;
  const row = Math.floor(index / columns);
  return [index % columns, row % rows, Math.floor(row / rows)];
}
