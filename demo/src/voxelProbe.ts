import { cache } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import { isStreamingDynamicImageVolume } from '../../src/index.js';
import type { StreamingImageVolume } from '../../src/index.js';
import { byId, make, showFacts } from './page.js';
import type { Viewer } from './viewer.js';
import { valueText, voxelUnit } from './voxelUnits.js';

/** What the probe reads, and the one that it tells the voxel to. */
export interface ProbeSource {
  readonly getVolume: () => StreamingImageVolume | undefined;
  /** The volume that lies over the other one, if any. */
  readonly getOverlay: () => StreamingImageVolume | undefined;
  /** Called with column, row and slice from 0 of the voxel under the pointer; undefined outside of the volume. */
  readonly onVoxel: (voxel: Types.Point3 | undefined) => void;
}

/** Shows the voxel under the mouse: its value, and where it is. */
export class VoxelProbe {
  readonly #value = byId('voxel-value');
  readonly #facts = byId('voxel-facts');
  readonly #source: ProbeSource;
  #position: Types.Point3 | undefined;

  constructor(viewer: Viewer, source: ProbeSource) {
    this.#source = source;
    for (const [viewportId, element] of viewer.planeElements) {
      element.addEventListener('mousemove', ({ clientX, clientY }) => {
        const viewport = viewer.engine.getViewport(viewportId);
        if (viewport.getActors().length > 0) {
          const { left, top } = element.getBoundingClientRect();
          this.#position = viewport.canvasToWorld([clientX - left, clientY - top]);
          this.update();
        }
      });
      element.addEventListener('mouseleave', () => {
        this.clear();
      });
    }
    this.clear();
  }

  clear(): void {
    this.#position = undefined;
    this.#source.onVoxel(undefined);
    this.#write(undefined);
  }

  /** Reads the values again, as they may have changed under a resting pointer. */
  update(): void {
    const position = this.#position;
    const volume = this.#source.getVolume();
    const voxel = volume && position && findVoxel(volume, position);
    this.#source.onVoxel(voxel);
    this.#write(voxel);
  }

  #write(voxel: Types.Point3 | undefined): void {
    const volume = this.#source.getVolume();
    const position = this.#position;
    if (!volume || !voxel || !position) {
      this.#value.textContent = '–';
      showFacts(this.#facts, { 'Position (mm)': '–', 'Voxel index': '–' });
      return;
    }
    this.#value.replaceChildren(...valueNodes(volume, voxel));
    const overlay = this.#source.getOverlay();
    const below = overlay && findVoxel(overlay, position);
    if (overlay && below) {
      const value = make('span', 'overlay-value');
      value.append(...valueNodes(overlay, below));
      this.#value.append(value);
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

/** The value, and its unit in smaller letters. */
function valueNodes(
  volume: StreamingImageVolume,
  [column, row, slice]: Types.Point3,
): (HTMLElement | string)[] {
  const imageIds = isStreamingDynamicImageVolume(volume)
    ? volume.getCurrentDimensionGroupImageIds()
    : volume.imageIds;
  if (!cache.isLoaded(imageIds[slice] as string)) {
    return ['Not loaded'];
  }
  const [columns, rows, slices] = volume.dimensions;
  const voxels = volume.getScalarData();
  const components = voxels.length / (columns * rows * slices);
  const start = ((slice * rows + row) * columns + column) * components;
  const value = valueText([...voxels.subarray(start, start + components)], '');
  const unit = voxelUnit(volume);
  return unit ? [value, make('small', '', ` ${unit}`)] : [value];
}
