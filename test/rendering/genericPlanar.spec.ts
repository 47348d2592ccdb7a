import { setUseCPURendering } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import { createVolume } from '../support/createVolume.js';
import { until } from '../support/until.js';
import { startDrawing, stopDrawing } from './support/drawing.js';
import { GREY_RANGE, heldVolume, isGrey, LOWER, UPPER } from './support/heldVolume.js';
import { showPlanarNext, showStack } from './support/Pane.js';
import { planeImage, PLANES } from './support/planeImages.js';
import type { PlaneName } from './support/planeImages.js';
import { LEVELS, level, SIZE, solidSeries, worldOf } from './support/solidSeries.js';

const INDEX = 9;
const LAST = SIZE.map((size) => size - 1) as [number, number, number];

for (const isCpu of [false, true]) {
  describe(`A generic planar viewport, drawn by the ${isCpu ? 'CPU' : 'GPU'},`, () => {
    beforeEach(() => {
      startDrawing();
      setUseCPURendering(isCpu);
    });

    afterEach(() => {
      stopDrawing();
    });

    for (const plane of Object.keys(PLANES) as PlaneName[]) {
      it(`shows the same ${plane} slice as a stack viewport`, async () => {
        const voiRange = { lower: 0, upper: LEVELS };
        const volume = await createVolume(solidSeries().imageIds);
        await volume.load();
        const shown = await showPlanarNext(volume, plane, voiRange);
        const sliceWorldPoint = SIZE.map((size) => Math.floor(size / 2));
        sliceWorldPoint[PLANES[plane].axis] = INDEX;
        shown.viewport.setViewState({
          slice: { kind: 'volumePoint', sliceWorldPoint: worldOf(sliceWorldPoint) },
        });
        const ofVolume = await (isCpu ? shown.render() : shown.renderAll(volume));
        const camera = shown.viewport.getResolvedView().toICamera();
        // Stack viewports of the CPU are half a pixel off.
        setUseCPURendering(false, false);
        const imageId = planeImage(plane, INDEX, Uint16Array, level);
        const stack = await showStack(imageId, camera, voiRange);
        const ofStack = await stack.render();
        const area = shown.areaBetween(worldOf([0, 0, 0]), worldOf(LAST), 1);
        const difference = ofVolume.compare(ofStack, area, 2);
        expect(ofStack.greys(area).size).toBeGreaterThan(50);
        expect(difference.pixels).toBeGreaterThan(2000);
        expect(difference.alike).toBeGreaterThan(0.995);
      });
    }

    it('shows the frames that have arrived, then all', async () => {
      const { volume, arrive } = await heldVolume({ standIns: 'none' });
      const pane = await showPlanarNext(volume, 'sagittal', GREY_RANGE);
      const greysBetween = (firstSlice: number, lastSlice: number): number[] => {
        const last: Types.Point3 = worldOf([LAST[0], LAST[1], lastSlice]);
        const area = pane.areaBetween(worldOf([0, 0, firstSlice]), last, 6);
        return [...pane.picture().greys(area)];
      };
      await arrive(UPPER);
      await until(() => greysBetween(UPPER[0] as number, LAST[2]).every(isGrey));
      expect(greysBetween(UPPER[0] as number, LAST[2]).every(isGrey)).toBeTrue();
      expect(greysBetween(0, LOWER.at(-1) as number)).toEqual([0]);
      await arrive(LOWER);
      await until(() => greysBetween(0, LOWER.at(-1) as number).every(isGrey));
      expect(greysBetween(0, LAST[2]).every(isGrey)).toBeTrue();
    });
  });
}
