import { withoutQueries } from '../../src/base/withoutQueries.js';
import type { FrameTraceDetail, StreamingImageVolume } from '../../src/index.js';
import { showPlane } from '../rendering/support/Pane.js';
import { startDrawing, stopDrawing } from '../rendering/support/drawing.js';
import { createVolume } from '../support/createVolume.js';
import { dicomText, dicomWebRoot, fetchSeries } from '../support/dicomWebSeries.js';
import { HOOK_SETS, setHooks } from '../support/hookSets.js';
import { karmaFixtures } from '../support/karmaFixtures.js';
import { until } from '../support/until.js';
import { itDraws } from '../support/itDraws.js';

const FORMAT = 'ct-uint12';
const ALL_STEPS = ['queued', 'requested', 'received', 'decoded', 'placed', 'drawn'];

/** The measures of each frame, by imageId, in the order of their starts. */
function measures(): Map<string, PerformanceMeasure[]> {
  const ofFrames = new Map<string, PerformanceMeasure[]>();
  for (const measure of performance.getEntriesByType('measure') as PerformanceMeasure[]) {
    if (measure.name.startsWith('streaming-volume:')) {
      const { imageId } = measure.detail as FrameTraceDetail;
      ofFrames.set(imageId, [...(ofFrames.get(imageId) ?? []), measure]);
    }
  }
  return ofFrames;
}

function stepsOf(imageId: string): string[] {
  return (measures().get(withoutQueries(imageId)) ?? []).map(({ name }) =>
    name.replace('streaming-volume:', ''),
  );
}

/** Expects every step of every frame, one after the other without a gap. */
function expectAllSteps({ imageIds }: StreamingImageVolume): void {
  expect(measures().size).toBe(imageIds.length);
  imageIds.forEach((imageId, sliceIndex) => {
    expect(stepsOf(imageId)).toEqual(ALL_STEPS);
    const steps = measures().get(withoutQueries(imageId)) ?? [];
    steps.forEach(({ startTime, duration, detail }, index) => {
      expect((detail as FrameTraceDetail).sliceIndex).toBe(sliceIndex);
      expect(duration).toBeGreaterThanOrEqual(0);
      const next = steps[index + 1]?.startTime ?? startTime + duration;
      // Clocks of workers are told in fractions of milliseconds, and rounded.
      expect(Math.abs(startTime + duration - next)).toBeLessThan(1);
    });
  });
}

describe('The trace of a volume', () => {
  let takeHooksBack: (() => void) | undefined;

  beforeEach(() => {
    performance.clearMeasures();
    startDrawing();
  });

  afterEach(() => {
    takeHooksBack?.();
    takeHooksBack = undefined;
    stopDrawing();
    performance.clearMeasures();
  });

  async function loadOnScreen(imageIds: readonly string[]): Promise<StreamingImageVolume> {
    const volume = await createVolume(imageIds, { trace: true });
    const pane = await showPlane(volume, 'axial', { lower: 0, upper: 4000 });
    await volume.load();
    await pane.renderAll(volume);
    await until(() => !volume.vtkOpenGLTexture?.hasUpdatedFrames());
    return volume;
  }

  for (const { name, hooks } of HOOK_SETS) {
    itDraws(`has every step of every frame over wadors, with ${name}`, async () => {
      takeHooksBack = setHooks(hooks);
      const { imageIds } = await fetchSeries(dicomWebRoot(`synthetic/${FORMAT}`) as string);
      expectAllSteps(await loadOnScreen(imageIds));
    });
  }

  itDraws('has every step of every frame of files', async () => {
    const { instances } = await fetchSeries(dicomWebRoot(`synthetic/${FORMAT}`) as string);
    const folder = `${String(karmaFixtures['origin'])}/data/synthetic/${FORMAT}/files`;
    const imageIds = instances.map(
      (instance) => `wadouri:${folder}/${dicomText(instance, '00080018')}.dcm?of=trace`,
    );
    expectAllSteps(await loadOnScreen(imageIds));
  });

  it('is off unless it is asked for', async () => {
    const { imageIds } = await fetchSeries(dicomWebRoot(`synthetic/${FORMAT}`) as string);
    const volume = await createVolume(imageIds);
    await volume.load();
    expect(measures().size).toBe(0);
  });
});
