import { Enums, metaData } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import type { CreateVolumeOptions, StreamingImageVolume } from '../../src/index.js';
import type { StreamingTexture } from '../../src/volume/texture/createStreamingTexture.js';
import { createDynamicVolume } from '../support/dynamicSeries.js';
import type { SyntheticSeriesOptions } from '../support/SyntheticSeries.js';
import { until } from '../support/until.js';
import { startDrawing, stopDrawing } from './support/drawing.js';
import { GREY_RANGE, heldVolume } from './support/heldVolume.js';
import { createEngine, Pane, showPlane } from './support/Pane.js';
import type { Drawable } from './support/Pane.js';
import type { PlaneName } from './support/planeImages.js';
import { ORIGIN, SIZE, slicePixels, solidSeries, SPACING, worldOf } from './support/solidSeries.js';

const [COLUMNS, ROWS, SLICES] = SIZE;
/** Each slice has one grey value. */
const greyOf = (slice: number): number => 40 + 10 * slice;
/** What coarse steps of 8 request first. */
const FIRST = [0, 8, 16];
const OTHERS = Array.from({ length: SLICES }, (_, slice) => slice).filter(
  (slice) => !FIRST.includes(slice),
);
/** The nearest of {@link FIRST}, the lower one of two. */
const nearestOf = (slice: number): number => (slice <= 4 ? 0 : slice <= 12 ? 8 : 16);
const SERIES: Partial<SyntheticSeriesOptions> = {
  // A gap in CT is air, far below the values of the slices beside it, which interpolation would darken.
  modality: 'MR',
  pixels: (slice) => slicePixels(Uint16Array, slice, () => greyOf(slice)),
};

/** Grey value of each slice, in the middle of its row of a plane across the slices. */
function greysOf(pane: Pane): Map<number, number> {
  const picture = pane.picture();
  return new Map(
    [...FIRST, ...OTHERS].map((slice) => {
      const [x, y] = pane.viewport.worldToCanvas(worldOf([COLUMNS / 2, ROWS / 2, slice]));
      return [slice, picture.grey(Math.round(x), Math.round(y))];
    }),
  );
}

/**
 * Whether slices are drawn with the grey values of others; undefined for a gap, which is black. A pixel may be a
 * fifth of a slice beside its middle, where the picture is interpolated.
 */
function shows(
  pane: Pane,
  sliceShownFor: (slice: number) => number | undefined,
  greyOfSlice = greyOf,
): boolean {
  const expectedAt = (slice: number): number => {
    const shown = sliceShownFor(Math.min(Math.max(slice, 0), SLICES - 1));
    return shown === undefined ? 0 : greyOfSlice(shown);
  };
  return [...greysOf(pane)].every(([slice, grey]) => {
    const steps = [-1, 1].map((side) => Math.abs(expectedAt(slice + side) - expectedAt(slice)));
    return Math.abs(grey - expectedAt(slice)) <= 2 + 0.2 * Math.max(...steps);
  });
}

const ownSlice = (slice: number): number => slice;
const shownFirst = (slice: number): number | undefined =>
  FIRST.includes(slice) ? slice : undefined;

function heldSlices(options: Partial<CreateVolumeOptions> = {}, more = SERIES) {
  return heldVolume({ retries: 0, ...options }, more);
}

/** A plane across the slices, drawn with {@link FIRST} alone. */
async function showFirst(
  options: Partial<CreateVolumeOptions> = {},
  plane: PlaneName = 'sagittal',
  more = SERIES,
) {
  const held = await heldSlices(options, more);
  const pane = await showPlane(held.volume, plane, GREY_RANGE);
  const loaded = held.volume.load();
  await held.arrive(FIRST);
  await pane.renderAll(held.volume);
  return { ...held, pane, loaded };
}

function spyOnUploads() {
  return spyOn(WebGL2RenderingContext.prototype, 'texSubImage3D').and.callThrough();
}

/** Slices of the texture that were uploaded, in their order. */
function uploadedSlices(uploads: jasmine.Spy): number[] {
  return uploads.calls.allArgs().map((args: unknown[]) => args[4] as number);
}

function standInsOf(volume: StreamingImageVolume): (number | undefined)[] {
  return Array.from({ length: SLICES }, (_, slice) => volume.standInFor(slice));
}

const NONE = new Array<undefined>(SLICES).fill(undefined);

