import { Enums, setVolumesForViewports, utilities } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import { registerStreamingImageVolumeLoader } from '../../src/index.js';
import { createVolume } from '../support/createVolume.js';
import { slicePixels } from '../support/imageElements.js';
import { overWadors } from '../support/openSeries.js';
import { petSeries, SLOPES } from '../support/petSeries.js';
import type { SyntheticSeries, SyntheticSeriesOptions } from '../support/SyntheticSeries.js';
import { until } from '../support/until.js';
import { startDrawing, stopDrawing } from './support/drawing.js';
import { Pane } from './support/Pane.js';
import type { OrthographicViewport } from './support/Pane.js';
import { SIZE, solidSeries } from './support/solidSeries.js';

const MIDDLE = SIZE[2] / 2;

describe('The window that a volume opens with', () => {
  beforeEach(() => {
    startDrawing();
  });

  afterEach(() => {
    stopDrawing();
  });

  /** A series whose loader is wrapped as those of an application are. */
  function wrappedSeries(options: Partial<SyntheticSeriesOptions>): SyntheticSeries {
    const series = solidSeries(options);
    registerStreamingImageVolumeLoader({
      imageLoaders: { [series.scheme]: series.load },
    });
    return series;
  }

  function openPane(): Pane<OrthographicViewport> {
    return new Pane<OrthographicViewport>(Enums.ViewportType.ORTHOGRAPHIC, { plane: 'axial' });
  }

  const windowOf = ({ viewport }: Pane<OrthographicViewport>): Types.VOIRange | undefined =>
    viewport.getProperties()?.voiRange;

  it('is that of the headers, without a request', async () => {
    const series = wrappedSeries({ window: { center: 90, width: 60 }, held: true });
    const volume = await createVolume(series.imageIds);
    const pane = openPane();
    await pane.viewport.setVolumes([{ volumeId: volume.volumeId }]);
    const { lower, upper } = utilities.windowLevel.toLowHighRange(60, 90);
    expect(windowOf(pane)).toEqual({ lower, upper });
    expect(series.requests.length).toBe(0);
  });

  it('is the range of the middle slice, which is waited for and requested once', async () => {
    const series = wrappedSeries({ held: true, intercept: () => -1000 });
    const volume = await createVolume(series.imageIds);
    const pane = openPane();
    let isShown = false;
    const setVolume = async (): Promise<void> => {
      await setVolumesForViewports(
        pane.engine,
        [{ volumeId: volume.volumeId }],
        [pane.viewport.id],
      );
      isShown = true;
    };
    const shown = setVolume();
    await until(() => series.requests.length > 0);
    expect(series.requests.map(({ slice }) => slice)).toEqual([MIDDLE]);
    expect(isShown).toBeFalse();
    series.answer(MIDDLE);
    await shown;
    const values = Array.from({ length: SIZE[0] * SIZE[1] }, (_, i) => series.voxel(MIDDLE, i));
    expect(windowOf(pane)).toEqual({ lower: Math.min(...values), upper: Math.max(...values) });
    expect(volume.framesLoaded).toBe(1);
    void volume.load();
    await until(() => {
      series.answer();
      return volume.framesLoaded === SIZE[2];
    });
    expect(series.requests.filter(({ slice }) => slice === MIDDLE).length).toBe(1);
  });

  it('is the same for several viewports that wait together', async () => {
    const series = wrappedSeries({ held: true });
    const volume = await createVolume(series.imageIds);
    const panes = [openPane(), openPane()] as const;
    const shown = panes.map((pane) => pane.viewport.setVolumes([{ volumeId: volume.volumeId }]));
    void volume.load();
    await until(() => series.requests.some(({ slice }) => slice === MIDDLE));
    series.answer(MIDDLE);
    await Promise.all(shown);
    expect(windowOf(panes[0])).toEqual(windowOf(panes[1]));
    expect(windowOf(panes[0])?.upper).toBeGreaterThan(100);
    expect(series.requests.filter(({ slice }) => slice === MIDDLE).length).toBe(1);
  });

  it('is 0 to 5 for PET in SUV', async () => {
    const series = wrappedSeries({ modality: 'PT', suvbw: 0.02 });
    const volume = await createVolume(series.imageIds);
    const pane = openPane();
    await pane.viewport.setVolumes([{ volumeId: volume.volumeId }]);
    expect(volume.isPreScaled).toBeTrue();
    expect(windowOf(pane)).toEqual({ lower: 0, upper: 5 });
  });

  it('is 0 to 5 for PET whose SUV is computed of the headers, and not for Bq/ml', async () => {
    const windows: (Types.VOIRange | undefined)[] = [];
    for (const suv of ['auto', 'off'] as const) {
      const volume = await createVolume(await overWadors(petSeries({})), { suv });
      await volume.load();
      const pane = openPane();
      await pane.viewport.setVolumes([{ volumeId: volume.volumeId }]);
      windows.push(windowOf(pane));
    }
    const middle = slicePixels(2).map((stored) => Math.fround(stored * (SLOPES[2] as number)));
    expect(windows).toEqual([
      { lower: 0, upper: 5 },
      { lower: Math.min(...middle), upper: Math.max(...middle) },
    ]);
  });
});
