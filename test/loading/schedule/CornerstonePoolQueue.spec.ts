import { Enums, imageLoadPoolManager } from '@cornerstonejs/core';
import { CornerstonePoolQueue } from '../../../src/loading/schedule/CornerstonePoolQueue.js';
import { FlightPlaces } from '../../../src/loading/schedule/FlightPlaces.js';
import { until } from '../../support/until.js';

const { Prefetch, Thumbnail } = Enums.RequestType;
const FLIGHT = { signal: new AbortController().signal };
const SLOT = { requestType: Prefetch, priority: 5 };

describe('CornerstonePoolQueue', () => {
  let requests: CornerstonePoolQueue;
  let started: number[];
  let ends: (() => void)[];
  let limit: number;
  let thumbnailLimit: number;

  beforeEach(() => {
    limit = imageLoadPoolManager.getMaxSimultaneousRequests(Prefetch);
    thumbnailLimit = imageLoadPoolManager.getMaxSimultaneousRequests(Thumbnail);
    imageLoadPoolManager.setMaxSimultaneousRequests(Prefetch, 1);
    started = [];
    ends = [];
    requests = new CornerstonePoolQueue('volume', new FlightPlaces(10));
    for (const id of [0, 1, 2]) {
      requests.add(
        () => {
          started.push(id);
          return new Promise<void>((resolve) => ends.push(resolve));
        },
        SLOT,
        FLIGHT,
      );
    }
  });

  afterEach(async () => {
    requests.removeAll();
    ends.forEach((end) => {
      end();
    });
    await until(() => numberInFlight() === 0);
    imageLoadPoolManager.setMaxSimultaneousRequests(Prefetch, limit);
  });

  function numberInFlight(): number {
    return (imageLoadPoolManager as unknown as { numRequests: Record<string, number> }).numRequests[
      Prefetch
    ] as number;
  }

  it('are called when the pool has room', async () => {
    expect(started).toEqual([0]);
    ends[0]?.();
    await until(() => started.length === 2);
    expect(started).toEqual([0, 1]);
  });

  it('come back when somebody else empties the pool', async () => {
    imageLoadPoolManager.clearRequestStack(Prefetch);
    requests.restoreDropped();
    ends[0]?.();
    await until(() => started.length === 2);
    ends[1]?.();
    await until(() => started.length === 3);
    expect(started).toEqual([0, 1, 2]);
  });

  it('come after those of volumes on screen while theirs is not', () => {
    requests.setDelay(1);
    const pool = imageLoadPoolManager.getRequestPool()[Prefetch];
    expect([pool[5]?.length, pool[6]?.length]).toEqual([0, 2]);
    requests.setDelay(0);
    expect([pool[5]?.length, pool[6]?.length]).toEqual([2, 0]);
  });

  it('stand where they are told', () => {
    imageLoadPoolManager.setMaxSimultaneousRequests(Thumbnail, 0);
    requests.add(() => Promise.resolve(), { requestType: Thumbnail, priority: 3 }, FLIGHT);
    expect(imageLoadPoolManager.getRequestPool()[Thumbnail][3]?.length).toBe(1);
    requests.removeAll();
    expect(imageLoadPoolManager.getRequestPool()[Thumbnail][3]?.length).toBe(0);
    imageLoadPoolManager.setMaxSimultaneousRequests(Thumbnail, thumbnailLimit);
  });

  it('are called without the pool, the one that waits longest first', async () => {
    requests.callNext();
    expect(started).toEqual([0, 1]);
    ends[0]?.();
    await until(() => started.length === 3);
    expect(started).toEqual([0, 1, 2]);
    requests.callNext();
    expect(started.length).toBe(3);
  });

  it('are not put back when they are still there', () => {
    requests.restoreDropped();
    expect(imageLoadPoolManager.getRequestPool()[Prefetch][5]?.length).toBe(2);
  });

  it('leave the pool, and leave those of others there', () => {
    const other = () => Promise.resolve();
    imageLoadPoolManager.addRequest(other, Prefetch, { imageId: 'other:1' }, 5);
    requests.removeAll();
    requests.restoreDropped();
    const left = imageLoadPoolManager.getRequestPool()[Prefetch][5] ?? [];
    expect(left.map(({ requestFn }) => requestFn as unknown)).toEqual([other]);
  });
});
