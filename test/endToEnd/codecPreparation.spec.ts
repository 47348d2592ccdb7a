import { utilities } from '@cornerstonejs/core';
import { internal } from '@cornerstonejs/dicom-image-loader';
import { EXPLICIT_LITTLE_ENDIAN } from '../../src/base/transferSyntaxUids.js';
import { createVolume } from '../support/createVolume.js';
import { startCornerstone, stopCornerstone } from '../support/cornerstone.js';
import { setHooks } from '../support/hookSets.js';
import { karmaFixtures } from '../support/karmaFixtures.js';
import { serveSeries } from '../support/servedSeries.js';
import type { ServedSeriesOptions } from '../support/servedSeries.js';
import { resetServer, seenRequests, setFaults } from '../support/serverControls.js';
import type { SeenRequest } from '../support/serverControls.js';

const JPEG_LS = '1.2.840.10008.1.2.4.80';
const SERIES: ServedSeriesOptions = {
  columns: 2,
  rows: 2,
  bitsAllocated: 8,
  body: Uint8Array.of(1, 2, 3, 4),
  contentType: `application/octet-stream; transfer-syntax=${EXPLICIT_LITTLE_ENDIAN}`,
};

const isOfCodec = ({ path }: SeenRequest): boolean => path.startsWith('/codecs/');

describe('The codec of a series', () => {
  let takeHooksBack: () => void;

  beforeEach(async () => {
    startCornerstone();
    await resetServer();
  });

  afterEach(async () => {
    takeHooksBack();
    // dicom-image-loader has passed it on to core, which has it since 5.7.
    (utilities as { setWasmBasePath?: (path: undefined) => void }).setWasmBasePath?.(undefined);
    await resetServer();
    stopCornerstone();
  });

  function setOptions(hooks: Parameters<typeof setHooks>[0]): void {
    takeHooksBack = setHooks(hooks);
    const wasmBasePath = `${String(karmaFixtures['origin'])}/codecs/`;
    internal.setOptions({ wasmBasePath });
  }

  it('is requested while the first frames are on their way', async () => {
    setOptions({});
    const imageIds = await serveSeries({ ...SERIES, storedSyntax: JPEG_LS });
    await setFaults([{ match: '/frames/', hold: true }]);
    const volume = await createVolume(imageIds);
    const loading = volume.load().catch((error: unknown) => error);
    let requests: SeenRequest[];
    do {
      requests = await seenRequests();
    } while (!requests.some(isOfCodec));
    const frames = requests.filter(({ path }) => path.includes('/frames/'));
    expect(frames.length).toBeGreaterThan(0);
    expect(frames.every(({ endedAt }) => endedAt === null)).toBeTrue();
    volume.cancelLoading();
    await loading;
  });

  for (const [where, storedSyntax, hooks] of [
    ['where frames are not compressed', EXPLICIT_LITTLE_ENDIAN, {}],
    [
      'where the server is asked for another transfer syntax',
      JPEG_LS,
      {
        beforeSend: () => ({
          Accept: `multipart/related; type="application/octet-stream"; transfer-syntax=${EXPLICIT_LITTLE_ENDIAN}`,
        }),
      },
    ],
  ] as const) {
    it(`is not requested ${where}`, async () => {
      setOptions(hooks);
      const volume = await createVolume(await serveSeries({ ...SERIES, storedSyntax }));
      expect(await volume.load()).toEqual({ framesLoaded: 3, failed: [] });
      expect((await seenRequests()).filter(isOfCodec)).toEqual([]);
    });
  }
});
