import {
  cache,
  cornerstoneStreamingImageVolumeLoader as builtInVolumeLoader,
  utilities,
  volumeLoader,
} from '@cornerstonejs/core';
import {
  isStreamingImageVolumeLoaderRegistered,
  registerStreamingImageVolumeLoader,
  isStreamingVolumeError,
  unregisterStreamingImageVolumeLoader,
  VOLUME_LOADER_REPLACED,
  VOLUME_SCHEME,
} from '../../src/index.js';
import type { StreamingImageVolume, VolumeLoaderReplaced } from '../../src/index.js';
import { newVolumeId, startCornerstone, stopCornerstone } from '../support/cornerstone.js';
import { createVolume } from '../support/createVolume.js';
import { eventsOf } from '../support/events.js';
import { SyntheticSeries } from '../support/SyntheticSeries.js';

type VolumeLoader = Parameters<typeof volumeLoader.registerVolumeLoader>[1];

const builtIn = builtInVolumeLoader as unknown as VolumeLoader;
const log = utilities.logger.cs3dLog.getLogger('streamingImageVolumeLoader');

describe('isStreamingImageVolumeLoaderRegistered', () => {
  let series: SyntheticSeries;
  let warn: jasmine.Spy;

  beforeEach(() => {
    startCornerstone();
    series = new SyntheticSeries({ count: 4 });
    warn = spyOn(log, 'warn');
  });

  afterEach(() => {
    // For the specs that follow: the scheme is left to core's own loader otherwise.
    registerStreamingImageVolumeLoader();
    series.dispose();
    stopCornerstone();
  });

  function replacements(): VolumeLoaderReplaced[] {
    return eventsOf(VOLUME_LOADER_REPLACED).details as VolumeLoaderReplaced[];
  }

  it('is true from the registration until it is taken back', () => {
    expect(isStreamingImageVolumeLoaderRegistered()).toBeTrue();
    unregisterStreamingImageVolumeLoader();
    expect(isStreamingImageVolumeLoaderRegistered()).toBeFalse();
    registerStreamingImageVolumeLoader();
    expect(isStreamingImageVolumeLoaderRegistered()).toBeTrue();
  });

  it('becomes false with the first volume of a loader that was registered later, and tells once', async () => {
    const told = replacements();
    volumeLoader.registerVolumeLoader(VOLUME_SCHEME, builtIn);
    const first = newVolumeId();
    await createVolume(series.imageIds, { volumeId: first });
    await createVolume(series.imageIds);
    expect(isStreamingImageVolumeLoaderRegistered()).toBeFalse();
    expect(told.length).toBe(1);
    const { volumeId, warning } = told[0] as VolumeLoaderReplaced;
    expect(volumeId).toBe(first);
    expect(isStreamingVolumeError(warning, 'loader-replaced')).toBeTrue();
    expect(warning.volumeId).toBe(first);
    expect([...warning.imageIds].sort()).toEqual([...series.imageIds].sort());
    expect(warning.message).toContain(VOLUME_SCHEME);
    expect(warn.calls.allArgs()).toEqual([[warning.message]]);
  });

  it('changes before the event, so that its listener may register again', async () => {
    let wasRegistered: boolean | undefined;
    volumeLoader.registerVolumeLoader(VOLUME_SCHEME, builtIn);
    warn.and.callFake(() => {
      wasRegistered = isStreamingImageVolumeLoaderRegistered();
    });
    await createVolume(series.imageIds);
    expect(wasRegistered).toBeFalse();
    registerStreamingImageVolumeLoader();
    expect(isStreamingImageVolumeLoaderRegistered()).toBeTrue();
  });

  it('tells again after another registration that was replaced', async () => {
    const told = replacements();
    for (let round = 0; round < 2; round++) {
      registerStreamingImageVolumeLoader();
      volumeLoader.registerVolumeLoader(VOLUME_SCHEME, builtIn);
      await createVolume(series.imageIds);
    }
    expect(told.length).toBe(2);
  });

  it('knows the schemes of the registration, and volumes that are not cached', async () => {
    const told = replacements();
    registerStreamingImageVolumeLoader({ schemes: ['replacedScheme'] });
    volumeLoader.registerVolumeLoader('replacedScheme', builtIn);
    await volumeLoader.loadVolume('replacedScheme:1', { imageIds: [...series.imageIds] });
    expect(told.map(({ volumeId }) => volumeId)).toEqual(['replacedScheme:1']);
  });

  describe('stays true', () => {
    afterEach(() => {
      expect(isStreamingImageVolumeLoaderRegistered()).toBeTrue();
      expect(warn).not.toHaveBeenCalled();
    });

    it('for its own volumes and those of other schemes', async () => {
      const told = replacements();
      await createVolume(series.imageIds);
      volumeLoader.registerVolumeLoader('otherScheme', builtIn);
      await createVolume(series.imageIds, { volumeId: 'otherScheme:1' });
      expect(told).toEqual([]);
    });

    it('for volumes that no loader makes: derived ones, and those of Images', async () => {
      const told = replacements();
      const volume: StreamingImageVolume = await createVolume(series.imageIds);
      await volume.load();
      volumeLoader.createAndCacheDerivedLabelmapVolume(volume.volumeId, {
        volumeId: `${VOLUME_SCHEME}:labels`,
      });
      volumeLoader.createAndCacheVolumeFromImagesSync(`${VOLUME_SCHEME}:images`, [
        ...series.imageIds,
      ]);
      expect(cache.getVolume(`${VOLUME_SCHEME}:images`)).toBeDefined();
      expect(told).toEqual([]);
    });

    it('for a volume that was asked for before the registration, and is made after it', async () => {
      const told = replacements();
      unregisterStreamingImageVolumeLoader();
      volumeLoader.registerVolumeLoader(VOLUME_SCHEME, builtIn);
      const asked = createVolume(series.imageIds);
      registerStreamingImageVolumeLoader();
      await asked;
      expect(told).toEqual([]);
    });
  });

  it('says nothing of what happens after it is taken back', async () => {
    const told = replacements();
    unregisterStreamingImageVolumeLoader();
    volumeLoader.registerVolumeLoader(VOLUME_SCHEME, builtIn);
    await createVolume(series.imageIds);
    expect(told).toEqual([]);
    expect(warn).not.toHaveBeenCalled();
  });
});
