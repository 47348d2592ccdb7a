import { Enums } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import { until } from '../support/until.js';
import { startDrawing, stopDrawing } from './support/drawing.js';
import { GREY_RANGE, heldVolume, isGrey, LOWER, UPPER } from './support/heldVolume.js';
import { Pane, showPlane } from './support/Pane.js';
import type { Drawable } from './support/Pane.js';
import { SIZE, worldOf } from './support/solidSeries.js';

const LAST = SIZE.map((size) => size - 1) as [number, number, number];

/** Whether these slices are drawn, all of them. */
function shows(pane: Pane, firstSlice: number, lastSlice: number): boolean {
  return greysBetween(pane, firstSlice, lastSlice).every(isGrey);
}

/** Grey values of the slices between two, without the interpolation at the edges. */
function greysBetween(pane: Pane, firstSlice: number, lastSlice: number): number[] {
  const area = pane.areaBetween(
    worldOf([0, 0, firstSlice]),
    worldOf([LAST[0], LAST[1], lastSlice]),
    2,
  );
  return [...pane.picture().greys(area)];
}

describe('A volume that is being loaded without stand-ins', () => {
  beforeEach(() => {
    startDrawing();
  });

  afterEach(() => {
    stopDrawing();
  });

  for (const plane of ['sagittal', 'coronal'] as const) {
    it(`shows the half of a ${plane} plane that has arrived, then all of it`, async () => {
      const { volume, arrive } = await heldVolume({ standIns: 'none' });
      const pane = await showPlane(volume, plane, GREY_RANGE);
      await pane.render();
      expect(greysBetween(pane, 0, LAST[2])).toEqual([0]);
      void volume.load();
      await arrive(UPPER);
      await until(() => shows(pane, UPPER[0] as number, LAST[2]));
      expect(shows(pane, UPPER[0] as number, LAST[2])).toBeTrue();
      expect(greysBetween(pane, 0, LOWER.at(-1) as number)).toEqual([0]);
      await arrive(LOWER);
      await until(() => shows(pane, 0, LOWER.at(-1) as number));
      expect(shows(pane, 0, LAST[2])).toBeTrue();
    });
  }

  it('shows axial slices as soon as they have arrived, and no others', async () => {
    const { volume, arrive } = await heldVolume({ standIns: 'none' });
    const pane = await showPlane(volume, 'axial', GREY_RANGE);
    const slice = 12;
    pane.viewport.jumpToWorld(worldOf([11, 7, slice]));
    await pane.render();
    void volume.load();
    // A renderer samples a little before or behind the slice.
    await arrive([slice - 1, slice, slice + 1]);
    await until(() => shows(pane, slice, slice));
    expect(shows(pane, slice, slice)).toBeTrue();
    pane.viewport.jumpToWorld(worldOf([11, 7, slice - 3]));
    await pane.render();
    expect(greysBetween(pane, slice, slice)).toEqual([0]);
  });

  for (const [look, dress] of [
    ['a preset', (viewport: VolumeViewport3D) => viewport.setProperties({ preset: 'MR-Default' })],
    [
      'the maximum intensity',
      (viewport: VolumeViewport3D) => {
        viewport.setBlendMode(Enums.BlendModes.MAXIMUM_INTENSITY_BLEND);
        viewport.setProperties({ voiRange: GREY_RANGE });
      },
    ],
  ] as const) {
    it(`grows in a 3D viewport with ${look}`, async () => {
      const { volume, arrive } = await heldVolume({ standIns: 'none' });
      const pane = new Pane<VolumeViewport3D>(Enums.ViewportType.VOLUME_3D, {
        plane: 'coronal',
      });
      await pane.viewport.setVolumes([{ volumeId: volume.volumeId }]);
      dress(pane.viewport);
      pane.viewport.resetCamera();
      const bright = (): number => {
        const picture = pane.picture();
        return picture.count(picture.area, (grey) => grey > 20);
      };
      await pane.render();
      expect(bright()).toBe(0);
      void volume.load();
      await arrive(UPPER);
      await until(() => bright() > 500);
      await pane.renderAll(volume);
      const half = bright();
      await arrive(LOWER);
      await until(() => bright() > half * 1.5);
      await pane.renderAll(volume);
      expect(bright() / half).toBeGreaterThan(1.8);
      expect(bright() / half).toBeLessThan(2.3);
    });
  }
});

type VolumeViewport3D = Types.IVolumeViewport & Drawable;
