import { cache, Enums, getConfiguration, setConfiguration } from '@cornerstonejs/core';
import type { StreamingImageVolume } from '../../src/index.js';
import { until } from '../support/until.js';
import { startDrawing, stopDrawing } from './support/drawing.js';
import { GREY_RANGE, heldVolume, isGrey, LOWER, UPPER } from './support/heldVolume.js';
import { createEngine, showPlane } from './support/Pane.js';
import type { OrthographicViewport, Pane } from './support/Pane.js';

const ALL = [...LOWER, ...UPPER];
/** Slices that a viewport opens at. */
const INNER = ALL.slice(7, 13);
const OUTER = ALL.filter((slice) => !INNER.includes(slice));

/** Whether the middle of a pane shows the volume. */
function isDrawn(pane: Pane): boolean {
  const picture = pane.picture();
  return isGrey(picture.grey(picture.width / 2, picture.height / 2));
}

describe('Rendering engines', () => {
  let failures: unknown[];
  const noteFailure = (event: Event): void => {
    failures.push((event as PromiseRejectionEvent).reason ?? (event as ErrorEvent).error);
  };

  beforeEach(() => {
    failures = [];
    window.addEventListener('error', noteFailure);
    window.addEventListener('unhandledrejection', noteFailure);
    startDrawing();
  });

  afterEach(() => {
    stopDrawing();
    window.removeEventListener('error', noteFailure);
    window.removeEventListener('unhandledrejection', noteFailure);
  });

  const show = (
    volume: StreamingImageVolume,
    engine = createEngine(),
  ): Promise<Pane<OrthographicViewport>> => showPlane(volume, 'axial', GREY_RANGE, engine);

  it('show one volume, several and each in several viewports, as it fills', async () => {
    const { volume, arrive } = await heldVolume();
    const engine = createEngine();
    const panes = [
      await show(volume, engine),
      await showPlane(volume, 'sagittal', GREY_RANGE, engine),
      await show(volume),
      await showPlane(volume, 'coronal', GREY_RANGE),
    ];
    await Promise.all(panes.map((pane) => pane.render()));
    expect(panes.map(isDrawn)).toEqual([false, false, false, false]);
    void volume.load();
    await arrive(ALL);
    await until(() => panes.every(isDrawn));
    expect(panes.map(isDrawn)).toEqual([true, true, true, true]);
  });

  it('show a volume again after they were destroyed', async () => {
    const { volume, arrive } = await heldVolume();
    const first = await show(volume);
    void volume.load();
    await arrive(INNER);
    await until(() => isDrawn(first));
    first.engine.destroy();
    const second = await show(volume);
    expect(isDrawn(second)).toBeFalse();
    await second.renderAll(volume);
    expect(isDrawn(second)).toBeTrue();
    await arrive(OUTER);
    await second.renderAll(volume);
    expect(isDrawn(second)).toBeTrue();
    expect(failures).toEqual([]);
  });

  for (const moment of ['before', 'during', 'after'] as const) {
    it(`show a volume that they got ${moment} its load`, async () => {
      const { volume, arrive } = await heldVolume();
      const early = moment === 'before' ? await show(volume) : undefined;
      const loaded = volume.load();
      await arrive(LOWER);
      const during = moment === 'during' ? await show(volume) : undefined;
      await arrive(UPPER);
      await loaded;
      const pane = early ?? during ?? (await show(volume));
      if (moment === 'after') {
        await pane.renderAll(volume);
      }
      await until(() => isDrawn(pane));
      expect(isDrawn(pane)).toBeTrue();
    });
  }

  it('follow one volume of two that they show', async () => {
    const [one, other] = [await heldVolume(), await heldVolume()];
    const engine = createEngine();
    const panes = [await show(one.volume, engine), await show(other.volume, engine)] as const;
    await Promise.all(panes.map((pane) => pane.render()));
    void one.volume.load();
    await one.arrive(ALL);
    await until(() => isDrawn(panes[0]));
    await panes[1].render();
    expect(isDrawn(panes[1])).toBeFalse();
  });

  it('draw on one big canvas too', async () => {
    const configuration = getConfiguration();
    const { RenderingEngineModeEnum } = Enums as unknown as {
      RenderingEngineModeEnum?: { Tiled: string };
    };
    const renderingEngineMode = RenderingEngineModeEnum?.Tiled ?? 'tiled';
    setConfiguration({
      ...configuration,
      rendering: { ...configuration.rendering, renderingEngineMode } as never,
    });
    const { volume, arrive } = await heldVolume();
    const engine = createEngine();
    const panes = [
      await show(volume, engine),
      await showPlane(volume, 'sagittal', GREY_RANGE, engine),
    ];
    void volume.load();
    await arrive(ALL);
    await until(() => panes.every(isDrawn));
    expect(panes.map(isDrawn)).toEqual([true, true]);
  });

  it('go on drawing until all slices are on the graphics card', async () => {
    // No time to upload: each render uploads one slice.
    const { volume, arrive } = await heldVolume({ uploadBudgetMs: 0 });
    void volume.load();
    await arrive(ALL);
    const { prototype } = WebGL2RenderingContext;
    const uploads = spyOn(prototype, 'texSubImage3D').and.callThrough();
    const pane = await show(volume);
    await pane.render();
    const texture = volume.vtkOpenGLTexture as { hasUpdatedFrames(): boolean };
    await until(() => !texture.hasUpdatedFrames());
    await until(() => isDrawn(pane));
    expect(isDrawn(pane)).toBeTrue();
    // Each once.
    expect(uploads.calls.count()).toBe(ALL.length);
  });

  for (const isLoading of [true, false]) {
    it(`bear the removal of a volume that is ${isLoading ? 'loading' : 'loaded'}`, async () => {
      const { volume, arrive, answerLate } = await heldVolume();
      const pane = await show(volume);
      const loaded = volume.load();
      await arrive(isLoading ? INNER : ALL);
      await until(() => isDrawn(pane));
      cache.removeVolumeLoadObject(volume.volumeId);
      await pane.render();
      answerLate();
      await (isLoading ? expectAsync(loaded).toBeRejected() : loaded);
      await pane.render();
      const other = await heldVolume();
      const next = await show(other.volume, pane.engine);
      void other.volume.load();
      await other.arrive(ALL);
      await until(() => isDrawn(next));
      expect(failures).toEqual([]);
    });
  }
});
