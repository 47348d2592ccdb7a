import { cache, metaData } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import { ImageCacheViews } from '../../../src/volume/images/ImageCacheViews.js';
import { startCornerstone, stopCornerstone } from '../../support/cornerstone.js';
import { until } from '../../support/until.js';

const IMAGE_ID = 'frame-views:a';

describe('ImageCacheViews', () => {
  let removed: number;
  let views: ImageCacheViews;

  beforeEach(() => {
    startCornerstone();
    removed = 0;
    views = new ImageCacheViews({
      volumeId: 'frame-views',
      imageIds: [IMAGE_ID],
      createView: () => ({ imageId: IMAGE_ID, sizeInBytes: 7 }) as Types.IImage,
      createCopy: () => undefined,
      onViewRemoved: () => {
        removed += 1;
      },
    });
  });

  afterEach(() => {
    views.removeAll(false);
    stopCornerstone();
  });

  it('have the imageId that was asked for where there are headers for it, or else the own', () => {
    expect(views.create(0).imageId).toBe(IMAGE_ID);
    expect(views.create(0, 'other:a').imageId).toBe(IMAGE_ID);
    const provider = (type: string, imageId: unknown): unknown =>
      type === 'imagePixelModule' && imageId === 'other:a' ? { rows: 1 } : undefined;
    metaData.addProvider(provider);
    expect(views.create(0, 'other:a').imageId).toBe('other:a');
    metaData.removeProvider(provider);
  });

  it('tell when somebody else takes one out, and not when they go themselves', async () => {
    views.publish(0);
    await until(() => cache.isLoaded(IMAGE_ID));
    expect(views.owns(0)).toBeTrue();
    cache.removeImageLoadObject(IMAGE_ID, { force: true });
    expect(removed).toBe(1);
    expect(views.owns(0)).toBeFalse();
    views.publish(0);
    await until(() => cache.isLoaded(IMAGE_ID));
    views.removeAll(false);
    expect(cache.getImageLoadObject(IMAGE_ID)).toBeUndefined();
    expect(removed).toBe(1);
  });

  it('go wherever they were put, also when one was lent after another', async () => {
    views.publish(0);
    await until(() => cache.isLoaded(IMAGE_ID));
    // Such as for a request past the cache, which nobody puts there.
    views.lend(0, Promise.resolve(views.create(0)));
    const other = views.lend(0, Promise.resolve(views.create(0)), 'other:a');
    await cache.putImageLoadObject('other:a', other);
    expect(views.owns(0)).toBeTrue();
    views.removeAll(false);
    expect([IMAGE_ID, 'other:a'].filter((id) => cache.getImageLoadObject(id))).toEqual([]);
  });
});
