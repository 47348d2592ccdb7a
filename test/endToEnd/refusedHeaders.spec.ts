import { prefetchMetadata } from '../../src/index.js';
import { startCornerstone, stopCornerstone } from '../support/cornerstone.js';
import { createVolume } from '../support/createVolume.js';
import { errorOf, textsOf } from '../support/errorOf.js';
import { setHooks } from '../support/hookSets.js';
import { karmaFixtures } from '../support/karmaFixtures.js';
import { resetServer, seenRequests } from '../support/serverControls.js';
import { serveSeries } from '../support/servedSeries.js';

const VALUE = 'Bearer secret\nx';
const SERIES = {
  columns: 2,
  rows: 2,
  bitsAllocated: 8,
  body: Uint8Array.of(1, 2, 3, 4),
  contentType: 'application/octet-stream',
} as const;

describe('A header that the browser refuses', () => {
  let takeHooksBack = (): void => undefined;

  beforeEach(resetServer);

  afterEach(async () => {
    takeHooksBack();
    await resetServer();
    stopCornerstone();
  });

  for (const [name, beforeSend] of [
    [
      'that a hook sets',
      (xhr: XMLHttpRequest) => {
        xhr.setRequestHeader('Authorization', VALUE);
        return {};
      },
    ],
    ['that a hook returns', () => ({ Authorization: VALUE })],
  ] as const) {
    it(`and ${name} ends the request of a file at once, and is not quoted`, async () => {
      startCornerstone();
      takeHooksBack = setHooks({ beforeSend });
      const imageId = `wadouri:${String(karmaFixtures['origin'])}/a.dcm`;
      const error = await errorOf(prefetchMetadata([imageId], { retries: 0, timeoutMs: 20_000 }));
      expect(error.errors.map(({ code }) => code)).toEqual(['header-fetch']);
      expect(textsOf(error)).toContain('cannot be sent');
      expect(textsOf(error)).not.toContain('secret');
      expect((await seenRequests()).length).toBe(0);
    });

    for (const frameWorkers of [0, 1]) {
      it(`and ${name} ends the requests of frames at once, and is not quoted: ${frameWorkers} frame workers`, async () => {
        startCornerstone({ frameWorkers });
        const imageIds = await serveSeries(SERIES);
        takeHooksBack = setHooks({ beforeSend });
        const volume = await createVolume(imageIds, { retries: 0 });
        const { failed } = await volume.load();
        expect(failed.map(({ error }) => error.code)).toEqual(imageIds.map(() => 'frame-fetch'));
        const texts = failed.map(({ error }) => textsOf(error)).join('\n');
        expect(texts).toContain('cannot be sent');
        expect(texts).not.toContain('secret');
        expect((await seenRequests()).length).toBe(0);
      });
    }
  }
});
