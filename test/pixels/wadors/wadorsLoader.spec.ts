import { wadors } from '@cornerstonejs/dicom-image-loader';
import type { DecodedFrame, FrameOptions, ImageLoader } from '../../../src/index.js';
import { createWadorsLoader } from '../../../src/pixels/wadors/wadorsLoader.js';
import { FrameWorkerPool } from '../../../src/pixels/worker/FrameWorkerPool.js';
import { startCornerstone, stopCornerstone } from '../../support/cornerstone.js';
import { dicomWebRoot, fetchSeries, fetchStoredValues } from '../../support/dicomWebSeries.js';
import { frameRequests, resetServer, setFaults } from '../../support/serverControls.js';

const PIXELS = 64 * 48;

describe('The wadors loader, asked twice for a frame at the same time,', () => {
  let imageId: string;
  let stored: Int16Array | Uint16Array;
  let workers: FrameWorkerPool;
  let loader: ImageLoader;

  beforeEach(async () => {
    startCornerstone();
    const { imageIds } = await fetchSeries(dicomWebRoot('synthetic/ct-uint12') as string);
    imageId = imageIds[0] as string;
    stored = await fetchStoredValues(imageId, false);
    workers = new FrameWorkerPool();
    loader = createWadorsLoader(wadors.loadImage, workers);
    await resetServer();
  });

  afterEach(() => {
    workers.close();
    stopCornerstone();
  });

  function load(
    type: 'Uint8Array' | 'Int16Array' | 'Float32Array',
    rescaleSlope: number,
    options: FrameOptions = {},
  ): Promise<DecodedFrame> {
    const { promise } = loader(imageId, {
      skipCreateImage: true,
      targetBuffer: { type, offset: 0, length: PIXELS, rows: 48, columns: 64 },
      preScale: { enabled: true, scalingParameters: { rescaleSlope, rescaleIntercept: 0 } },
      ...options,
    });
    return promise as unknown as Promise<DecodedFrame>;
  }

  const rescaled = (slope: number): number[] => Array.from(stored, (value) => value * slope);

  it('fetches a frame once for requests with the same rescale', async () => {
    const [first, second] = await Promise.all([load('Int16Array', 1), load('Float32Array', 1)]);
    expect(Array.from(first.pixelData)).toEqual(rescaled(1));
    expect(Array.from(second.pixelData)).toEqual(rescaled(1));
    expect(first.range).toEqual({ min: Math.min(...stored), max: Math.max(...stored) });
    expect((await frameRequests()).length).toBe(1);
  });

  it('gives each its own rescale', async () => {
    const [first, second] = await Promise.all([load('Float32Array', 1), load('Float32Array', 0.5)]);
    expect(Array.from(first.pixelData)).toEqual(rescaled(1));
    expect(Array.from(second.pixelData)).toEqual(rescaled(0.5));
  });

  it('does not fail the second because the first has no room for a value', async () => {
    const first = load('Uint8Array', 1);
    const second = load('Int16Array', 1);
    await expectAsync(first).toBeRejectedWith(
      jasmine.objectContaining({ code: 'value-out-of-range', imageIds: [imageId] }),
    );
    expect(Array.from((await second).pixelData)).toEqual(rescaled(1));
  });

  it('fails both when there is no frame', async () => {
    await setFaults([{ match: '/frames/', status: 404 }]);
    const missing = jasmine.objectContaining({ code: 'frame-fetch', status: 404 });
    const [first, second] = [load('Int16Array', 1), load('Int16Array', 1)];
    await expectAsync(first).toBeRejectedWith(missing);
    await expectAsync(second).toBeRejectedWith(missing);
    expect((await frameRequests()).length).toBe(1);
    await resetServer();
  });

  it('writes into the slot of the first request, and gives the second one the same pixels', async () => {
    const slots = [new Int16Array(PIXELS), new Int16Array(PIXELS)];
    const [first, second] = await Promise.all(
      slots.map((slot) => load('Int16Array', 1, { slot })) as [
        Promise<DecodedFrame>,
        Promise<DecodedFrame>,
      ],
    );
    expect(first.inPlace).toBeTrue();
    expect(Array.from(slots[0] as Int16Array)).toEqual(rescaled(1));
    expect(second.inPlace).toBeFalse();
    expect(Array.from(second.pixelData)).toEqual(rescaled(1));
  });

  it('leaves the slot of an aborted request unchanged', async () => {
    const slot = new Int16Array(PIXELS);
    const controller = new AbortController();
    const given = load('Int16Array', 1, { slot, signal: controller.signal });
    const kept = load('Int16Array', 1);
    controller.abort('enough');
    await expectAsync(given).toBeRejectedWith('enough');
    expect(Array.from((await kept).pixelData)).toEqual(rescaled(1));
    expect(slot.every((value) => value === 0)).toBeTrue();
  });

  it('gives stored values to a request without rescale', async () => {
    const frame = await load('Int16Array', 1, { preScale: { enabled: false } });
    expect(frame.scaled).toBeFalse();
    expect(Array.from(frame.pixelData)).toEqual(rescaled(1));
  });
});
