import { Enums } from '@cornerstonejs/core';
import { checkVoxels } from '../checkVoxels.js';
import type { Series } from '../fetchSeries.js';
import type { Measurement } from '../Measurement.js';
import { Picture, VOI_RANGE } from '../Picture.js';
import { PictureRecorder } from '../PictureRecorder.js';
import {
  closeViewport,
  openViewport,
  setVolume,
  unshadedPreset,
  VIEWPORT_3D,
  worldOf,
} from '../viewports.js';
import type { AnyViewport } from '../viewports.js';
import { createVolume, loadVolume } from '../volumes.js';
import type { MeasuredVolume } from '../volumes.js';
import type { Scenario } from './Scenario.js';

const { AXIAL, SAGITTAL, CORONAL } = Enums.OrientationAxis;
const VIEWPORTS = [AXIAL, SAGITTAL, CORONAL, VIEWPORT_3D] as const;
/** Steps of rays in 3D, as a multiple of Cornerstone's default: a few times less work for a processor that draws. */
const COARSE = 3;
/** Bones, like Cornerstone's preset `CT-Bone`. */
const PRESET = unshadedPreset({
  name: 'bones',
  colorTransfer: '16 -1024 0 0 0 100 0.73 0.25 0.3 600 0.9 0.82 0.55 1500 1 1 1',
  scalarOpacity: '8 -1024 0 100 0 600 0.7 1500 0.7',
});
/** Mean difference of the greys of a recognisable picture from its final one, as a part of the window. */
const RECOGNISABLE = 0.05;
/**
 * Most mean difference of the greys of a plane from the voxels: pixels lie between voxels, and edges differ more. That
 * of a black picture is three times as large.
 */
const DRAWN = 0.08;
/** Positions along each axis of a plane where its picture is compared with the voxels. */
const PLACES = 24;

/**
 * From load() until three planes and the volume in 3D are recognisable (`recognisedMs`), and until the last frame is in
 * the volume (`loadMs`).
 */
export const recognisable: Scenario = {
  begin: (series) => recogniseIn(series, { checksPlanes: true }),
  // Its few slices are far from each other in the body, so that pixels between them have other greys.
  warmUp: (series) => recogniseIn(series, { checksPlanes: false }),
};

function recogniseIn(series: Series, { checksPlanes }: { checksPlanes: boolean }): Measurement {
  let volume: MeasuredVolume;
  let viewports: AnyViewport[] = [];
  return {
    prepare: async () => {
      volume = await createVolume(series);
    },
    measure: async () => {
      const start = performance.now();
      const loaded = loadVolume(volume);
      viewports = await show(volume);
      const recorder = new PictureRecorder(viewports);
      await loaded;
      const loadMs = performance.now() - start;
      await recorder.settle();
      return { recognisedMs: recorder.timeOf(RECOGNISABLE) - start, loadMs };
    },
    verify: async () => {
      await checkVoxels(volume, series);
      for (const viewport of checksPlanes ? viewports : []) {
        if (viewport.id !== VIEWPORT_3D) {
          checkPlane(viewport, volume);
        }
      }
    },
    end: () => viewports.forEach(closeViewport),
  };
}

async function show(volume: MeasuredVolume): Promise<AnyViewport[]> {
  const viewports = VIEWPORTS.map((id) => openViewport(id));
  await setVolume(volume, viewports);
  for (const viewport of viewports) {
    viewport.setProperties(
      viewport.id === VIEWPORT_3D
        ? { preset: PRESET as never, sampleDistanceMultiplier: COARSE }
        : { voiRange: VOI_RANGE },
    );
    if (viewport.id !== VIEWPORT_3D) {
      viewport.jumpToWorld(worldOf(volume, [0.5, 0.5, Math.floor(volume.dimensions[2] / 2)]));
    }
    viewport.render();
  }
  return viewports;
}

/**
 * Compares the picture of a plane through the middle with the voxels.
 *
 * @throws Error when it shows something else
 */
function checkPlane(viewport: AnyViewport, volume: MeasuredVolume): void {
  const { dimensions, voxelManager } = volume;
  const fixed = { [SAGITTAL]: 0, [CORONAL]: 1, [AXIAL]: 2 }[viewport.id] ?? -1;
  const picture = new Picture(viewport);
  let difference = 0;
  for (let place = 0; place < PLACES * PLACES; place++) {
    const along = [place % PLACES, Math.floor(place / PLACES)];
    const [column = 0, row = 0, slice = 0] = dimensions.map((length, axis) =>
      Math.floor(axis === fixed ? length / 2 : (length * ((along.shift() ?? 0) + 0.5)) / PLACES),
    );
    const world = volume.imageData?.indexToWorld([column, row, slice]);
    const value = voxelManager?.getAtIJK(column, row, slice) as number;
    difference += picture.differenceAt(world as [number, number, number], value);
  }
  const mean = difference / PLACES ** 2;
  if (mean > DRAWN) {
    throw new Error(`The ${viewport.id} picture differs from the voxels by ${mean.toFixed(3)}`);
  }
}
