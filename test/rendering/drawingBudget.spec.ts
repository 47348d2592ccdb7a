import { Enums, getConfiguration, getRenderingEngine, setConfiguration } from '@cornerstonejs/core';
import type { RenderingEngine } from '@cornerstonejs/core';
import type {
  CreateVolumeOptions,
  FrameTraceDetail,
  StreamingImageVolume,
} from '../../src/index.js';
import { createVolume } from '../support/createVolume.js';
import { until } from '../support/until.js';
import { startDrawing, stopDrawing } from './support/drawing.js';
import { GREY_RANGE, heldVolume, isGrey } from './support/heldVolume.js';
import { createEngine, Pane, showPlane } from './support/Pane.js';
import { SIZE, solidSeries } from './support/solidSeries.js';

const ALL = Array.from({ length: SIZE[2] }, (_, slice) => slice);
/** The slice that an axial viewport opens at, and one that it does not show. */
const [MIDDLE, OTHER] = [SIZE[2] / 2, 1];
/** Slices between which no gap is large; the axial viewport shows none of them. */
const SPREAD = ALL.filter((slice) => slice % 4 === 0 && slice !== 0);
/** So little that after its first picture a viewport waits for weeks. */
const ALMOST_NOTHING = 1e-9;

describe('While a volume loads', () => {
  beforeEach(() => {
    startDrawing();
  });

  afterEach(() => {
    performance.clearMeasures();
    stopDrawing();
  });

  const options: Partial<CreateVolumeOptions> = {
    renderShare: ALMOST_NOTHING,
    renderIntervalMs: 0,
    uploadBudgetMs: 0,
    trace: true,
  };

  /** Renders that are requested in an engine, as the viewports of each. */
  function spyOnRenders({ id }: RenderingEngine): () => string[] {
    // The registry has what is behind the RenderingEngine that applications hold.
    const engine = getRenderingEngine(id) as RenderingEngine;
    const renders = spyOn(engine, 'renderViewports').and.callThrough();
    return () => renders.calls.allArgs().flat(2);
  }

  /** A render that is measured by now would be followed by the next one, if that were due. */
  async function measured(): Promise<void> {
    for (let frame = 0; frame < 10; frame++) {
      await new Promise(requestAnimationFrame);
    }
  }

  for (const kind of [
    'a plane across the slices',
    'a plane across the slices, in an engine for tiles,',
    'a volume in 3D',
  ] as const) {
    it(`${kind} is drawn with the first frame, without large gaps, within its share, and with the last one at once`, async () => {
      if (kind.includes('tiles')) {
        const configuration = getConfiguration();
        const renderingEngineMode = Enums.RenderingEngineModeEnum.Tiled;
        const rendering = { ...configuration.rendering, renderingEngineMode };
        setConfiguration({ ...configuration, rendering });
      }
      const { volume, arrive } = await heldVolume(options);
      const engine = createEngine();
      const pane = await show(kind, volume, engine);
      await pane.render();
      const renders = spyOnRenders(engine);
      const loaded = volume.load();
      await arrive([OTHER]);
      await until(() => renders().length === 1);
      await measured();
      await arrive([OTHER + 1]);
      await measured();
      expect(renders()).toEqual([pane.viewport.id]);
      await arrive(SPREAD);
      await until(() => renders().length === 2);
      await measured();
      // Each of them asks for a render, and so do the slices that are not uploaded.
      await arrive(ALL.slice(3, -1).filter((slice) => !SPREAD.includes(slice)));
      await measured();
      expect(renders()).toEqual([pane.viewport.id, pane.viewport.id]);
      await arrive([0, ALL.at(-1) as number]);
      await loaded;
      await until(() => drawnSlices(volume.volumeId).length === ALL.length);
      expect(drawnSlices(volume.volumeId).sort((a, b) => a - b)).toEqual(ALL);
      if (kind !== 'a volume in 3D') {
        const { width, height } = pane.picture();
        await until(() => isGrey(pane.picture().grey(width / 2, height / 2)));
      }
    });
  }

  it('a slice on screen is drawn at once in the viewport that shows it', async () => {
    const { volume, arrive } = await heldVolume(options);
    const engine = createEngine();
    const axial = await showPlane(volume, 'axial', GREY_RANGE, engine);
    const sagittal = await showPlane(volume, 'sagittal', GREY_RANGE, engine);
    await axial.render();
    const renders = spyOnRenders(engine);
    void volume.load();
    await arrive([OTHER]);
    await until(() => renders().length === 2);
    await measured();
    await arrive(SPREAD);
    await until(() => renders().length === 4);
    await measured();
    await arrive([OTHER + 1]);
    await measured();
    const before = [axial.viewport.id, sagittal.viewport.id];
    expect(renders()).toEqual([...before, ...before]);
    await arrive([MIDDLE]);
    await until(() => renders().length > 4);
    await measured();
    const { width, height } = axial.picture();
    // Between this slice and the next one, which is not there.
    expect(axial.picture().grey(width / 2, height / 2)).toBeGreaterThan(0);
    expect(renders()).toEqual([...before, ...before, axial.viewport.id]);
    volume.cancelLoading();
  });

  it('what a person does is drawn, with the frames that are there', async () => {
    const { volume, arrive } = await heldVolume({ ...options, uploadBudgetMs: 1000 });
    const pane = await showPlane(volume, 'sagittal', GREY_RANGE);
    await pane.render();
    void volume.load();
    await arrive([OTHER]);
    await pane.nextRender();
    await measured();
    await arrive(ALL.slice(2));
    const { width, height } = pane.picture();
    const picture = await pane.render();
    expect(isGrey(picture.grey(width / 2, height / 2))).toBeTrue();
    volume.cancelLoading();
  });

  it('a volume may have all the time', async () => {
    const series = solidSeries();
    const volume = await createVolume(series.imageIds, { ...options, renderShare: 1 });
    const pane = await showPlane(volume, 'sagittal', GREY_RANGE);
    await pane.render();
    await volume.load();
    await until(() => drawnSlices(volume.volumeId).length === ALL.length);
    expect(drawnSlices(volume.volumeId).sort((a, b) => a - b)).toEqual(ALL);
  });
});

async function show(
  kind: string,
  volume: StreamingImageVolume,
  engine: RenderingEngine,
): Promise<Pane> {
  if (kind !== 'a volume in 3D') {
    return showPlane(volume, 'sagittal', GREY_RANGE, engine);
  }
  const pane = new Pane(Enums.ViewportType.VOLUME_3D, { engine });
  const viewport = pane.viewport as unknown as {
    setVolumes(volumes: { volumeId: string }[]): Promise<void>;
  };
  await viewport.setVolumes([{ volumeId: volume.volumeId }]);
  return pane;
}

/** The slices that the trace of a volume says were uploaded for a render. */
function drawnSlices(volumeId: string): number[] {
  return performance
    .getEntriesByName('streaming-volume:drawn')
    .map((entry) => (entry as PerformanceMeasure).detail as FrameTraceDetail)
    .filter((detail) => detail.volumeId === volumeId)
    .map(({ sliceIndex }) => sliceIndex);
}
