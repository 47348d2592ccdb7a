import { cache, ImageVolume, volumeLoader } from '@cornerstonejs/core';
import {
  createStreamingVolume,
  isStreamingImageVolume,
  registerStreamingImageVolumeLoader,
  StreamingImageVolume,
} from '../../src/index.js';
import { newVolumeId } from '../support/cornerstone.js';
import { useSyntheticSeries } from '../support/useSyntheticSeries.js';

/** A volume of another loader under the scheme `somebodyElses`. */
function registerSomebodyElses(): void {
  const load = (volumeId: string): unknown => {
    const props = {
      volumeId,
      imageIds: [],
      dataType: 'Uint8Array',
      dimensions: [1, 1, 1],
      spacing: [1, 1, 1],
      origin: [0, 0, 0],
      direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
      metadata: {},
    };
    return {
      promise: Promise.resolve(new ImageVolume(props as never)),
      cancelFn: () => undefined,
    };
  };
  volumeLoader.registerVolumeLoader('somebodyElses', load as never);
}

describe('createStreamingVolume', () => {
  const make = useSyntheticSeries();

  it('makes the volume that createAndCacheVolume makes', async () => {
    const { imageIds } = make({ count: 3 });
    const volumeId = newVolumeId();
    const volume = await createStreamingVolume(volumeId, { imageIds });
    expect(volume).toBeInstanceOf(StreamingImageVolume);
    expect(volume.volumeId).toBe(volumeId);
    expect(await createStreamingVolume(volumeId, { imageIds })).toBe(volume);
    const got: unknown = await volumeLoader.createAndCacheVolume(volumeId, { imageIds });
    expect(got).toBe(volume);
    const { framesLoaded, failed } = await volume.load();
    expect([framesLoaded, failed]).toEqual([3, []]);
  });

  it('passes every option on', async () => {
    const { imageIds } = make({ count: 1, sliceThickness: 2 });
    const controller = new AbortController();
    const options = { imageIds, allowSingleSlice: true, priority: 7, signal: controller.signal };
    const volume = await createStreamingVolume(newVolumeId(), options);
    expect(volume.spacing[2]).toBe(2);
    expect(volume.getImageLoadRequests().map(({ priority }) => priority)).toEqual([7]);
    controller.abort(new Error('enough'));
    await expectAsync(volume.load()).toBeRejectedWithError('enough');
  });

  it('takes undefined as the default of the registration', async () => {
    registerStreamingImageVolumeLoader({ priority: 7, allowSingleSlice: true });
    const { imageIds } = make({ count: 1, sliceThickness: 2 });
    const volume = await createStreamingVolume(newVolumeId(), {
      imageIds,
      priority: undefined,
      allowSingleSlice: undefined,
      tolerance: { tiltInDegrees: undefined },
      signal: undefined,
    });
    expect(volume.getImageLoadRequests().map(({ priority }) => priority)).toEqual([7]);
    const { failed } = await volume.load(undefined, { signal: undefined });
    expect(failed).toEqual([]);
  });

  it('rejects with the reason of its signal, and leaves nothing', async () => {
    const { imageIds } = make({ count: 3 });
    const volumeId = newVolumeId();
    const creation = createStreamingVolume(volumeId, {
      imageIds,
      signal: AbortSignal.abort(new Error('enough')),
    });
    await expectAsync(creation).toBeRejectedWithError('enough');
    expect(cache.getVolumeLoadObject(volumeId)).toBeUndefined();
  });

  it('rejects with what is wrong with the arguments', async () => {
    const wrong = createStreamingVolume(newVolumeId(), {} as never);
    await expectAsync(wrong).toBeRejectedWithError(TypeError, /imageIds to be an array/);
    const imageIds = ['a:1', undefined] as never;
    await expectAsync(createStreamingVolume(newVolumeId(), { imageIds })).toBeRejectedWithError(
      TypeError,
      'Expected imageIds to be an array of strings, got undefined at index 1',
    );
  });

  it('refuses and removes a volume that another loader has made for it', async () => {
    registerSomebodyElses();
    const { imageIds } = make({ count: 3 });
    await expectAsync(createStreamingVolume('somebodyElses:1', { imageIds })).toBeRejectedWithError(
      TypeError,
      /somebodyElses:1/,
    );
    expect(cache.getVolumeLoadObject('somebodyElses:1')).toBeUndefined();
  });

  it('refuses a volume of another loader that was there, and leaves it', async () => {
    registerSomebodyElses();
    const { imageIds } = make({ count: 3 });
    const theirs: unknown = await volumeLoader.createAndCacheVolume('somebodyElses:2', {
      imageIds,
    });
    await expectAsync(createStreamingVolume('somebodyElses:2', { imageIds })).toBeRejectedWithError(
      TypeError,
      /somebodyElses:2/,
    );
    expect(cache.getVolume('somebodyElses:2') as unknown).toBe(theirs);
  });
});

describe('isStreamingImageVolume', () => {
  const make = useSyntheticSeries();

  it('knows volumes of this package, also of another copy of the bundle', async () => {
    const { imageIds } = make({ count: 2 });
    const volume = await createStreamingVolume(newVolumeId(), { imageIds });
    expect(isStreamingImageVolume(volume)).toBeTrue();
    expect(isStreamingImageVolume(cache.getVolume(volume.volumeId))).toBeTrue();
    // Of another copy nothing is the same but the fields.
    expect(isStreamingImageVolume({ brand: volume.brand })).toBeTrue();
  });

  it('knows what is none', async () => {
    registerSomebodyElses();
    const { imageIds } = make({ count: 2 });
    const theirs: unknown = await volumeLoader.createAndCacheVolume('somebodyElses:3', {
      imageIds,
    });
    const none = [theirs, {}, { brand: 'other' }, null, undefined, 'volume', 1];
    expect(none.filter((value) => isStreamingImageVolume(value))).toEqual([]);
  });
});
