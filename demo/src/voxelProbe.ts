import { cache } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import type { StreamingImageVolume } from '../../src/index.js';
import { byId, make, showFacts } from './page.js';
import type { Viewer } from './viewer.js';

const UNITS: Readonly<Record<string, string>> = { CT: 'HU' };

/** Shows the voxel under the mouse: its value, and where it is. */
export class VoxelProbe {
  readonly #value = byId('voxel-value');
  readonly #facts = byId('voxel-facts');
  readonly #getVolume: () => StreamingImageVolume | undefined;

  constructor(viewer: Viewer, getVolume: () => StreamingImageVolume | undefined) {
    this.#getVolume = getVolume;
    for (const [viewportId, element] of viewer.planeElements) {
      element.addEventListener('mousemove', ({ clientX, clientY }) => {
        const viewport = viewer.engine.getViewport(viewportId);
        if (viewport.getActors().length > 0) {
          const { left, top } = element.getBoundingClientRect();
          this.#show(viewport.canvasToWorld([clientX - left, clientY - top]));
        }
      });
      element.addEventListener('mouseleave', () => {
        this.clear();
      });
    }
    this.clear();
  }

  clear(): void {
    this.#value.textContent = '–';
    showFacts(this.#facts, { 'Position (mm)': '–', 'Voxel index': '–' });
  }

  #show(position: Types.Point3): void {
    const volume = this.#getVolume();
    const voxel = volume && findVoxel(volume, position);
    if (!voxel) {
      this.clear();
      return;
    }
    const unit = volume.isPreScaled ? UNITS[volume.metadata.Modality] : undefined;
    this.#value.textContent = readValue(volume, voxel);
    if (unit && cache.isLoaded(volume.imageIds[voxel[2]] as string)) {
      this.#value.append(make('small', '', ` ${unit}`));
    }
    showFacts(this.#facts, {
      'Position (mm)': position.map((each) => each.toFixed(1)).join(', '),
      'Voxel index': voxel.join(', '),
    });
  }
}

/** @returns `[column, row, slice]` from 0, or undefined outside the volume */
function findVoxel(
  { imageData, dimensions }: StreamingImageVolume,
  position: Types.Point3,
): Types.Point3 | undefined {
  const voxel = (imageData?.worldToIndex(position) ?? []).map(Math.round) as Types.Point3;
  const isInside = voxel.every((each, axis) => each >= 0 && each < (dimensions[axis] as number));
  return isInside && voxel.length === 3 ? voxel : undefined;
}

function readValue(volume: StreamingImageVolume, [column, row, slice]: Types.Point3): string {
  if (!cache.isLoaded(volume.imageIds[slice] as string)) {
    return 'Not loaded';
  }
  const [columns, rows, slices] = volume.dimensions;
  const voxels = volume.getScalarData();
  const components = voxels.length / (columns * rows * slices);
  const start = ((slice * rows + row) * columns + column) * components;
  return [...voxels.subarray(start, start + components)]
    .map((value) => (Number.isInteger(value) ? String(value) : value.toFixed(2)))
    .join(', ');
}
