import { Enums, ProgressiveRetrieveImages, utilities } from '@cornerstonejs/core';
import type { StreamingImageVolume } from '../../../src/index.js';
import { createVolume } from '../../support/createVolume.js';
import { startCornerstone, stopCornerstone } from '../../support/cornerstone.js';
import { eventsOf } from '../../support/events.js';
import { SyntheticSeries } from '../../support/SyntheticSeries.js';
import type { SyntheticRequest } from '../../support/SyntheticSeries.js';
import { until } from '../../support/until.js';

const { ADJACENT_REPLICATE, FAR_REPLICATE, FULL_RESOLUTION, LOSSY, SUBRESOLUTION } =
  Enums.ImageQualityStatus;
const { imageRetrieveMetadataProvider } = utilities;
const VALUES_PER_FRAME = 15;

describe('A retrieve configuration', () => {
  let series: SyntheticSeries;
  let state: ReturnType<typeof imageRetrieveMetadataProvider.clone>;

  beforeEach(() => {
    startCornerstone();
    state = imageRetrieveMetadataProvider.clone();
  });

  afterEach(() => {
    imageRetrieveMetadataProvider.restore(state);
    series.answer();
    series.dispose();
    stopCornerstone();
  });

  /** A volume of so many frames, one in flight at a time, that are answered by hand. */
  async function heldVolume(count: number, configuration: object): Promise<StreamingImageVolume> {
    imageRetrieveMetadataProvider.add('volume', configuration);
    series = new SyntheticSeries({ count, held: true });
    return createVolume(series.imageIds, { maxInFlight: 1, retries: 0 });
  }

  /** The request at this place, once it is there. */
  async function request(place: number): Promise<SyntheticRequest> {
    await until(() => series.requests.length > place);
    return series.requests[place] as SyntheticRequest;
  }

  const firstVoxels = (volume: StreamingImageVolume): number[] =>
    series.imageIds.map((_, slice) => Number(volume.getScalarData()[slice * VALUES_PER_FRAME]));
  const truth = (): number[] => series.imageIds.map((_, slice) => series.voxel(slice, 0));

  it('gives the order of the stages: positions, decimation and priority', async () => {
    const volume = await heldVolume(9, ProgressiveRetrieveImages.interleavedRetrieveStages);
    const loaded = volume.load();
    for (let place = 0; place < 9; place++) {
      (await request(place)).resolve();
    }
    expect((await loaded).framesLoaded).toBe(9);
    expect(series.requests.map(({ slice }) => slice)).toEqual([4, 0, 8, 3, 7, 1, 5, 2, 6]);
    expect(firstVoxels(volume)).toEqual(truth());
  });

  it('requests each frame as its stage says', async () => {
    const volume = await heldVolume(3, {
      stages: [
        { id: 'middle', positions: [0.5], retrieveType: 'fast', requestType: 'thumbnail' },
        { id: 'rest', retrieveType: 'unknown' },
      ],
      retrieveOptions: { default: { urlArguments: 'all' }, fast: { urlArguments: 'lossy' } },
    });
    const loaded = volume.load();
    (await request(0)).resolve();
    (await request(1)).resolve();
    (await request(2)).resolve();
    await loaded;
    const asked = series.requests.map(({ slice, options }) => [
      slice,
      options['retrieveType'],
      (options['retrieveOptions'] as { urlArguments: string }).urlArguments,
    ]);
    expect(asked).toEqual([
      [1, 'fast', 'lossy'],
      [0, 'unknown', 'all'],
      [2, 'unknown', 'all'],
    ]);
  });

  it('leaves a frame partial until its full quality is there, and then asks for no more', async () => {
    const volume = await heldVolume(2, {
      stages: [
        { id: 'fast', priority: 1 },
        { id: 'final', priority: 2 },
        { id: 'never', priority: 3 },
      ],
    });
    const completed = eventsOf(Enums.Events.IMAGE_VOLUME_LOADING_COMPLETED);
    const loaded = volume.load();
    const lossy = Uint16Array.from({ length: VALUES_PER_FRAME }, () => 77);
    const changes = {
      imageQualityStatus: LOSSY,
      getPixelData: () => lossy,
      voxelManager: undefined,
    };
    (await request(0)).resolve(changes);
    (await request(1)).resolve();
    const third = await request(2);
    const partial = third.slice;
    expect(series.requests.map(({ slice }) => slice)).toEqual([partial, 1 - partial, partial]);
    expect(volume.frameStates[partial]).toBe('loading');
    expect(volume.frameQualities[partial]).toBe(LOSSY);
    expect(firstVoxels(volume)[partial]).toBe(77);
    expect([volume.framesLoaded, volume.framesUpdated]).toEqual([1, 2]);
    expect(completed.details.length).toBe(0);
    third.resolve();
    await loaded;
    expect(volume.frameStates).toEqual(['loaded', 'loaded']);
    expect(volume.frameQualities).toEqual([FULL_RESOLUTION, FULL_RESOLUTION]);
    expect(firstVoxels(volume)).toEqual(truth());
    expect(completed.details.length).toBe(1);
    expect(series.requests.length).toBe(3);
  });

  it('takes what the last stage gives, and says its quality', async () => {
    const volume = await heldVolume(2, { stages: [{ id: 'only' }] });
    const loaded = volume.load();
    (await request(0)).resolve({ imageQualityStatus: LOSSY });
    (await request(1)).resolve();
    expect((await loaded).failed).toEqual([]);
    expect(volume.frameStates).toEqual(['loaded', 'loaded']);
    expect(new Set(volume.frameQualities)).toEqual(new Set([LOSSY, FULL_RESOLUTION]));
  });

  it('enlarges a smaller image of a frame until the whole one is there', async () => {
    const volume = await heldVolume(2, {
      stages: [{ id: 'small', positions: [0] }, { id: 'all' }],
    });
    const loaded = volume.load();
    const small = Uint16Array.of(1, 2, 3, 4, 5, 6);
    (await request(0)).resolve({
      rows: 2,
      columns: 3,
      imageQualityStatus: SUBRESOLUTION,
      getPixelData: () => small,
      voxelManager: undefined,
    });
    await request(1);
    expect([...volume.getScalarData().subarray(0, VALUES_PER_FRAME)]).toEqual([
      1, 1, 2, 2, 3, 1, 1, 2, 2, 3, 4, 4, 5, 5, 6,
    ]);
    series.answer();
    (await request(2)).resolve();
    await loaded;
    expect(firstVoxels(volume)).toEqual(truth());
  });

  it('D1: shows copies of a neighbour until the frame arrives, and never afterwards', async () => {
    const nearbyFrames = [
      { offset: 1, imageQualityStatus: ADJACENT_REPLICATE },
      { offset: -1, imageQualityStatus: ADJACENT_REPLICATE },
      { offset: 2, imageQualityStatus: FAR_REPLICATE },
    ];
    const volume = await heldVolume(5, {
      stages: [
        { id: 'ends', positions: [0, 4], priority: 1, nearbyFrames },
        { id: 'all', priority: 2 },
      ],
    });
    const loaded = volume.load();
    const [first, second, third] = truth();
    (await request(0)).resolve();
    await request(1);
    expect(firstVoxels(volume)).toEqual([first, first, first, 0, 0] as number[]);
    // Read while the neighbour stands in: nothing of it may stay.
    expect(volume.voxelManager?.getAtIJK(0, 0, 1)).toBe(first as number);
    expect(volume.frameStates).toEqual(['loaded', 'partial', 'partial', 'queued', 'loading']);
    expect(volume.frameQualities).toEqual([
      FULL_RESOLUTION,
      ADJACENT_REPLICATE,
      FAR_REPLICATE,
      undefined,
      undefined,
    ]);
    (await request(1)).resolve();
    (await request(2)).resolve();
    await request(3);
    expect(firstVoxels(volume).slice(0, 3)).toEqual([first, second, first] as number[]);
    (await request(3)).resolve();
    (await request(4)).resolve();
    await loaded;
    expect(firstVoxels(volume)).toEqual(truth());
    expect(volume.voxelManager?.getAtIJK(0, 0, 1)).toBe(second as number);
    expect(volume.getCompleteScalarDataArray()[2 * VALUES_PER_FRAME]).toBe(third as number);
    expect(volume.voxelManager?.getRange()).toEqual([100, 514]);
  });

  it('takes the stand-in away when the frame itself fails', async () => {
    const nearbyFrames = [{ offset: 1, imageQualityStatus: ADJACENT_REPLICATE }];
    const volume = await heldVolume(2, {
      stages: [
        { id: 'first', positions: [0], nearbyFrames },
        { id: 'rest', positions: [1] },
      ],
    });
    const loaded = volume.load();
    (await request(0)).resolve();
    const second = await request(1);
    expect(volume.frameQualities[1]).toBe(ADJACENT_REPLICATE);
    second.reject(new Error('lost'));
    expect((await loaded).failed.map(({ imageIdIndex }) => imageIdIndex)).toEqual([1]);
    expect(firstVoxels(volume)).toEqual([series.voxel(0, 0), 0]);
    expect(volume.frameQualities).toEqual([FULL_RESOLUTION, undefined]);
  });

  it('goes on with the next stage when one fails, and fails with the last', async () => {
    const volume = await heldVolume(2, {
      stages: [
        { id: 'first', positions: [0], priority: 1 },
        { id: 'again', priority: 2 },
      ],
    });
    const loaded = volume.load();
    (await request(0)).reject(new Error('lost'));
    const again = await request(1);
    expect(again.slice).toBe(0);
    again.resolve();
    (await request(2)).reject(new Error('lost for good'));
    const { failed } = await loaded;
    expect(failed.map(({ imageIdIndex }) => imageIdIndex)).toEqual([1]);
    expect(volume.frameStates).toEqual(['loaded', 'failed']);
  });

  it('goes on after a cancel with what has not got its full quality', async () => {
    const volume = await heldVolume(3, {
      stages: [
        { id: 'fast', positions: [0, 1], priority: 1 },
        { id: 'final', priority: 2 },
      ],
    });
    const cancelled = volume.load();
    (await request(0)).resolve({ imageQualityStatus: LOSSY });
    await request(1);
    volume.cancelLoading();
    await expectAsync(cancelled).toBeRejected();
    expect(volume.frameStates).toEqual(['idle', 'idle', 'idle']);
    expect(volume.frameQualities).toEqual([LOSSY, undefined, undefined]);
    const loaded = volume.load();
    series.answer();
    for (let place = 2; volume.framesLoaded < 3; place++) {
      (await request(place)).resolve();
      await until(() => series.requests.length > place + 1 || volume.framesLoaded === 3);
    }
    await loaded;
    expect(firstVoxels(volume)).toEqual(truth());
  });

  it('lets an order that the application gives go before that of the stages', async () => {
    imageRetrieveMetadataProvider.add(
      'volume',
      ProgressiveRetrieveImages.interleavedRetrieveStages,
    );
    series = new SyntheticSeries({ count: 5 });
    const frameOrder = (): number[] => [3, 1];
    const volume = await createVolume(series.imageIds, { maxInFlight: 1, frameOrder });
    await volume.load();
    expect(series.requests.map(({ slice }) => slice)).toEqual([3, 1, 2, 0, 4]);
  });

  it('is looked up under the volumeId first', async () => {
    imageRetrieveMetadataProvider.add('volume', { stages: [{ positions: [2] }] });
    const volumeId = 'cornerstoneStreamingImageVolume:configured';
    imageRetrieveMetadataProvider.add(volumeId, { stages: [{ positions: [4] }] });
    series = new SyntheticSeries({ count: 5 });
    const volume = await createVolume(series.imageIds, { volumeId, maxInFlight: 1 });
    await volume.load();
    expect(series.requests[0]?.slice).toBe(4);
  });

  it('that names a frame that is not there rejects the load, and loads nothing', async () => {
    const volume = await heldVolume(2, { stages: [{ id: 'wrong', positions: [2] }] });
    await expectAsync(volume.load()).toBeRejectedWithError(
      TypeError,
      /stage wrong .* 2 frames, got 2/,
    );
    expect(volume.frameStates).toEqual(['idle', 'idle']);
    expect(volume.loadStatus.loading).toBeFalse();
    imageRetrieveMetadataProvider.clear();
    const loaded = volume.load();
    (await request(0)).resolve();
    (await request(1)).resolve();
    expect((await loaded).framesLoaded).toBe(2);
  });
});
