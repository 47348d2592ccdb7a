import { StreamingVolumeError } from '../../../src/index.js';
import { createVolume } from '../../support/createVolume.js';
import { until } from '../../support/until.js';
import { useSyntheticSeries } from '../../support/useSyntheticSeries.js';

describe('A frame whose loader needs a script that could not be fetched', () => {
  const newSeries = useSyntheticSeries();

  it('is tried again', async () => {
    const series = newSeries({ count: 2, held: true });
    const volume = await createVolume(series.imageIds, { retries: 1, retryDelayMs: 0 });
    const loading = volume.load();
    await until(() => series.requests.length === 2);
    const [first, second] = series.requests;
    first?.reject(new StreamingVolumeError('script-fetch', 'No script'));
    second?.resolve();
    await until(() => series.requests.length === 3);
    series.requests[2]?.resolve();
    expect((await loading).framesLoaded).toBe(2);
  });
});
