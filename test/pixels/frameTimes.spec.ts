import { wadors, wadouri } from '@cornerstonejs/dicom-image-loader';
import { prefetchMetadata } from '../../src/index.js';
import type { DecodedFrame, FrameOptions, ImageLoader } from '../../src/index.js';
import { createPart10Loader } from '../../src/pixels/part10/part10Loader.js';
import { createWadorsLoader } from '../../src/pixels/wadors/wadorsLoader.js';
import { FrameWorkerPool } from '../../src/pixels/worker/FrameWorkerPool.js';
import { startCornerstone, stopCornerstone } from '../support/cornerstone.js';
import { dicomText, dicomWebRoot, fetchSeries } from '../support/dicomWebSeries.js';
import { HOOK_SETS, setHooks } from '../support/hookSets.js';
import { karmaFixtures } from '../support/karmaFixtures.js';

const OPTIONS: FrameOptions = {
  skipCreateImage: true,
  targetBuffer: { type: 'Int16Array', offset: 0, length: 64 * 48, rows: 48, columns: 64 },
  preScale: { enabled: true, scalingParameters: { rescaleSlope: 1, rescaleIntercept: 0 } },
};

function epochNow(): number {
  return performance.timeOrigin + performance.now();
}

describe('The times of a frame', () => {
  let workers: FrameWorkerPool;
  let takeHooksBack: () => void;

  beforeEach(() => {
    startCornerstone();
    takeHooksBack = (): void => undefined;
    workers = new FrameWorkerPool();
  });

  afterEach(() => {
    takeHooksBack();
    workers.close();
    stopCornerstone();
  });

  async function wadorsFrame(format: string): Promise<string> {
    const { imageIds } = await fetchSeries(dicomWebRoot(`synthetic/${format}`) as string);
    return imageIds[0] as string;
  }

  async function load(
    loader: ImageLoader,
    imageId: string,
    options: FrameOptions,
  ): Promise<DecodedFrame> {
    return (await loader(imageId, options).promise) as unknown as DecodedFrame;
  }

  async function expectTimes(
    loader: ImageLoader,
    imageId: string,
    options = OPTIONS,
  ): Promise<DecodedFrame> {
    const before = epochNow();
    const frame = await load(loader, imageId, { ...options, trace: true });
    const { requestedAt, receivedAt, decodedAt } = frame.times ?? {};
    const steps = [requestedAt, receivedAt, decodedAt].map((time) => time ?? Number.NaN);
    // The clocks of a page and its workers are rounded, each by itself.
    const all = [before - 1, ...steps, epochNow() + 1];
    expect(all.every((time, i) => i === 0 || time >= (all[i - 1] as number))).toBeTrue();
    expect((await load(loader, imageId, options)).times).toBeUndefined();
    // A request that has ended is shared until the next task.
    await new Promise((resolve) => setTimeout(resolve));
    expect((await load(loader, imageId, options)).times).toBeUndefined();
    return frame;
  }

  const throughWorkers = (): ImageLoader => createWadorsLoader(wadors.loadImage, workers);

  for (const { name, hooks } of HOOK_SETS) {
    it(`come with it over wadors, with ${name}, only where they are asked for`, async () => {
      takeHooksBack = setHooks(hooks);
      await expectTimes(throughWorkers(), await wadorsFrame('ct-uint12'));
    });
  }

  it('come with it where the worker leaves the decoding to the page', async () => {
    const options = { ...OPTIONS, preScale: { enabled: false } };
    const { transport } = await expectTimes(
      throughWorkers(),
      await wadorsFrame('ct-uint12'),
      options,
    );
    expect(transport?.thread).toBe('worker');
  });

  it('come with it where an Image is made of it', async () => {
    const imageId = await wadorsFrame('rgb-uint8');
    const targetBuffer = {
      ...OPTIONS.targetBuffer,
      type: 'Uint8Array',
      length: 64 * 48 * 3,
    } as const;
    await expectTimes(throughWorkers(), imageId, { ...OPTIONS, targetBuffer } as FrameOptions);
  });

  it('come with a frame of a Part 10 file', async () => {
    const { instances } = await fetchSeries(dicomWebRoot('synthetic/ct-uint12') as string);
    const sop = dicomText(instances[0] as (typeof instances)[number], '00080018');
    const files = `${String(karmaFixtures['origin'])}/data/synthetic/ct-uint12/files`;
    const imageId = `wadouri:${files}/${sop}.dcm?of=times`;
    await prefetchMetadata([imageId]);
    await expectTimes(createPart10Loader(wadouri.loadImage, workers), imageId);
  });
});
