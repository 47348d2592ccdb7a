import {
  cache,
  cornerstoneStreamingImageVolumeLoader as builtInVolumeLoader,
  utilities,
  volumeLoader,
} from '@cornerstonejs/core';
import {
  isStreamingImageVolumeLoaderRegistered,
  registerStreamingImageVolumeLoader,
  StreamingImageVolume,
  unregisterStreamingImageVolumeLoader,
  VOLUME_SCHEME,
} from '../../src/index.js';
import extension, { createExtension, EXTENSION_ID, TEXTS_ID } from '../../src/ohif/index.js';
import type {
  OhifExtension,
  OhifNotification,
  OhifServicesManager,
  OhifTexts,
} from '../../src/ohif/index.js';
import { newVolumeId, startCornerstone, stopCornerstone } from '../support/cornerstone.js';
import { createVolume } from '../support/createVolume.js';
import { SyntheticSeries } from '../support/SyntheticSeries.js';
import { until } from '../support/until.js';

type VolumeLoader = Parameters<typeof volumeLoader.registerVolumeLoader>[1];

const builtIn = builtInVolumeLoader as unknown as VolumeLoader;
const OVERLAYS = '.streaming-image-volume-overlay';

/** OHIF's services, as far as the extension asks for them. */
class Services implements OhifServicesManager {
  readonly shown: OhifNotification[] = [];
  readonly hidden: string[] = [];
  readonly customizations: Record<string, unknown> = {};
  readonly services = {
    uiNotificationService: {
      show: (notification: OhifNotification) => this.shown.push(notification),
      hide: (id: string) => void this.hidden.push(id),
    },
    customizationService: {
      getCustomization: (id: string) => this.customizations[id],
    },
  };
}