describe('Stand-ins for slices that are to come', () => {
  beforeEach(() => {
    startDrawing();
  });

  afterEach(() => {
    stopDrawing();
  });

  for (const plane of ['sagittal', 'coronal'] as const) {
    it(`are the nearest slices, in a ${plane} plane`, async () => {
      const { volume, pane, arrive, loaded } = await showFirst({}, plane);
      expect(shows(pane, nearestOf)).toBeTrue();
      await arrive(OTHERS);
      await loaded;
      await pane.renderAll(volume);
      expect(shows(pane, ownSlice)).toBeTrue();
      expect(standInsOf(volume)).toEqual(NONE);
    });
  }

  it('fill a 3D picture', async () => {
    const { volume, arrive } = await heldSlices();
    const pane = new Pane<Types.IVolumeViewport & Drawable>(Enums.ViewportType.VOLUME_3D, {
      plane: 'coronal',
    });
    await pane.viewport.setVolumes([{ volumeId: volume.volumeId }]);
    pane.viewport.setBlendMode(Enums.BlendModes.MAXIMUM_INTENSITY_BLEND);
    pane.viewport.setProperties({ voiRange: GREY_RANGE });
    pane.viewport.resetCamera();
    const bright = (): number => {
      const picture = pane.picture();
      return picture.count(picture.area, (grey) => grey > 20);
    };
    void volume.load();
    await arrive(FIRST);
    await pane.renderAll(volume);
    const early = bright();
    await arrive(OTHERS);
    await pane.renderAll(volume);
    expect(early / bright()).toBeGreaterThan(0.95);
  });

  it('are in pictures only: no reader of the volume finds one', async () => {
    const { volume } = await showFirst();
    const data = volume.getScalarData();
    const perSlice = COLUMNS * ROWS;
    for (const slice of OTHERS) {
      const values = data.subarray(slice * perSlice, (slice + 1) * perSlice);
      expect(values.every((value) => value === 0)).toBeTrue();
      expect(volume.voxelManager?.getAtIJK(1, 1, slice) as number).toBe(0);
      expect(volume.frameStates[slice]).toBe('loading');
      expect(volume.frameQualities[slice]).toBeUndefined();
      expect(() => volume.convertToCornerstoneImage(volume.imageIds[slice] as string)).toThrow();
      expect(volume.standInFor(slice)).toBe(nearestOf(slice));
    }
    expect(volume.framesUpdated).toBe(FIRST.length);
    expect(FIRST.map((slice) => volume.standInFor(slice))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('are not there with standIns: none, where each slice is uploaded once', async () => {
    const uploads = spyOnUploads();
    const { volume, pane, arrive } = await showFirst({ standIns: 'none' });
    expect(shows(pane, shownFirst)).toBeTrue();
    expect(standInsOf(volume)).toEqual(NONE);
    await arrive(OTHERS);
    await pane.renderAll(volume);
    expect(uploadedSlices(uploads).sort((a, b) => a - b)).toEqual(
      [...FIRST, ...OTHERS].sort((a, b) => a - b),
    );
  });

  it('are taken away for a frame that fails, at once', async () => {
    const { volume, pane, arrive, fail, loaded } = await showFirst();
    await fail([4, 11]);
    await pane.renderAll(volume);
    const lacks = (slice: number): boolean => slice === 4 || slice === 11;
    expect(shows(pane, (slice) => (lacks(slice) ? undefined : nearestOf(slice)))).toBeTrue();
    await arrive(OTHERS.filter((slice) => !lacks(slice)));
    await loaded;
    await pane.renderAll(volume);
    expect(shows(pane, (slice) => (lacks(slice) ? undefined : slice))).toBeTrue();
    const again = volume.retryFailedFrames();
    await arrive([4, 11]);
    await again;
    await pane.renderAll(volume);
    expect(shows(pane, ownSlice)).toBeTrue();
  });

  it('are taken away when the load is cancelled, without a render of the application', async () => {
    const { volume, pane, arrive, loaded, answerLate } = await showFirst();
    volume.cancelLoading();
    await expectAsync(loaded).toBeRejected();
    await until(() => shows(pane, shownFirst));
    expect(standInsOf(volume)).toEqual(NONE);
    answerLate();
    const again = volume.load();
    await arrive([4]);
    await pane.renderAll(volume);
    expect([2, 3, 5, 6, 7].map((slice) => volume.standInFor(slice))).toEqual([0, 4, 4, 4, 8]);
    await arrive(OTHERS.filter((slice) => slice !== 4));
    await again;
  });

  it('are there for the requests of a load strategy', async () => {
    const { volume, arrive } = await heldSlices();
    const pane = await showPlane(volume, 'sagittal', GREY_RANGE);
    const requests = volume.getImageLoadRequests();
    const run = (slices: readonly number[]): void => {
      for (const { callLoadImage, imageId, imageIdIndex, options } of requests) {
        if (slices.includes(imageIdIndex)) {
          void callLoadImage(imageId, imageIdIndex, options);
        }
      }
    };
    run(FIRST);
    await arrive(FIRST);
    await pane.renderAll(volume);
    expect(shows(pane, nearestOf)).toBeTrue();
    run(OTHERS);
    await arrive(OTHERS);
    await pane.renderAll(volume);
    expect(shows(pane, ownSlice)).toBeTrue();
  });

  it('are not there for frames that nothing requests', async () => {
    const { volume, arrive } = await heldSlices();
    const pane = await showPlane(volume, 'sagittal', GREY_RANGE);
    void volume.getImageLoadObject(8).promise;
    await arrive([8]);
    await pane.renderAll(volume);
    expect(shows(pane, (slice) => (slice === 8 ? 8 : undefined))).toBeTrue();
  });

  it('come after all slices that are there, and not where a render has no time left', async () => {
    const uploads = spyOnUploads();
    const { volume, arrive } = await heldSlices({ uploadBudgetMs: 0 });
    void volume.load();
    await arrive(FIRST);
    const pane = await showPlane(volume, 'sagittal', GREY_RANGE);
    await pane.renderAll(volume);
    const slices = uploadedSlices(uploads);
    expect(slices.slice(0, FIRST.length).sort((a, b) => a - b)).toEqual(FIRST);
    const beside = slices.slice(FIRST.length, FIRST.length + 5);
    expect(beside.sort((a, b) => a - b)).toEqual([1, 7, 9, 15, 17]);
    expect(slices.length).toBe(SLICES);
  });

  it('that another one has replaced before their upload are never uploaded', async () => {
    const uploads = spyOnUploads();
    const { volume, arrive } = await heldSlices();
    void volume.load();
    await arrive([0]);
    await arrive([19]);
    await arrive([10]);
    const pane = await showPlane(volume, 'sagittal', GREY_RANGE);
    await pane.renderAll(volume);
    expect(uploads).toHaveBeenCalledTimes(SLICES);
    expect([4, 6, 14, 15].map((slice) => volume.standInFor(slice))).toEqual([0, 10, 10, 19]);
  });

  it('are in each window', async () => {
    const { volume, arrive } = await heldSlices();
    const panes = [
      await showPlane(volume, 'sagittal', GREY_RANGE),
      await showPlane(volume, 'coronal', GREY_RANGE, createEngine()),
    ] as const;
    void volume.load();
    await arrive(FIRST);
    for (const pane of panes) {
      await pane.renderAll(volume);
      expect(shows(pane, nearestOf)).toBeTrue();
    }
    await arrive(OTHERS);
    for (const pane of panes) {
      await pane.renderAll(volume);
      expect(shows(pane, ownSlice)).toBeTrue();
    }
  });

  it('are there again after the textures were released', async () => {
    const { volume, pane } = await showFirst();
    (volume.vtkOpenGLTexture as unknown as StreamingTexture).releaseGraphicsResources();
    expect(standInsOf(volume)).toEqual(NONE);
    await pane.renderAll(volume);
    expect(shows(pane, nearestOf)).toBeTrue();
  });

  for (const [to, extremes] of [
    ['floats', () => [0, 255]],
    ['floats as before', undefined],
  ] as [string, (() => [number, number]) | undefined][]) {
    it(`stay when the voxels widen and the texture has ${to}`, async () => {
      const widening: Partial<SyntheticSeriesOptions> = {
        ...(extremes ? { extremes } : { intercept: () => -1024 }),
        pixels: (slice) =>
          slicePixels(Uint16Array, slice, (column, row) =>
            slice === 9 && column + row === 0
              ? extremes
                ? 1000
                : 60000
              : greyOf(slice) + (extremes ? 0 : 1024),
          ),
      };
      const { volume, pane, arrive } = await showFirst({}, 'sagittal', widening);
      expect(shows(pane, nearestOf)).toBeTrue();
      const { dataType } = volume;
      await arrive([9]);
      expect(volume.dataType).not.toBe(dataType);
      await pane.renderAll(volume);
      const nearest = (slice: number): number => (slice >= 9 && slice <= 12 ? 9 : nearestOf(slice));
      expect(shows(pane, nearest)).toBeTrue();
    });
  }

  it('have the values of a lender that were changed in place', async () => {
    const { volume, pane } = await showFirst();
    volume.getScalarData().fill(greyOf(3), 8 * COLUMNS * ROWS, 9 * COLUMNS * ROWS);
    volume.modified();
    await pane.renderAll(volume);
    expect(shows(pane, (slice) => (nearestOf(slice) === 8 ? 3 : nearestOf(slice)))).toBeTrue();
  });

  it('leave the replicas of a retrieve configuration as they are', async () => {
    const nearbyFrames = [{ offset: 7, imageQualityStatus: 1 }];
    const configuration = { stages: [{ id: 'first', positions: FIRST, nearbyFrames }] };
    const provider = (type: string, query: unknown): unknown =>
      type === 'imageRetrieveConfiguration' && query === 'volume' ? configuration : undefined;
    metaData.addProvider(provider, 10000);
    // A slice in flight gets no replica.
    const { volume, pane } = await showFirst({ maxInFlight: FIRST.length });
    metaData.removeProvider(provider);
    // Slices 7 and 15 have replicas of 0 and 8 in the array; 8 and 16 would be nearer.
    expect(shows(pane, (slice) => ({ 7: 0, 15: 8 })[slice] ?? nearestOf(slice))).toBeTrue();
    expect([6, 7, 15].map((slice) => volume.standInFor(slice))).toEqual([8, undefined, undefined]);
  });

  it('in the plane of the acquisition are told with the slice that they stand for', async () => {
    const { volume, arrive } = await heldSlices();
    const axial = await showPlane(volume, 'axial', GREY_RANGE);
    const sagittal = await showPlane(volume, 'sagittal', GREY_RANGE);
    const told: unknown[] = [];
    axial.element.addEventListener(Enums.Events.IMAGE_RENDERED, () => {
      told.push(volume.standInOnScreen(axial.viewport));
    });
    axial.viewport.jumpToWorld(worldOf([11, 7, 11]));
    await axial.render();
    expect(told.at(-1)).toBeUndefined();
    void volume.load();
    await arrive(FIRST);
    await axial.renderAll(volume);
    expect(told.at(-1)).toEqual({ sliceIndex: 11, shownSliceIndex: 8 });
    expect(volume.standInOnScreen(sagittal.viewport)).toBeUndefined();
    await arrive([11]);
    await until(() => told.at(-1) === undefined);
    expect(told.at(-1)).toBeUndefined();
  });

  it('are those of the time point that is shown', async () => {
    const times = 2;
    const greyAt = (time: number, slice: number): number => greyOf(slice) - 30 * time;
    const series = solidSeries({
      count: times * SLICES,
      held: true,
      window: { center: 128, width: 256 },
      position: (slice) => [ORIGIN[0], ORIGIN[1], ORIGIN[2] + SPACING * (slice % SLICES)],
      pixels: (slice) =>
        slicePixels(Uint16Array, slice % SLICES, () =>
          greyAt(Math.floor(slice / SLICES), slice % SLICES),
        ),
      metadata: (type, slice) =>
        type === 'TemporalPositionIdentifier' ? 1 + Math.floor(slice / SLICES) : undefined,
    });
    const volume = await createDynamicVolume(series.imageIds, { maxInFlight: SLICES });
    const pane = await showPlane(volume, 'sagittal', GREY_RANGE);
    const answer = async (time: number, slices: readonly number[]): Promise<void> => {
      const wanted = slices.map((slice) => time * SLICES + slice);
      await until(() => {
        series.answer(...wanted);
        return wanted.every((slice) => volume.frameStates[slice] === 'loaded');
      });
      await pane.renderAll(volume);
    };
    const showsTime = (time: number, sliceShownFor: (slice: number) => number): boolean =>
      shows(pane, sliceShownFor, (slice) => greyAt(time, slice));
    void volume.load();
    await answer(0, FIRST);
    expect(showsTime(0, nearestOf)).toBeTrue();
    volume.dimensionGroupNumber = 2;
    await answer(1, [8]);
    expect(showsTime(1, () => 8)).toBeTrue();
    volume.dimensionGroupNumber = 1;
    await answer(0, [4]);
    expect(volume.standInFor(5)).toBe(4);
    volume.cancelLoading();
  });
});
