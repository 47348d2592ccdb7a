import { Enums, utilities } from '@cornerstonejs/core';
import type { StreamingImageVolume } from '../../src/index.js';
import { createVolume } from '../support/createVolume.js';
import { startCornerstone, stopCornerstone } from '../support/cornerstone.js';
import {
  COLUMNS,
  encodeValues,
  frameValues,
  lowerResolution,
  ROWS,
} from '../support/progressiveFrames.js';
import { multipartBody, serveSeries } from '../support/servedSeries.js';
import type { ServedSeriesOptions } from '../support/servedSeries.js';
import {
  frameRequests,
  giveAnswers,
  releaseAnswers,
  resetServer,
  setFaults,
  untilFrameRequests,
} from '../support/serverControls.js';
import { until } from '../support/until.js';

const { SUBRESOLUTION, FULL_RESOLUTION } = Enums.ImageQualityStatus;
const { imageRetrieveMetadataProvider } = utilities;
const SLICES = 3;
const SIZE = COLUMNS * ROWS;
const [SLOPE, INTERCEPT] = [2, -1000];
const SYNTAXES = [
  ['htj2kRpcl', '1.2.840.10008.1.2.4.202'],
  ['htj2k', '1.2.840.10008.1.2.4.201'],
  ['jpeg2000', '1.2.840.10008.1.2.4.90'],
] as const;
type Encoding = (typeof SYNTAXES)[number][0];

