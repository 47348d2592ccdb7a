import vtkImageData from '@kitware/vtk.js/Common/DataModel/ImageData.js';
import { ImageVolume, utilities } from '@cornerstonejs/core';
import { StreamingVolumeError } from '../base/errors.js';

/**
 * Checks that this package and Cornerstone use one copy of vtk.js. vtk.js counts modifications in a
 * variable of its module (macros.js): with two copies, textures are not uploaded when they change.
 *
 * @throws StreamingVolumeError with code `second-vtk`
 */
export function checkVtkCopy(): void {
  const scalarData = new Uint8Array(1);
  const volume = new ImageVolume({
    volumeId: 'streaming-image-volume-loader:vtk-check',
    imageIds: [],
    metadata: {} as never,
    dimensions: [1, 1, 1],
    spacing: [1, 1, 1],
    origin: [0, 0, 0],
    direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
    dataType: 'Uint8Array',
    voxelManager: utilities.VoxelManager.createScalarVolumeVoxelManager({
      dimensions: [1, 1, 1],
      scalarData,
      numberOfComponents: 1,
    }),
  });
  const theirs = volume.imageData;
  const ours = vtkImageData.newInstance();
  const isOneCopy = theirs !== undefined && sharesModificationCounter(theirs, ours);
  ours.delete();
  volume.destroy();
  if (!isOneCopy) {
    throw new StreamingVolumeError(
      'second-vtk',
      'The bundle has two copies of @kitware/vtk.js. Let @cornerstonejs/core and ' +
        'streaming-image-volume-loader resolve the same one, for example with an alias for ' +
        '@kitware/vtk.js in the bundler.',
    );
  }
}

/** Members of vtk.js's objects that are about modifications. */
export interface Modifiable {
  readonly modified: () => void;
  /** The counter's value at the last modification. */
  readonly getMTime: () => number;
}

/**
 * Whether two objects get their modification times from one counter, so that the later modification
 * of either has the larger time. Modifies both.
 */
export function sharesModificationCounter(a: Modifiable, b: Modifiable): boolean {
  const times = [a, b, a].map((object) => {
    object.modified();
    return object.getMTime();
  });
  // Two whole numbers of a's own counter that follow each other have no room for one of b's.
  return times.every((time, i) => i === 0 || time > (times[i - 1] as number));
}
