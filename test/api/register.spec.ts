import {
  cornerstoneStreamingImageVolumeLoader as builtInVolumeLoader,
  imageLoader,
  volumeLoader,
} from '@cornerstonejs/core';
import {
  registerStreamingImageVolumeLoader,
  StreamingImageVolume,
  unregisterStreamingImageVolumeLoader,
  VOLUME_SCHEME,
} from '../../src/index.js';
import type { ImageLoader, RegisterOptions } from '../../src/index.js';
import { isDecodedFrame } from '../../src/pixels/DecodedFrame.js';
import { newVolumeId, startCornerstone, stopCornerstone } from '../support/cornerstone.js';
import { createVolume } from '../support/createVolume.js';
import { dicomWebRoot, fetchSeries } from '../support/dicomWebSeries.js';
import { SyntheticSeries } from '../support/SyntheticSeries.js';
import { until } from '../support/until.js';

type VolumeLoader = Parameters<typeof volumeLoader.registerVolumeLoader>[1];

let schemeCount = 0;

/** A scheme that nobody has registered a loader for. */
function newScheme(): string {
  schemeCount += 1;
  return `unregistered${schemeCount}`;
}

/** What {@link applicationLoader} says instead of making a volume. */
const REFUSAL = 'the loader of the application was asked';
const applicationLoader = (() => {
  throw new Error(REFUSAL);
}) as VolumeLoader;