describe('The OHIF extension', () => {
  let servicesManager: Services;
  let series: SyntheticSeries;
  let made: OhifExtension;

  beforeEach(() => {
    startCornerstone();
    unregisterStreamingImageVolumeLoader();
    // As OHIF's own extension does.
    volumeLoader.registerVolumeLoader(VOLUME_SCHEME, builtIn);
    spyOn(utilities.logger.cs3dLog.getLogger('streamingImageVolumeLoader'), 'warn');
    servicesManager = new Services();
    series = new SyntheticSeries({ count: 4, held: true });
    made = createExtension();
  });

  afterEach(() => {
    made.onModeExit({ servicesManager });
    // For the specs that follow: the scheme is left to core's own loader otherwise.
    registerStreamingImageVolumeLoader();
    series.dispose();
    stopCornerstone();
  });

  function enter(options?: object): void {
    made.preRegistration({
      servicesManager,
      ...(options && { appConfig: { streamingImageVolumeLoader: options } }),
    });
    made.onModeEnter({ servicesManager });
  }

  async function isOurs(): Promise<boolean> {
    const volume: unknown = await createVolume(series.imageIds, { volumeId: newVolumeId() });
    return volume instanceof StreamingImageVolume;
  }

  it('is the default export, under the name that pluginConfig.json has', () => {
    expect(extension.id).toBe('streaming-image-volume-loader/ohif');
    expect(EXTENSION_ID).toBe(extension.id);
  });

  describe('registers the loader', () => {
    it('with the extension, over those of the extensions before it', async () => {
      made.preRegistration({ servicesManager });
      expect(isStreamingImageVolumeLoaderRegistered()).toBeTrue();
      expect(await isOurs()).toBeTrue();
    });

    it('when a mode is entered, over those that were registered since', async () => {
      made.preRegistration({ servicesManager });
      volumeLoader.registerVolumeLoader(VOLUME_SCHEME, builtIn);
      expect(await isOurs()).toBeFalse();
      made.onModeEnter({ servicesManager });
      expect(await isOurs()).toBeTrue();
    });

    it('until the mode is left, and again in the next', async () => {
      enter();
      made.onModeExit({ servicesManager });
      expect(isStreamingImageVolumeLoaderRegistered()).toBeFalse();
      expect(await isOurs()).toBeFalse();
      made.onModeEnter({ servicesManager });
      expect(await isOurs()).toBeTrue();
    });

    it('not at all when it is off', async () => {
      enter({ enabled: false });
      expect(isStreamingImageVolumeLoaderRegistered()).toBeFalse();
      expect(await isOurs()).toBeFalse();
      made.onModeExit({ servicesManager });
    });
  });

  describe('has options', () => {
    it('of the site, and its own configuration goes before', async () => {
      made.preRegistration({
        servicesManager,
        appConfig: { streamingImageVolumeLoader: { schemes: ['site'], maxInFlight: 3 } },
        configuration: { maxInFlight: 2 },
      });
      const volume = await volumeLoader.createAndCacheVolume('site:1', {
        imageIds: [...series.imageIds],
      });
      void (volume as unknown as StreamingImageVolume).load();
      expect(series.requests.length).toBe(2);
    });

    for (const [options, message] of [
      [{ overlay: 'no' }, 'Expected overlay to be a boolean, got string'],
      [{ enabled: 1 }, 'Expected enabled to be a boolean, got number'],
      [{ notifications: null }, 'Expected notifications to be a boolean, got object'],
      [{ maxInFlight: 0 }, 'Expected maxInFlight to be a positive integer, got 0'],
      [
        'on',
        'Expected streamingImageVolumeLoader of the application configuration to be an object, got string',
      ],
    ] as const) {
      it(`refuses ${JSON.stringify(options)}`, () => {
        expect(() => {
          made.preRegistration({
            servicesManager,
            appConfig: { streamingImageVolumeLoader: options },
          });
        }).toThrowError(TypeError, message);
      });
    }

    it('gives its texts to the customization service, by name', () => {
      const [entry] = made.getCustomizationModule();
      expect(entry?.name).toBe('default');
      expect(Object.keys(entry?.value ?? {})).toEqual([TEXTS_ID]);
    });
  });

  describe('tells of images that failed', () => {
    let volume: StreamingImageVolume;

    async function loadWithFailures(...slices: number[]): Promise<void> {
      volume = await createVolume(series.imageIds, { retries: 0 });
      const loaded = volume.load();
      answerBut(slices);
      await loaded;
    }

    function answerBut(slices: readonly number[]): void {
      for (const request of series.requests.splice(0)) {
        if (slices.includes(request.slice)) {
          request.reject(new Error('there is no such image'));
        } else {
          request.resolve();
        }
      }
    }

    it('once, although they are tried and fail again and again', async () => {
      enter();
      await loadWithFailures(1, 2);
      for (let round = 0; round < 2; round++) {
        await volume.load();
        const tried = volume.retryFailedFrames();
        answerBut([1, 2]);
        expect((await tried).failed.length).toBe(2);
      }
      expect(servicesManager.shown.length).toBe(1);
      const { title, message, type, id } = servicesManager.shown[0] as OhifNotification;
      expect(title).toBe('Images could not be loaded');
      expect(message).toMatch(/^2 of 4 images failed\. .*there is no such image/);
      expect(message).not.toContain(series.scheme);
      expect(type).toBe('error');
      expect(id).toContain(volume.volumeId);
    });

    it('and loads them when the button is pressed; a frame that fails again is notified again', async () => {
      enter();
      await loadWithFailures(1, 2);
      servicesManager.shown[0]?.action.onClick();
      expect(servicesManager.hidden.length).toBe(1);
      expect(new Set(series.requests.map(({ slice }) => slice))).toEqual(new Set([1, 2]));
      answerBut([2]);
      await until(() => servicesManager.shown.length === 2);
      expect(servicesManager.shown[1]?.message).toMatch(/^1 of 4 images failed/);
      servicesManager.shown[1]?.action.onClick();
      answerBut([]);
      await until(() => volume.loadStatus.loaded);
      expect(servicesManager.shown.length).toBe(2);
    });

    it('not of those of a volume without any', async () => {
      enter();
      await loadWithFailures();
      expect(servicesManager.shown).toEqual([]);
    });

    it('not when that is off', async () => {
      enter({ notifications: false });
      await loadWithFailures(0);
      expect(servicesManager.shown).toEqual([]);
    });

    it('and takes it back when the volume goes or the mode is left', async () => {
      enter();
      await loadWithFailures(3);
      cache.removeVolumeLoadObject(volume.volumeId);
      expect(servicesManager.hidden).toEqual([servicesManager.shown[0]?.id as string]);
      await loadWithFailures(3);
      made.onModeExit({ servicesManager });
      expect(servicesManager.hidden[1]).toBe(servicesManager.shown[1]?.id as string);
      registerStreamingImageVolumeLoader();
      await loadWithFailures(3);
      expect(servicesManager.shown.length).toBe(2);
    });

    it("in the site's own words", async () => {
      const texts: Partial<OhifTexts> = {
        failedTitle: 'Bilder fehlen',
        failed: ({ failed, total }) => `${failed} von ${total}`,
      };
      servicesManager.customizations[TEXTS_ID] = texts;
      enter();
      await loadWithFailures(0);
      expect(servicesManager.shown[0]?.title).toBe('Bilder fehlen');
      expect(servicesManager.shown[0]?.message).toMatch(/^1 von 4\. /);
      expect(servicesManager.shown[0]?.action.label).toBe('Retry');
    });
  });

  it('cancels what is loading when the mode is left', async () => {
    enter();
    const volume = await createVolume(series.imageIds);
    const loaded = volume.load();
    made.onModeExit({ servicesManager });
    await expectAsync(loaded).toBeRejectedWith(jasmine.objectContaining({ name: 'AbortError' }));
    expect(document.querySelector(OVERLAYS)).toBeNull();
  });
});
