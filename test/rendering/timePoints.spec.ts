import { utilities } from '@cornerstonejs/tools';
import type { StreamingDynamicImageVolume } from '../../src/index.js';
import { createDynamicVolume } from '../support/dynamicSeries.js';
import { startDrawing, stopDrawing } from './support/drawing.js';
import type { OrthographicViewport, Pane } from './support/Pane.js';
import { createEngine, showPlane } from './support/Pane.js';
import { ORIGIN, SIZE, slicePixels, solidSeries, SPACING, worldOf } from './support/solidSeries.js';

const [, , SLICES] = SIZE;
const MOST_TIMES = 4;
const LAST = SIZE.map((size) => size - 1) as [number, number, number];
const RANGE = { lower: 0, upper: 255 } as const;
/** Each time point has one grey value. */
const greyOf = (time: number): number => 40 + 50 * time;

describe('The texture of a volume of time points', () => {
  beforeEach(() => {
    startDrawing();
  });

  afterEach(() => {
    stopDrawing();
  });

  async function showLoaded({
    times = MOST_TIMES,
    ...more
  }: { times?: number; uploadBudgetMs?: number } = {}) {
    const series = solidSeries({
      count: times * SLICES,
      position: (slice) => [ORIGIN[0], ORIGIN[1], ORIGIN[2] + SPACING * (slice % SLICES)],
      pixels: (slice) =>
        slicePixels(Uint16Array, slice % SLICES, () => greyOf(Math.floor(slice / SLICES))),
      metadata: (type, slice) =>
        type === 'TemporalPositionIdentifier' ? 1 + Math.floor(slice / SLICES) : undefined,
    });
    const volume = await createDynamicVolume(series.imageIds, more);
    await volume.load();
    const pane = await showPlane(volume, 'sagittal', RANGE, createEngine());
    await pane.renderAll(volume);
    return { volume, pane };
  }

  /** Whether all of the volume has the grey of a time point in a pane. */
  function expectGrey(pane: Pane<OrthographicViewport>, time: number): void {
    const area = pane.areaBetween(worldOf([0, 0, 0]), worldOf(LAST), 3);
    for (const grey of pane.picture().greys(area)) {
      expect(Math.abs(grey - greyOf(time)))
        .withContext(`time ${time}: ${grey}`)
        .toBeLessThan(4);
    }
  }

  function spyOnUploads() {
    return spyOn(WebGL2RenderingContext.prototype, 'texSubImage3D').and.callThrough();
  }

  async function show(
    volume: StreamingDynamicImageVolume,
    pane: Pane<OrthographicViewport>,
    time: number,
  ): Promise<void> {
    const rendered = pane.nextRender();
    volume.dimensionGroupNumber = time + 1;
    await rendered;
  }

  it('shows the time point in one picture, without a call of the application', async () => {
    const { volume, pane } = await showLoaded({ uploadBudgetMs: 0 });
    expectGrey(pane, 0);
    for (const time of [1, 3, 2, 0]) {
      await show(volume, pane, time);
      expectGrey(pane, time);
    }
  });

  it('D21: uploads nothing on a switch back, and each time point once', async () => {
    // Of two time points, the one ahead is the one that was shown before.
    const { volume, pane } = await showLoaded({ times: 2 });
    const uploads = spyOnUploads();
    await show(volume, pane, 1);
    expectGrey(pane, 1);
    expect(uploads).toHaveBeenCalledTimes(SLICES);
    await show(volume, pane, 0);
    expectGrey(pane, 0);
    await show(volume, pane, 1);
    expectGrey(pane, 1);
    expect(uploads).toHaveBeenCalledTimes(SLICES);
  });

  it('uploads a slice that has changed meanwhile, and no other one', async () => {
    const { volume, pane } = await showLoaded({ times: 2 });
    await show(volume, pane, 1);
    await show(volume, pane, 0);
    const uploads = spyOnUploads();
    volume.dimensionGroupNumber = 2;
    volume.vtkOpenGLTexture.setUpdatedFrame(3);
    await pane.render();
    expect(uploads).toHaveBeenCalledTimes(1);
  });

  it('uploads the time point ahead between the pictures', async () => {
    const { volume, pane } = await showLoaded();
    const uploads = spyOnUploads();
    await show(volume, pane, 1);
    while (uploads.calls.count() < 2 * SLICES) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
    await show(volume, pane, 2);
    expect(uploads).toHaveBeenCalledTimes(2 * SLICES);
    expectGrey(pane, 2);
  });

  it('is played by playClip of the tools, through all time points', async () => {
    const { volume, pane } = await showLoaded();
    let step: (() => void) | undefined;
    spyOn(window, 'setInterval').and.callFake(((callback: () => void) => {
      step = callback;
      return 1;
    }) as never);
    spyOn(window, 'clearInterval');
    utilities.cine.playClip(pane.element, { framesPerSecond: 10, dynamicCineEnabled: true });
    const shown: number[] = [];
    for (let count = 0; count < 2 * MOST_TIMES; count++) {
      const rendered = pane.nextRender();
      step?.();
      await rendered;
      expectGrey(pane, volume.dimensionGroupNumber - 1);
      shown.push(volume.dimensionGroupNumber);
    }
    expect(shown).toEqual([2, 3, 4, 1, 2, 3, 4, 1]);
    utilities.cine.stopClip(pane.element);
  });

  it('has no texture left after the volume', async () => {
    const { volume, pane } = await showLoaded();
    const created = spyOn(WebGL2RenderingContext.prototype, 'createTexture').and.callThrough();
    const deleted = spyOn(WebGL2RenderingContext.prototype, 'deleteTexture').and.callThrough();
    await show(volume, pane, 1);
    await show(volume, pane, 2);
    const made = created.calls.all().map(({ returnValue }) => returnValue);
    expect(made.length).toBeGreaterThan(1);
    volume.removeFromCache();
    const gone = new Set(deleted.calls.allArgs().map(([texture]) => texture));
    expect(made.filter((texture) => !gone.has(texture))).toEqual([]);
  });
});
