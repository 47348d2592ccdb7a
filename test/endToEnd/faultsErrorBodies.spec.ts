import { internal } from '@cornerstonejs/dicom-image-loader';
import { prefetchMetadata } from '../../src/index.js';
import { createVolume } from '../support/createVolume.js';
import { startCornerstone, stopCornerstone } from '../support/cornerstone.js';
import { dicomWebRoot, fetchSeries } from '../support/dicomWebSeries.js';
import { errorOf } from '../support/errorOf.js';
import { setHooks } from '../support/hookSets.js';
import { karmaFixtures } from '../support/karmaFixtures.js';
import {
  giveAnswers,
  resetServer,
  setFaults,
  untilFrameRequests,
} from '../support/serverControls.js';
import { until } from '../support/until.js';

const SLICES = 24;
const LARGEST_BODY = 64 * 1024;

for (const [place, frameWorkers] of [
  ['on the main thread', 0],
  ['in workers', 2],
] as const) {
  describe(`An error page of 64 MB that is fetched ${place}`, () => {
    let imageIds: string[];
    let takeHooksBack: () => void;

    beforeEach(async () => {
      startCornerstone({ frameWorkers });
      takeHooksBack = setHooks({});
      ({ imageIds } = await fetchSeries(dicomWebRoot('synthetic/ct-uint12') as string));
      await resetServer();
      await setFaults([{ match: '/frames/', status: 500, body: 'huge', times: 1 }]);
    });

    afterEach(async () => {
      takeHooksBack();
      await resetServer();
      stopCornerstone();
    });

    async function loadOnce(): Promise<void> {
      const volume = await createVolume(imageIds, { retries: 0 });
      const { framesLoaded, failed } = await volume.load();
      expect(framesLoaded).toBe(SLICES - 1);
      expect(failed.map(({ error: { code, status } }) => [code, status])).toEqual([
        ['frame-fetch', 500],
      ]);
      const requests = await untilFrameRequests((all) =>
        all.every(({ endedAt }) => endedAt !== null),
      );
      expect(requests.filter(({ aborted }) => aborted).length).toBe(1);
    }

    it('is not read to its end', async () => {
      await loadOnce();
    });

    it('is told to the hooks once, with its status and no more than 64 KiB', async () => {
      const errors: { status: number; size: number }[] = [];
      const ended = jasmine.createSpy('onloadend');
      internal.setOptions({
        errorInterceptor: (error: unknown) => {
          const { status, response } = error as { status: number; response: ArrayBuffer | null };
          errors.push({ status, size: response?.byteLength ?? 0 });
        },
        onloadend: ended,
      });
      await loadOnce();
      expect(errors.map(({ status }) => status)).toEqual([500]);
      expect(errors[0]?.size).toBeLessThanOrEqual(LARGEST_BODY);
      expect(ended.calls.count()).toBe(SLICES);
    });
  });
}

describe('An error page that comes whole between two progress events', () => {
  beforeEach(() => {
    startCornerstone();
  });

  afterEach(async () => {
    await resetServer();
    stopCornerstone();
  });

  it('is not kept with the error, which has its status', async () => {
    const path = '/error-page.dcm';
    const headers = { 'Content-Type': 'text/plain' };
    const body = new Uint8Array(4 * LARGEST_BODY).fill(0x20);
    await giveAnswers([{ path, status: 404, headers, body }]);
    const imageId = `wadouri:${String(karmaFixtures['origin'])}${path}`;
    const { errors } = await errorOf(prefetchMetadata([imageId], { retries: 0 }));
    const [error] = errors;
    expect(error?.status).toBe(404);
    const cause = error?.cause as XMLHttpRequest;
    await until(() => ((cause.response as ArrayBuffer | null)?.byteLength ?? 0) === 0);
    expect(cause.status).toBe(404);
  });
});
