import { eventTarget, setUseCPURendering } from '@cornerstonejs/core';
import { VOLUME_WIDENED } from '../../src/index.js';
import type { SyntheticSeriesOptions } from '../support/SyntheticSeries.js';
import { until } from '../support/until.js';
import { startDrawing, stopDrawing } from './support/drawing.js';
import { GREY, GREY_RANGE, heldVolume, isGrey } from './support/heldVolume.js';
import { createEngine, showPlanarNext, showPlane } from './support/Pane.js';
import type { OrthographicViewport, Pane } from './support/Pane.js';
import { SIZE, slicePixels, worldOf } from './support/solidSeries.js';

/** The slice that does not fit, and those that show nothing of it, also where they are interpolated. */
const LATE = 10;
const OTHERS = Array.from({ length: SIZE[2] }, (_, slice) => slice).filter(
  (slice) => slice !== LATE,
);
const LAST = SIZE.map((size) => size - 1) as [number, number, number];

interface Kind {
  readonly series: Partial<SyntheticSeriesOptions>;
  readonly from: string;
  readonly to: string;
}

/** One voxel in a corner is too much for the type; the others are {@link GREY}. */
const pixelsOf =
  (grey: number, tooMuch: number) =>
  (slice: number): Uint16Array =>
    slicePixels(Uint16Array, slice, (column, row) =>
      slice === LATE && column === 0 && row === 0 ? tooMuch : grey,
    );

const KINDS: Readonly<Record<string, Kind>> = {
  'whose texture has floats already': {
    series: { intercept: () => -1024, pixels: pixelsOf(GREY + 1024, 60000) },
    from: 'Int16Array',
    to: 'Uint16Array',
  },
  'whose texture becomes one of floats': {
    series: { extremes: () => [0, 255], pixels: pixelsOf(GREY, 1000) },
    from: 'Uint8Array',
    to: 'Uint16Array',
  },
};

function shows(pane: Pane, firstSlice: number, lastSlice: number): boolean {
  const area = pane.areaBetween(
    worldOf([0, 0, firstSlice]),
    worldOf([LAST[0], LAST[1], lastSlice]),
    2,
  );
  const greys = [...pane.picture().greys(area)];
  return greys.length > 0 && greys.every(isGrey);
}

const showsOthers = (pane: Pane): boolean =>
  shows(pane, 0, LATE - 2) && shows(pane, LATE + 2, LAST[2]);

describe('A volume that widens while it is shown,', () => {
  beforeEach(() => {
    startDrawing();
  });

  afterEach(() => {
    setUseCPURendering(false, false);
    stopDrawing();
  });

  for (const [name, { series, from, to }] of Object.entries(KINDS)) {
    const show = async (open: (volume: never) => Promise<Pane[]>) => {
      // One slice in each render, where nothing else is asked for.
      const held = await heldVolume({ uploadBudgetMs: 0, renderIntervalMs: 0 }, series);
      const panes = await open(held.volume as never);
      void held.volume.load();
      await held.arrive(OTHERS);
      await until(() => panes.every(showsOthers));
      expect(panes.map(showsOthers)).toEqual(panes.map(() => true));
      expect(held.volume.dataType as string).toBe(from);
      return { ...held, panes };
    };

    it(`${name}, shows in the next render all that it has shown`, async () => {
      const { volume, arrive, panes } = await show(async (shown) => [
        await showPlane(shown, 'sagittal', GREY_RANGE),
      ]);
      const [pane] = panes as [Pane<OrthographicViewport>];
      let next: Promise<boolean> | undefined;
      const onWidened = (): void => {
        next = pane.nextRender().then(() => showsOthers(pane));
      };
      eventTarget.addEventListener(VOLUME_WIDENED, onWidened);
      await arrive([LATE]);
      eventTarget.removeEventListener(VOLUME_WIDENED, onWidened);
      expect(await next).toBeTrue();
      expect(volume.dataType as string).toBe(to);
      await pane.renderAll(volume);
      // The middle of the volume is grey in the late slice too.
      expect(shows(pane, LATE - 1, LATE + 1)).toBeTrue();
    });

    it(`${name}, shows it in each window`, async () => {
      const { volume, arrive, panes } = await show(async (shown) => {
        const first = await showPlane(shown, 'coronal', GREY_RANGE);
        const second = await showPlane(shown, 'sagittal', GREY_RANGE, createEngine());
        return [first, second];
      });
      await arrive([LATE]);
      expect(volume.dataType as string).toBe(to);
      for (const pane of panes) {
        await pane.renderAll(volume);
        expect(shows(pane, 1, LAST[2] - 1)).toBeTrue();
      }
    });

    for (const isCpu of [false, true]) {
      it(`${name}, shows it in a generic viewport drawn by the ${isCpu ? 'CPU' : 'GPU'}`, async () => {
        setUseCPURendering(isCpu);
        const { volume, arrive, panes } = await show(async (shown) => [
          await showPlanarNext(shown, 'sagittal', GREY_RANGE),
        ]);
        const [pane] = panes as [Pane];
        await arrive([LATE]);
        expect(volume.dataType as string).toBe(to);
        await until(() => shows(pane, 0, LAST[2]));
        expect(shows(pane, 0, LAST[2])).toBeTrue();
        // The voxel that did not fit is white, in a corner of the slice.
        expect(volume.voxelManager?.getAtIJK(0, 0, LATE)).toBeGreaterThan(255);
      });
    }
  }

  it('uploads nothing again that is in a texture of floats', async () => {
    const { series } = KINDS['whose texture has floats already'] as Kind;
    const { volume, arrive } = await heldVolume({}, series);
    const pane = await showPlane(volume, 'sagittal', GREY_RANGE);
    void volume.load();
    await arrive(OTHERS);
    await pane.renderAll(volume);
    const upload = spyOn(WebGL2RenderingContext.prototype, 'texSubImage3D').and.callThrough();
    await arrive([LATE]);
    await pane.renderAll(volume);
    expect(upload).toHaveBeenCalledTimes(1);
    expect(shows(pane, 0, LAST[2])).toBeTrue();
  });
});
