import { imageLoader } from '@cornerstonejs/core';
import { createVolume } from '../../support/createVolume.js';
import { useSyntheticSeries } from '../../support/useSyntheticSeries.js';

const SLICES = 3;

describe('A load whose image loader never answers', () => {
  const newSeries = useSyntheticSeries();

  it('ends with an error for each frame', async () => {
    const series = newSeries({ count: SLICES, held: true });
    const volume = await createVolume(series.imageIds, { frameTimeoutMs: 0, retries: 0 });
    const { framesLoaded, failed } = await volume.load();
    expect(framesLoaded).toBe(0);
    expect(failed.map(({ error }) => error.code)).toEqual(
      series.imageIds.map(() => 'frame-timeout'),
    );
    series.answer();
  });

  it('waits once for an Image that is on its way to the cache, and then requests the frame itself', async () => {
    const series = newSeries({ count: SLICES, held: true });
    for (const imageId of series.imageIds) {
      // Never answered, as an Image whose conversion throws in dicom-image-loader.
      void imageLoader.loadAndCacheImage(imageId);
    }
    expect(series.requests.length).toBe(SLICES);
    const options = { frameTimeoutMs: 0, retries: 1, retryDelayMs: 0 };
    const volume = await createVolume(series.imageIds, options);
    const { failed } = await volume.load();
    expect(failed.map(({ attempts }) => attempts)).toEqual([2, 2, 2]);
    expect(series.requests.length).toBe(2 * SLICES);
    expect(
      series.requests
        .slice(SLICES)
        .map(({ imageId }) => imageId)
        .toSorted(),
    ).toEqual([...series.imageIds].sort());
    series.answer();
  });
});