describe('Progressive retrieval', () => {
  const bodies = new Map<string, readonly Uint8Array[]>();
  let state: ReturnType<typeof imageRetrieveMetadataProvider.clone>;
  let imageIds: string[];

  beforeAll(async () => {
    for (const [encoding, syntax] of SYNTAXES) {
      const type = `Content-Type: application/octet-stream; transfer-syntax=${syntax}`;
      const frames: Uint8Array[] = [];
      for (let slice = 0; slice < SLICES; slice++) {
        frames.push(multipartBody(await encodeValues(encoding, frameValues(slice)), [type]));
      }
      bodies.set(encoding, frames);
    }
  });

  beforeEach(async () => {
    await resetServer();
    startCornerstone();
    state = imageRetrieveMetadataProvider.clone();
  });

  afterEach(async () => {
    imageRetrieveMetadataProvider.restore(state);
    stopCornerstone();
    await resetServer();
  });

  async function open(
    configuration: object | undefined,
    encoding: Encoding = 'htj2kRpcl',
    more: Partial<ServedSeriesOptions> = {},
  ): Promise<StreamingImageVolume> {
    if (configuration) {
      imageRetrieveMetadataProvider.add('volume', configuration);
    }
    imageIds = await serveSeries({
      columns: COLUMNS,
      rows: ROWS,
      bitsAllocated: 16,
      slices: SLICES,
      contentType: 'multipart/related; type="application/octet-stream"; boundary=b',
      rescale: [SLOPE, INTERCEPT],
      body: bodies.get(encoding) as readonly Uint8Array[],
      ranges: true,
      ...more,
    });
    return createVolume(imageIds, { maxInFlight: 1, retryDelayMs: 0 });
  }

  const bodyOf = (slice: number, encoding: Encoding = 'htj2kRpcl'): Uint8Array =>
    bodies.get(encoding)?.[slice] as Uint8Array;
  const voxelsOf = (volume: StreamingImageVolume, slice: number): number[] =>
    Array.from(volume.getScalarData().subarray(slice * SIZE, (slice + 1) * SIZE));
  const truth = (slice: number): number[] =>
    Array.from(frameValues(slice), (value) => value * SLOPE + INTERCEPT);
  const expectTruth = (volume: StreamingImageVolume): void => {
    for (let slice = 0; slice < SLICES; slice++) {
      expect(voxelsOf(volume, slice)).toEqual(truth(slice));
    }
    expect(volume.frameStates).toEqual(Array.from({ length: SLICES }, () => 'loaded'));
    expect(volume.frameQualities).toEqual(Array.from({ length: SLICES }, () => FULL_RESOLUTION));
  };

  /** What a slice shows at the places of the pixels of a lower resolution. */
  function expectResolution(volume: StreamingImageVolume, slice: number, levels: number): void {
    const { columns, values } = lowerResolution(frameValues(slice), levels);
    const voxels = voxelsOf(volume, slice);
    const step = 2 ** levels;
    expect(
      values.map((_, i) => voxels[Math.floor(i / columns) * step * COLUMNS + (i % columns) * step]),
    ).toEqual(values.map((value) => value * SLOPE + INTERCEPT));
  }

  const sentRanges = async (): Promise<string[]> =>
    (await frameRequests()).map(
      ({ path, headers }) => `${path.split('/')[4]}: ${headers['range'] ?? 'all'}`,
    );

  const STREAMING = { stages: [{ id: 'all' }], retrieveOptions: { default: { streaming: true } } };
  /** So many bytes of a frame have its second resolution of three. */
  const HALF = 2200;
  const RANGES = {
    stages: [
      { id: 'first', retrieveType: 'first', priority: 1 },
      { id: 'rest', retrieveType: 'rest', priority: 2 },
    ],
    retrieveOptions: {
      first: { rangeIndex: 0, initialChunkSize: HALF, chunkSize: HALF },
      rest: { rangeIndex: -1 },
    },
  };

  for (const [encoding] of SYNTAXES) {
    it(`shows a lower resolution of ${encoding} while a frame arrives, and then the frame`, async () => {
      const volume = await open(STREAMING, encoding);
      await setFaults([{ match: '/frames/', pauseAt: HALF, times: 1 }]);
      const loaded = volume.load();
      await until(() => volume.frameStates.includes('partial'));
      const slice = volume.frameStates.indexOf('partial');
      expect(volume.frameQualities[slice]).toBe(SUBRESOLUTION);
      expectResolution(volume, slice, 1);
      expect(volume.framesLoaded).toBe(0);
      const range = volume.voxelManager?.getRange() ?? [];
      expect(range).toEqual([
        Math.min(...voxelsOf(volume, slice)),
        Math.max(...voxelsOf(volume, slice)),
      ]);
      await releaseAnswers();
      expect((await loaded).failed).toEqual([]);
      expectTruth(volume);
      expect((await frameRequests()).length).toBe(SLICES);
    });

    it(`shows the first bytes of each ${encoding} frame, and requests only the rest`, async () => {
      const volume = await open(RANGES, encoding);
      await setFaults([{ match: '/instances/[123]/', hold: true, times: 99 }]);
      const loaded = volume.load();
      await answerFirstRanges();
      for (let slice = 0; slice < SLICES; slice++) {
        expect(volume.frameQualities[slice]).toBe(SUBRESOLUTION);
        expectResolution(volume, slice, 1);
      }
      expect(volume.framesLoaded).toBe(0);
      await setFaults([]);
      await releaseAnswers();
      expect((await loaded).failed).toEqual([]);
      expectTruth(volume);
      const sizes = bodies.get(encoding)?.map(({ length }) => length) ?? [];
      expect(volume.progress.bytesReceived).toBe(sizes.reduce((sum, size) => sum + size, 0));
      const sent = await sentRanges();
      expect(sent.map((each) => each.slice(3)).sort()).toEqual([
        ...Array.from({ length: SLICES }, () => `bytes=0-${HALF - 1}`),
        ...Array.from({ length: SLICES }, () => `bytes=${HALF}-`),
      ]);
    });
  }

  it('is not asked for where the connection is fast', async () => {
    const volume = await open(undefined);
    await volume.load();
    expectTruth(volume);
    expect((await sentRanges()).map((each) => each.slice(3))).toEqual(['all', 'all', 'all']);
  });

  it('costs nothing more with a server that does not support ranges', async () => {
    const volume = await open(RANGES, 'htj2k', { ranges: false });
    await volume.load();
    expectTruth(volume);
    expect((await frameRequests()).length).toBe(SLICES);
  });

  it('requests the rest of a frame at once where its first bytes give nothing', async () => {
    const volume = await open({
      ...RANGES,
      retrieveOptions: { first: { rangeIndex: 0, initialChunkSize: 100 } },
    });
    await volume.load();
    expectTruth(volume);
    expect((await sentRanges()).map((each) => each.slice(3))).toEqual(
      Array.from({ length: SLICES }, () => ['bytes=0-99', 'bytes=100-']).flat(),
    );
  });

  it('never ends with a part of a frame', async () => {
    const volume = await open({
      stages: [{ id: 'only', retrieveType: 'first' }],
      retrieveOptions: RANGES.retrieveOptions,
    });
    await volume.load();
    expectTruth(volume);
    expect((await frameRequests()).length).toBe(SLICES);
  });

  it('continues after a cancel with the bytes that have come, and never shows less', async () => {
    const volume = await open(RANGES);
    await setFaults([{ match: '/frames/', hold: true, times: 99 }]);
    const cancelled = volume.load();
    await untilRequests(1);
    await release();
    await untilRequests(2);
    const slice = volume.frameQualities.indexOf(SUBRESOLUTION);
    volume.cancelLoading();
    await expectAsync(cancelled).toBeRejected();
    expect(volume.frameStates).toEqual(['idle', 'idle', 'idle']);
    expectResolution(volume, slice, 1);
    await resetServerButAnswers();
    const loaded = volume.load();
    await loaded;
    expectTruth(volume);
    const ofSlice = (await sentRanges()).filter((each) => each.startsWith(`${slice + 1}:`));
    expect(ofSlice).toEqual([`${slice + 1}: bytes=${HALF}-`]);
  });

  it('keeps the better pixels when a frame begins to arrive anew', async () => {
    const volume = await open(STREAMING);
    await setFaults([
      { match: '/frames/', pauseAt: HALF, times: 1 },
      { match: '/frames/', pauseAt: 900, times: 1 },
    ]);
    const cancelled = volume.load();
    await until(() => volume.frameStates.includes('partial'));
    const slice = volume.frameStates.indexOf('partial');
    volume.cancelLoading();
    await expectAsync(cancelled).toBeRejected();
    expect(volume.frameStates).toEqual(['idle', 'idle', 'idle']);
    const loaded = volume.load();
    await untilRequests(2);
    expectResolution(volume, slice, 1);
    await release();
    await loaded;
    expectTruth(volume);
  });

  it('survives a connection that breaks in the middle of a frame', async () => {
    const volume = await open(STREAMING);
    await setFaults([{ match: '/frames/', body: 'cut', times: 1 }]);
    expect((await volume.load()).failed).toEqual([]);
    expectTruth(volume);
  });

  for (const [name, fault] of [
    ['a server error', { status: 500 }],
    ['a range that begins elsewhere', { range: 'other' }],
    ['a shorter whole than before', { range: 'short' }],
    ['a range without a name', { range: 'unnamed' }],
    ['a range that there is not', { status: 416 }],
  ] as const) {
    for (const place of ['first', 'second']) {
      it(`is right after ${name} in place of the ${place} range`, async () => {
        const volume = await open(RANGES);
        await setFaults([{ match: '/frames/', ofRanges: true, times: 1, ...fault }]);
        if (place === 'second') {
          await setFaults([{ match: '/frames/', hold: true, times: 99 }]);
          const loaded = volume.load();
          await answerFirstRanges();
          volume.cancelLoading();
          await expectAsync(loaded).toBeRejected();
          await setFaults([{ match: '/frames/', ofRanges: true, times: 1, ...fault }]);
        }
        expect((await volume.load()).failed).toEqual([]);
        expectTruth(volume);
      });
    }
  }

  it('requests a frame anew whose version has changed between two ranges', async () => {
    const volume = await open(RANGES, 'htj2kRpcl', { etag: '"1"' });
    await setFaults([{ match: '/frames/', hold: true, times: 99 }]);
    const cancelled = volume.load();
    await answerFirstRanges();
    volume.cancelLoading();
    await expectAsync(cancelled).toBeRejected();
    await giveAnswers(
      imageIds.map((imageId, slice) => ({
        path: new URL(imageId.slice('wadors:'.length)).pathname,
        headers: { 'Content-Type': 'multipart/related; boundary=b', ETag: '"2"' },
        body: bodyOf((slice + 1) % SLICES, 'htj2k'),
        ranges: true,
      })),
    );
    await setFaults([]);
    expect((await volume.load()).failed).toEqual([]);
    for (let slice = 0; slice < SLICES; slice++) {
      expect(voxelsOf(volume, slice)).toEqual(truth((slice + 1) % SLICES));
    }
  });

  it('fails with a frame that is cut off, until it is requested again', async () => {
    const volume = await open(STREAMING);
    await setFaults([{ match: '/instances/2/', body: 'truncate' }]);
    const { failed } = await volume.load();
    expect(failed.map(({ imageIdIndex }) => imageIdIndex)).toEqual([1]);
    expect(volume.frameStates).toEqual(['loaded', 'failed', 'loaded']);
    await setFaults([]);
    await volume.retryFailedFrames();
    expectTruth(volume);
  });

  /** Answers the first stage, whose responses are held, up to the first request of the second. */
  async function answerFirstRanges(): Promise<void> {
    for (let request = 1; request <= SLICES; request++) {
      await untilRequests(request);
      await release();
    }
    await untilRequests(SLICES + 1);
  }

  async function untilRequests(count: number): Promise<void> {
    await untilFrameRequests((requests) => requests.length === count);
  }

  /** The response may not be held yet. */
  async function release(): Promise<void> {
    while ((await releaseAnswers()) === 0);
  }

  /** Forgets the faults and the requests, but not what is served. */
  async function resetServerButAnswers(): Promise<void> {
    await setFaults([]);
    await releaseAnswers();
    const { origin } = new URL((imageIds[0] as string).slice('wadors:'.length));
    await fetch(`${origin}/__requests/clear`, { method: 'POST' });
  }
});
