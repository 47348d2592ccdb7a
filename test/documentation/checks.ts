import { cache, Enums, eventTarget, RenderingEngine, volumeLoader } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import { createElement, StrictMode } from 'react';
import type { ComponentType } from 'react';
import { createRoot } from 'react-dom/client';
import {
  createStreamingVolume,
  DYNAMIC_VOLUME_SCHEME,
  isStreamingDynamicImageVolume,
  isStreamingImageVolume,
} from 'streaming-image-volume-loader';
import type {
  StreamingDynamicImageVolume,
  StreamingImageVolume,
} from 'streaming-image-volume-loader';
import type { CheckedPage } from './CheckedPage.js';

/** Runs a code block as an application would, and throws unless that has done what its text says. */
type Check = (page: CheckedPage) => Promise<void>;

/** By the name in the comment before the code block. */
export const checks: Readonly<Record<string, Check>> = {
  'first-volume': async (page) => {
    // Of files, whose headers are fetched: dicom-image-loader's init() forgets metadata.
    const imageIds = (await page.imageIds()).map((imageId) => {
      const [, instance] = /instances\/([^/]+)/.exec(imageId) ?? [];
      return `wadouri:${location.origin}/files/${instance}`;
    });
    Object.assign(globalThis, { imageIds });
    await page.runBlock();
    const volume: unknown = cache.getVolume('cornerstoneStreamingImageVolume:my-ct');
    if (!isStreamingImageVolume(volume)) {
      throw new Error('The volume is not in the cache');
    }
    page.equal('frames loaded', volume.framesLoaded, page.facts.slices);
    page.checkVoxels(volume.getScalarData());
  },

  'react-progress': async (page) => {
    const { LoadProgress } = (await page.runBlock()) as {
      LoadProgress: ComponentType<{ volume: StreamingImageVolume }>;
    };
    const volume = await page.createVolume();
    const container = document.body.appendChild(document.createElement('div'));
    const root = createRoot(container);
    root.render(createElement(LoadProgress, { volume }));
    const untilShown = (count: number): Promise<void> =>
      page.until(`${count} frames are shown`, () => {
        const bar = container.querySelector('progress');
        return bar?.value === count && bar.max === page.facts.slices;
      });
    await untilShown(0);
    await page.holdFrames();
    const loading = volume.load();
    await page.until('frames are requested', async () => (await page.requestedFrames()) >= 2);
    await page.releaseFrames(2);
    await untilShown(2);
    await page.serveFrames();
    await loading;
    await untilShown(page.facts.slices);
    page.equal('failed frames in the text', /failed/.test(container.textContent ?? ''), false);

    // All that is left of a load may fail: nothing but the number of failed frames changes then.
    cache.removeVolumeLoadObject(volume.volumeId);
    const failing = await page.createVolume();
    root.render(createElement(LoadProgress, { volume: failing }));
    await untilShown(0);
    await page.failFrames(page.facts.slices);
    await failing.load();
    const failed = `${page.facts.slices} failed`;
    await page.until(`${failed} is shown`, () => (container.textContent ?? '').includes(failed));
  },

  'react-hook': async (page) => {
    const { useStreamingVolume } = (await page.runBlock()) as {
      useStreamingVolume: (
        volumeId: string,
        imageIds: readonly string[],
      ) => { volume?: StreamingImageVolume; error?: Error };
    };
    page.start();
    const imageIds = await page.imageIds();
    const Series = (): string => {
      const { volume, error } = useStreamingVolume('cornerstoneStreamingImageVolume:a', imageIds);
      return error?.message ?? volume?.volumeId ?? 'none';
    };
    await page.holdFrames();
    const container = document.body.appendChild(document.createElement('div'));
    const root = createRoot(container);
    root.render(createElement(StrictMode, undefined, createElement(Series)));
    await page.until('the volume is shown', () => (container.textContent ?? '').endsWith(':a'));
    await page.until('frames are requested', async () => (await page.requestedFrames()) >= 2);
    page.checkCache(1);
    root.unmount();
    await page.until('no request is left', async () => (await page.requestsInFlight()) === 0);
    page.checkCache(0);
  },

  abort: async (page) => {
    const { loadWhileShown } = (await page.runBlock()) as {
      loadWhileShown: (volume: StreamingImageVolume) => () => void;
    };
    const volume = await page.createVolume();
    await page.holdFrames();
    const leave = loadWhileShown(volume);
    await page.until('frames are requested', async () => (await page.requestedFrames()) >= 2);
    await page.releaseFrames(2);
    await page.until('two frames are there', () => volume.framesLoaded === 2);
    leave();
    await page.until('no request is left', async () => (await page.requestsInFlight()) === 0);
    page.equal('failed frames', volume.failedFrames.length, 0);
    page.equal('frames that are kept', volume.framesLoaded, 2);
    await page.serveFrames();
    const requested = await page.requestedFrames();
    loadWhileShown(volume);
    await page.until('all frames are there', () => volume.framesLoaded === page.facts.slices);
    const again = (await page.requestedFrames()) - requested;
    page.equal('frames requested by the second load', again, page.facts.slices - 2);
    page.checkVoxels(volume.getScalarData());

    // A removal cancels the load too, without a rejection that nobody handles.
    cache.removeVolumeLoadObject(volume.volumeId);
    const removed = await page.createVolume();
    await page.holdFrames();
    loadWhileShown(removed);
    await page.until('frames are requested', async () => (await page.requestsInFlight()) > 0);
    cache.removeVolumeLoadObject(removed.volumeId);
    await page.until('no request is left', async () => (await page.requestsInFlight()) === 0);
  },

  retry: async (page) => {
    const { loadWithRetryButton } = (await page.runBlock()) as {
      loadWithRetryButton: (
        volume: StreamingImageVolume,
        button: HTMLButtonElement,
        tell: (text: string) => void,
      ) => () => void;
    };
    const volume = await page.createVolume();
    const button = document.body.appendChild(document.createElement('button'));
    let told = '';
    await page.failFrames(3);
    const leave = loadWithRetryButton(volume, button, (text) => {
      told = text;
    });
    page.equal('the button is hidden', button.hidden, true);
    await page.until('the button is shown', () => !button.hidden);
    page.equal('failed frames', volume.failedFrames.length, 3);
    for (const { error } of volume.failedFrames) {
      page.equal('the text names the error', told.includes(error.message), true);
    }
    button.click();
    await page.until('nothing has failed', () => volume.failedFrames.length === 0 && told === '');
    page.equal('the button is hidden', button.hidden, true);
    page.checkVoxels(volume.getScalarData());
    leave();
    cache.removeVolumeLoadObject(volume.volumeId);

    const cancelled = await page.createVolume();
    await page.holdFrames();
    const leaveCancelled = loadWithRetryButton(cancelled, button, (text) => {
      told = text;
    });
    await page.until('frames are requested', async () => (await page.requestsInFlight()) > 0);
    cancelled.cancelLoading();
    await page.until('the button is shown', () => !button.hidden);
    page.equal('the text after a cancel', told, 'Cancelled');
    await page.until('no request is left', async () => (await page.requestsInFlight()) === 0);
    button.click();
    await page.until('frames are requested', async () => (await page.requestsInFlight()) > 0);
    leaveCancelled();
    // The load rejects, which is nobody's concern any more.
    cache.removeVolumeLoadObject(cancelled.volumeId);
    const requested = await page.requestedFrames();
    button.click();
    await page.serveFrames();
    await page.until('no request is left', async () => (await page.requestsInFlight()) === 0);
    page.equal('frames requested after the end', await page.requestedFrames(), requested);
    page.equal('the button is hidden', button.hidden, true);
  },

  prefetch: async (page) => {
    const { prefetchNext } = (await page.runBlock()) as {
      prefetchNext: (imageIds: string[], signal: AbortSignal) => Promise<unknown>;
    };
    page.start();
    const imageIds = await page.imageIds();
    await prefetchNext(imageIds, new AbortController().signal);
    page.equal('frames prefetched', await page.requestedFrames(), page.facts.slices);
    page.checkCache(1);
    const opened = await createStreamingVolume('cornerstoneStreamingImageVolume:opened', {
      imageIds,
    });
    await opened.load();
    page.equal('frames requested in all', await page.requestedFrames(), page.facts.slices);
    page.checkCache(1);
    page.checkVoxels(opened.getScalarData());
  },

  worker: async (page) => {
    const { sendToWorker } = (await page.runBlock()) as {
      sendToWorker: (volume: StreamingImageVolume, worker: Worker) => Promise<void>;
    };
    const volume = await page.createVolume();
    const worker = new Worker(URL.createObjectURL(new Blob([READING_WORKER])));
    const reply = new Promise<MessageEvent<WorkerReply>>((resolve) => {
      worker.addEventListener('message', resolve, { once: true });
    });
    await sendToWorker(volume, worker);
    const { sum, ...geometry } = (await reply).data;
    page.equal('the sum in the worker', sum, page.facts.sumOfVoxels);
    page.equal('the geometry in the worker', geometry, {
      dimensions: volume.dimensions,
      spacing: volume.spacing,
      origin: volume.origin,
      direction: [...volume.direction],
    });
    page.equal('what the worker wrote, in the volume', volume.getScalarData()[7], WRITTEN);
  },

  tensor: async (page) => {
    const { createTensor } = (await page.runBlock()) as {
      createTensor: (
        volumeId: string,
        imageIds: string[],
      ) => Promise<{ type: string; data: Float32Array; dims: readonly number[] }>;
    };
    page.start();
    const volumeId = 'cornerstoneStreamingImageVolume:tensor';
    const { type, data, dims } = await createTensor(volumeId, await page.imageIds());
    const { slices, size } = page.facts;
    page.equal('type and shape', [type, ...dims], ['float32', 1, 1, slices, size, size]);
    page.checkVoxels(data);
    const volume = cache.getVolume(volumeId) as unknown as StreamingImageVolume;
    page.equal('it is a copy', data.buffer !== volume.getScalarData().buffer, false);
  },

  itk: async (page) => {
    const { toItkImage } = (await page.runBlock()) as {
      toItkImage: (volume: StreamingImageVolume) => ItkImage;
    };
    const volume = await page.createVolume();
    await volume.load();
    const { imageType, size, origin, spacing, direction, data } = toItkImage(volume);
    page.equal('type', imageType, {
      dimension: 3,
      componentType: 'int16',
      pixelType: 'Scalar',
      components: 1,
    });
    page.equal('size', size, volume.dimensions);
    page.equal('it is a copy', data !== volume.getScalarData(), false);
    const index = [3, 5, 7] as const;
    const place = [0, 1, 2].map((row) =>
      index.reduce(
        (sum, at, axis) => sum + (direction[3 * row + axis] ?? 0) * at * (spacing[axis] ?? 0),
        origin[row] ?? 0,
      ),
    );
    const expected = volume.imageData?.indexToWorld([...index]) ?? [];
    const round = (values: ArrayLike<number>): number[] =>
      Array.from(values, (value) => Math.round(value * 1000) / 1000 + 0);
    page.equal('where voxel 3, 5, 7 is', round(place), round(expected));
  },

  fusion: async (page) => {
    const { fuse } = (await page.runBlock()) as {
      fuse: (
        renderingEngine: RenderingEngine,
        viewportId: string,
        series: { ct: string[]; pet: string[] },
      ) => Promise<{ failed: unknown[] }[]>;
    };
    page.start();
    const element = document.body.appendChild(document.createElement('div'));
    element.style.cssText = 'width: 128px; height: 128px';
    const engine = new RenderingEngine('engine');
    const viewportId = 'axial';
    engine.enableElement({
      viewportId,
      element,
      type: Enums.ViewportType.ORTHOGRAPHIC,
      defaultOptions: { orientation: Enums.OrientationAxis.AXIAL },
    });
    const [ct, pet] = [await page.imageIds('CT'), await page.imageIds('PT')];
    const results = await fuse(engine, viewportId, { ct, pet });
    page.equal(
      'failed frames',
      results.flatMap(({ failed }) => failed),
      [],
    );
    page.checkCache(2);
    const viewport = engine.getViewport<Types.IVolumeViewport>(viewportId);
    page.equal('volumes in the viewport', viewport.getActors().length, 2);
    await page.until('the picture has colours', () => coloured(element) > 0.02);
  },

  play: async (page) => {
    const { play } = (await page.runBlock()) as {
      play: (volume: StreamingDynamicImageVolume, picturesPerSecond: number) => () => void;
    };
    page.start();
    const volumeId = `${DYNAMIC_VOLUME_SCHEME}:played`;
    const imageIds = await page.imageIds('MR');
    const volume: unknown = await volumeLoader.createAndCacheVolume(volumeId, { imageIds });
    if (!isStreamingDynamicImageVolume(volume)) {
      throw new Error('The volume has no time points');
    }
    const shown: number[] = [];
    eventTarget.addEventListener(Enums.Events.DYNAMIC_VOLUME_DIMENSION_GROUP_CHANGED, () => {
      shown.push(volume.dimensionGroupNumber);
    });
    const { timePoints } = page.facts;
    const stop = play(volume, 1000 / PLAY_INTERVAL_MS);
    await page.until('it begins anew', () => shown.length > timePoints);
    await page.until(
      'all time points are there',
      () => volume.progress.framesLoaded === volume.imageIds.length,
    );
    stop();
    const count = shown.length;
    page.equal(
      'the order of the time points',
      shown.slice(0, timePoints + 1),
      Array.from({ length: timePoints + 1 }, (_, step) => ((step + 1) % timePoints) + 1),
    );
    // Timers fire in the order of their times.
    await new Promise((resolve) => setTimeout(resolve, 3 * PLAY_INTERVAL_MS));
    page.equal('pictures after the end', shown.length - count, 0);
  },
};

const PLAY_INTERVAL_MS = 20;

/** What the worker writes into the voxels. */
const WRITTEN = 1234;

/** Script of a worker that reads all voxels and writes one. */
const READING_WORKER = `
  onmessage = ({ data: { voxels, ...geometry } }) => {
    const sum = voxels.reduce((before, value) => before + value, 0);
    voxels[7] = ${WRITTEN};
    postMessage({ sum, ...geometry });
  };`;

interface WorkerReply {
  readonly sum: number;
  readonly [geometry: string]: unknown;
}

interface ItkImage {
  readonly imageType: unknown;
  readonly size: readonly number[];
  readonly origin: readonly number[];
  readonly spacing: readonly number[];
  readonly direction: Float64Array;
  readonly data: unknown;
}

/** The part of the pixels of a viewport that are clearly not grey. */
function coloured(element: HTMLElement): number {
  const canvas = element.querySelector('canvas');
  const data = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data;
  let count = 0;
  for (let at = 0; data && at < data.length; at += 4) {
    const rgb = data.subarray(at, at + 3);
    count += Number(Math.max(...rgb) - Math.min(...rgb) > 40);
  }
  return data ? count / (data.length / 4) : 0;
}
