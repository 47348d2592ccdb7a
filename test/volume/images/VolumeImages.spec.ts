import { cache, metaData } from '@cornerstonejs/core';
import { createVolume } from '../../support/createVolume.js';
import { until } from '../../support/until.js';
import { useSyntheticSeries } from '../../support/useSyntheticSeries.js';

describe('Views of a volume in the image cache', () => {
  const newSeries = useSyntheticSeries();

  it('have the imageId that was asked for where there are headers for it, or else the own', async () => {
    const series = newSeries({ count: 2 });
    const volume = await createVolume(series.imageIds);
    const own = series.imageIds[0] as string;
    const imageIdFor = async (askedFor?: string): Promise<string> =>
      (await volume.getImageLoadObject(0, askedFor).promise).imageId;
    expect(await imageIdFor()).toBe(own);
    expect(await imageIdFor('other:a')).toBe(own);
    const provider = (type: string, imageId: unknown): unknown =>
      type === 'imagePixelModule' && imageId === 'other:a' ? { rows: 1 } : undefined;
    metaData.addProvider(provider);
    expect(await imageIdFor('other:a')).toBe('other:a');
    metaData.removeProvider(provider);
  });

  it('go wherever they were put, also when one was lent after another', async () => {
    const series = newSeries({ count: 2 });
    const volume = await createVolume(series.imageIds);
    await volume.load();
    const own = series.imageIds[0] as string;
    await until(() => cache.isLoaded(own));
    // Such as for a request past the cache, which nobody puts there.
    volume.getImageLoadObject(0);
    await cache.putImageLoadObject('other:a', volume.getImageLoadObject(0, 'other:a'));
    expect(cache.isLoaded('other:a')).toBeTrue();
    cache.removeVolumeLoadObject(volume.volumeId);
    expect([own, 'other:a'].filter((id) => cache.getImageLoadObject(id))).toEqual([]);
  });

  it('stay out of the cache when other code has taken one out, and the volume stays', async () => {
    const series = newSeries({ count: 2 });
    const volume = await createVolume(series.imageIds);
    await volume.load();
    const own = series.imageIds[0] as string;
    await until(() => cache.isLoaded(own));
    cache.removeImageLoadObject(own, { force: true });
    await Promise.resolve();
    expect(cache.getImageLoadObject(own)).toBeUndefined();
    expect(volume.framesLoaded).toBe(2);
    expect(volume.getCornerstoneImages().length).toBe(2);
  });

  it('leave an entry that was made otherwise', async () => {
    const series = newSeries({ count: 2 });
    const volume = await createVolume(series.imageIds, { publishFrameViews: false });
    await volume.load();
    const own = series.imageIds[0] as string;
    const image = series.image(0);
    cache.putImageSync(own, image);
    cache.removeVolumeLoadObject(volume.volumeId);
    expect(cache.getImage(own)).toBe(image);
  });
});