describe('registerStreamingImageVolumeLoader', () => {
  let series: SyntheticSeries;
  let unknownBefore: VolumeLoader | undefined;

  beforeEach(() => {
    startCornerstone();
    unregisterStreamingImageVolumeLoader();
    unknownBefore = volumeLoader.registerUnknownVolumeLoader(applicationLoader);
    series = new SyntheticSeries({ count: 4 });
  });

  afterEach(() => {
    unregisterStreamingImageVolumeLoader();
    volumeLoader.registerUnknownVolumeLoader(unknownBefore as VolumeLoader);
    series.dispose();
    stopCornerstone();
  });

  async function expectOurs(volumeId: string): Promise<StreamingImageVolume> {
    const volume = await createVolume(series.imageIds, { volumeId });
    expect(volume).toBeInstanceOf(StreamingImageVolume);
    return volume;
  }

  async function expectApplications(volumeId: string): Promise<void> {
    await expectAsync(createVolume(series.imageIds, { volumeId })).toBeRejectedWithError(REFUSAL);
  }

  it('makes the volumes of its scheme', async () => {
    registerStreamingImageVolumeLoader();
    await expectOurs(`${VOLUME_SCHEME}:own`);
  });

  it('makes volumes whose scheme has no loader, until it is taken back', async () => {
    const scheme = newScheme();
    await expectApplications(`${scheme}:before`);
    registerStreamingImageVolumeLoader();
    await expectOurs(`${scheme}:during`);
    await expectOurs('volumeIdWithoutScheme');
    unregisterStreamingImageVolumeLoader();
    await expectApplications(`${scheme}:after`);
  });

  it('leaves the unknown volume loader alone when told', async () => {
    registerStreamingImageVolumeLoader({ unknownVolumeLoader: false });
    await expectApplications(`${newScheme()}:during`);
    await expectOurs(`${VOLUME_SCHEME}:unknown-loader-kept`);
    unregisterStreamingImageVolumeLoader();
    await expectApplications(`${newScheme()}:after`);
  });

  it('registers the schemes that it is given, and no others', async () => {
    const schemes = [newScheme(), newScheme()];
    registerStreamingImageVolumeLoader({ schemes, unknownVolumeLoader: false });
    await expectOurs(`${schemes[0]}:1`);
    await expectOurs(`${schemes[1]}:1`);
    await expectApplications(`${newScheme()}:1`);
    unregisterStreamingImageVolumeLoader();
    await expectApplications(`${schemes[0]}:2`);
    await expectApplications(`${schemes[1]}:2`);
  });

  it("puts back Cornerstone's own loader of a scheme", async () => {
    const scheme = newScheme();
    volumeLoader.registerVolumeLoader(scheme, builtInVolumeLoader as unknown as VolumeLoader);
    registerStreamingImageVolumeLoader({ schemes: [scheme] });
    await expectOurs(`${scheme}:during`);
    unregisterStreamingImageVolumeLoader();
    const volume = await createVolume(series.imageIds, { volumeId: `${scheme}:after` });
    expect(volume).not.toBeInstanceOf(StreamingImageVolume);
    expect(volume.dimensions).toEqual([5, 3, 4]);
  });

  it('leaves a scheme to the unknown volume loader that it left there before', async () => {
    const scheme = newScheme();
    for (const round of ['first', 'second']) {
      registerStreamingImageVolumeLoader({ schemes: [scheme] });
      await expectOurs(`${scheme}:${round}`);
      unregisterStreamingImageVolumeLoader();
      await expectApplications(`${scheme}:${round}-after`);
    }
  });

  it('replaces an earlier registration, so that one call takes all back', async () => {
    const [first, second] = [newScheme(), newScheme()];
    registerStreamingImageVolumeLoader({ schemes: [first] });
    registerStreamingImageVolumeLoader({ schemes: [second], unknownVolumeLoader: false });
    await expectApplications(`${first}:replaced`);
    await expectOurs(`${second}:during`);
    unregisterStreamingImageVolumeLoader();
    await expectApplications(`${second}:after`);
  });

  it('does not nest when it is registered twice', async () => {
    registerStreamingImageVolumeLoader();
    registerStreamingImageVolumeLoader();
    unregisterStreamingImageVolumeLoader();
    await expectApplications(`${newScheme()}:after`);
    const { imageIds } = await fetchSeries(dicomWebRoot('synthetic/ct-uint12') as string);
    expect(isDecodedFrame(await loadFrame(imageIds[0] as string))).toBeFalse();
  });

  it('takes nothing back that was registered after it was taken back', async () => {
    registerStreamingImageVolumeLoader();
    unregisterStreamingImageVolumeLoader();
    const scheme = newScheme();
    const own = jasmine.createSpy<ImageLoader>('own').and.callFake(series.load);
    imageLoader.registerImageLoader(scheme, own);
    volumeLoader.registerUnknownVolumeLoader(applicationLoader);
    unregisterStreamingImageVolumeLoader();
    await imageLoader.loadImage(`${scheme}:slice/1`);
    expect(own).toHaveBeenCalledTimes(1);
    await expectApplications(`${scheme}:after`);
  });

  it('gives its volume options to every volume, which may have others', async () => {
    registerStreamingImageVolumeLoader({ maxInFlight: 1 });
    const held = new SyntheticSeries({ count: 4, held: true });
    for (const [options, expected] of [
      [{}, 1],
      [{ maxInFlight: 2 }, 2],
    ] as const) {
      held.requests.length = 0;
      const created = await volumeLoader.createAndCacheVolume(newVolumeId(), {
        imageIds: [...held.imageIds],
        ...options,
      });
      const volume = created as unknown as StreamingImageVolume;
      const loaded = volume.load();
      expect(held.requests.length).toBe(expected);
      await until(() => {
        held.answer();
        return volume.framesLoaded === 4;
      });
      await loaded;
      volume.destroy();
    }
    held.dispose();
  });

  describe('image loaders', () => {
    it('give decoded frames of wadors while registered, and Images before and after', async () => {
      const { imageIds } = await fetchSeries(dicomWebRoot('synthetic/ct-uint12') as string);
      const imageId = imageIds[3] as string;
      const isImage = (result: unknown) =>
        typeof (result as { getPixelData?: unknown }).getPixelData === 'function';
      expect(isImage(await loadFrame(imageId))).toBeTrue();
      registerStreamingImageVolumeLoader();
      const frame = await loadFrame(imageId);
      expect(isDecodedFrame(frame)).toBeTrue();
      expect(isImage(frame)).toBeFalse();
      expect(isImage(await imageLoader.loadImage(imageId))).toBeTrue();
      unregisterStreamingImageVolumeLoader();
      expect(isImage(await loadFrame(imageId))).toBeTrue();
    });

    it('are wrapped where an application has its own, and put back', async () => {
      const scheme = newScheme();
      const own = jasmine.createSpy<ImageLoader>('own').and.callFake(series.load);
      registerStreamingImageVolumeLoader({ imageLoaders: { [scheme]: own } });
      expect(isDecodedFrame(await loadFrame(`${scheme}:slice/1`))).toBeTrue();
      expect(own.calls.mostRecent().args[0]).toBe(`${scheme}:slice/1`);
      expect(own.calls.mostRecent().args[1]).not.toEqual(
        jasmine.objectContaining({ skipCreateImage: true }),
      );
      unregisterStreamingImageVolumeLoader();
      expect(isDecodedFrame(await loadFrame(`${scheme}:slice/1`))).toBeFalse();
      expect(own.calls.mostRecent().args[1]).toEqual(
        jasmine.objectContaining({ skipCreateImage: true }),
      );
    });

    it('of an application come instead of those of dicom-image-loader', async () => {
      const own = jasmine.createSpy<ImageLoader>('own').and.callFake(series.load);
      registerStreamingImageVolumeLoader({ imageLoaders: { dicomfile: own } });
      expect(isDecodedFrame(await loadFrame('dicomfile:slice/1'))).toBeTrue();
      expect(own).toHaveBeenCalledTimes(1);
      // An application that gives its own loader gets that one back, as nobody knows another.
      unregisterStreamingImageVolumeLoader();
      await loadFrame('dicomfile:slice/1');
      expect(own).toHaveBeenCalledTimes(2);
      // For the specs that follow: what is taken back next is dicom-image-loader's.
      registerStreamingImageVolumeLoader();
    });
  });

  for (const milliseconds of [0, 2 ** 31 - 1, 2 ** 31, 1e10, Number.MAX_VALUE, Infinity]) {
    it(`takes ${milliseconds} ms for every time`, () => {
      expect(() => {
        registerStreamingImageVolumeLoader({
          retryDelayMs: milliseconds,
          maxRetryDelayMs: milliseconds,
          authRetryDelayMs: milliseconds,
          frameTimeoutMs: milliseconds,
          renderIntervalMs: milliseconds,
          uploadBudgetMs: milliseconds,
        });
      }).not.toThrow();
    });
  }

  for (const [name, options] of [
    ['maxInFlight', { maxInFlight: 0 }],
    ['maxInFlight', { maxInFlight: 1.5 }],
    ['maxInFlight', { maxInFlight: Number.NaN }],
    ['maxInFlight', { maxInFlight: '6' }],
    ['priority', { priority: Number.NaN }],
    ['priority', { priority: 'high' }],
    ['renderIntervalMs', { renderIntervalMs: -1 }],
    ['renderShare', { renderShare: 0 }],
    ['renderShare', { renderShare: -0.25 }],
    ['renderShare', { renderShare: 1.01 }],
    ['renderShare', { renderShare: Number.NaN }],
    ['renderShare', { renderShare: '0.25' }],
    ['uploadBudgetMs', { uploadBudgetMs: '8' }],
    ['retries', { retries: Number.NaN }],
    ['retryDelayMs', { retryDelayMs: '500' }],
    ['maxRetryDelayMs', { maxRetryDelayMs: Number.NaN }],
    ['authRetryDelayMs', { authRetryDelayMs: -Infinity }],
    ['frameTimeoutMs', { frameTimeoutMs: null }],
    ['frameTimeoutMs', { frameTimeoutMs: 1000n }],
    ['publishFrameViews', { publishFrameViews: 1 }],
    ['standIns', { standIns: 'blended' }],
    ['frameWorkers', { frameWorkers: -1 }],
    ['frameWorkers', { frameWorkers: 1.5 }],
    ['frameWorkers', { frameWorkers: true }],
    ['decodeInFrameWorkers', { decodeInFrameWorkers: 1 as never }],
  ] as [string, RegisterOptions][]) {
    it(`refuses ${name} ${String(Object.values(options)[0])}, and changes nothing`, async () => {
      expect(() => {
        registerStreamingImageVolumeLoader(options);
      }).toThrowMatching(
        (error: unknown) => error instanceof TypeError && error.message.includes(name),
      );
      await expectApplications(`${newScheme()}:refused`);
    });
  }
});

/** Asks for a frame as a volume does. */
function loadFrame(imageId: string): Promise<unknown> {
  return imageLoader.loadImage(imageId, {
    skipCreateImage: true,
    preScale: { enabled: false },
    ignoreCache: true,
  } as never);
}
