import { cache, Enums, volumeLoader } from '@cornerstonejs/core';
import { createLoadObject } from '../../../src/api/creation/createLoadObject.js';
import type { CreateVolume } from '../../../src/api/creation/createLoadObject.js';
import type { CreateVolumeOptions } from '../../../src/api/options.js';
import { createVolume as makeVolume } from '../../../src/api/volumeLoader.js';
import { lazyPart } from '../../../src/base/lazyPart.js';
import type { StreamingImageVolume } from '../../../src/index.js';
import { createVolume } from '../../support/createVolume.js';
import { startCornerstone, stopCornerstone } from '../../support/cornerstone.js';
import { errorOf } from '../../support/errorOf.js';
import { eventsOf } from '../../support/events.js';
import { SyntheticSeries } from '../../support/SyntheticSeries.js';

type Maker = CreateVolume<StreamingImageVolume>;

describe('A volume that is created before the script of volumes is there', () => {
  let series: SyntheticSeries;
  let volumeId: string;
  let count = 0;
  /** Ends the fetching of the script; one for each attempt. */
  let fetching: { come: () => void; fail: (reason: Error) => void }[];

  beforeEach(() => {
    startCornerstone();
    series = new SyntheticSeries({ count: 4, columns: 8, rows: 8 });
    count += 1;
    volumeId = `late:${count}`;
    fetching = [];
    const maker = lazyPart(
      'the volumes',
      () =>
        new Promise<Maker>((resolve, reject) => {
          fetching.push({
            come: () => {
              resolve(makeVolume);
            },
            fail: reject,
          });
        }),
    );
    const load = (id: string, options: CreateVolumeOptions) => createLoadObject(id, options, maker);
    volumeLoader.registerVolumeLoader('late', load as never);
  });

  afterEach(() => {
    volumeLoader.registerVolumeLoader('late', undefined as never);
    series.dispose();
    stopCornerstone();
  });

  const create = (options: Partial<CreateVolumeOptions> = {}) =>
    createVolume(series.imageIds, { volumeId, ...options });

  it('is made when the script comes, and the next one at once', async () => {
    const creation = create();
    expect(cache.getVolume(volumeId)).toBeUndefined();
    fetching[0]?.come();
    const volume = await creation;
    expect(volume.imageIds).toEqual(series.imageIds);
    await volume.load();
    expect(volume.framesLoaded).toBe(4);
    const reserved = cache.getCacheSize();
    void createVolume(series.imageIds, { volumeId: `${volumeId}-next` });
    expect(cache.getCacheSize()).toBeGreaterThan(reserved);
    expect(fetching.length).toBe(1);
  });

  it('is the same for all that ask for it meanwhile', async () => {
    const creations = [create(), create()];
    fetching[0]?.come();
    const [first, second] = await Promise.all(creations);
    expect(first).toBe(second as StreamingImageVolume);
  });

  it('is refused at once for a wrong option', async () => {
    const failures = eventsOf(Enums.Events.VOLUME_LOADED_FAILED);
    await expectAsync(create({ maxInFlight: 0 })).toBeRejectedWithError(TypeError, /maxInFlight/);
    expect(fetching.length).toBe(0);
    expect(failures.details.length).toBe(1);
  });

  it('is refused once for its headers, and leaves nothing behind', async () => {
    const failures = eventsOf(Enums.Events.VOLUME_LOADED_FAILED);
    const creation = createVolume(series.imageIds.toSpliced(2, 1), { volumeId });
    fetching[0]?.come();
    const error = await errorOf(creation);
    expect(error.code).toBe('not-a-volume');
    expect(failures.details).toEqual([{ volumeId, error }]);
    expect(cache.getVolumeLoadObject(volumeId)).toBeUndefined();
  });

  it('fails with a typed error where the script does not come, and can be made later', async () => {
    const failing = create();
    fetching[0]?.fail(new TypeError('Failed to fetch'));
    const error = await errorOf(failing);
    expect(error.code).toBe('script-fetch');
    expect(error.message).toContain('Failed to fetch');
    expect(cache.getVolumeLoadObject(volumeId)).toBeUndefined();
    const creation = create();
    fetching[1]?.come();
    expect((await creation).imageIds).toEqual(series.imageIds);
  });

  it('is abandoned by a signal, without waiting for the script', async () => {
    const controller = new AbortController();
    const creation = create({ signal: controller.signal });
    controller.abort(new Error('no longer wanted'));
    await expectAsync(creation).toBeRejectedWithError('no longer wanted');
    expect(cache.getVolumeLoadObject(volumeId)).toBeUndefined();
    const reserved = cache.getCacheSize();
    fetching[0]?.come();
    await Promise.resolve();
    expect(cache.getCacheSize()).toBe(reserved);
  });

  it('is abandoned by its removal from the cache, and the volumeId is free', async () => {
    const creation = create();
    cache.removeVolumeLoadObject(volumeId);
    const next = create();
    expect((await errorOf(creation)).code).toBe('volume-removed');
    fetching[0]?.come();
    expect(cache.getVolume(volumeId)).toBeUndefined();
    expect((await next).imageIds).toEqual(series.imageIds);
  });
});
