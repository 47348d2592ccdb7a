import { Enums, metaData } from '@cornerstonejs/core';
import { isStreamingVolumeError } from '../../../src/index.js';
import type { StreamingImageVolume } from '../../../src/index.js';
import { AuthorizationGate } from '../../../src/loading/frame/AuthorizationGate.js';
import { createVolume } from '../../support/createVolume.js';
import { eventsOf } from '../../support/events.js';
import { until } from '../../support/until.js';
import { useSyntheticSeries } from '../../support/useSyntheticSeries.js';

describe('A7: an unexpected error in the loading of a frame', () => {
  const newSeries = useSyntheticSeries();
  const bug = new Error('a fault of the program');
  let faults: number;

  beforeEach(() => {
    faults = 0;
  });

  /** A program whose first calls fail, outside of the tries of a frame. */
  function breakProgram(calls: number): void {
    spyOn(AuthorizationGate.prototype, 'enter').and.callFake(() => ({
      accept: () => {
        faults += 1;
        if (faults <= calls) {
          throw bug;
        }
      },
      refuse: () => undefined,
      leave: () => undefined,
    }));
  }

  function expectFailed(volume: StreamingImageVolume, count: number): void {
    expect(volume.failedFrames.length).toBe(count);
    for (const { error, imageId } of volume.failedFrames) {
      expect(isStreamingVolumeError(error)).toBeTrue();
      expect(error.cause).toBe(bug);
      expect(error.imageIds).toEqual([imageId]);
      expect(error.message).toContain(bug.message);
      expect(error.message).toContain(imageId);
    }
  }

  it('fails that frame, with the error as its cause, and no other', async () => {
    // Each try calls twice: after its success, and again for the error.
    breakProgram(2);
    const series = newSeries({ count: 3 });
    const volume = await createVolume(series.imageIds, { maxInFlight: 1 });
    const errors = eventsOf(Enums.Events.IMAGE_LOAD_ERROR);
    const { framesLoaded } = await volume.load();
    expect(framesLoaded).toBe(2);
    expectFailed(volume, 1);
    expect(errors.details.length).toBe(1);
    expect(volume.frameStates.filter((state) => state === 'failed').length).toBe(1);
    expect((await volume.retryFailedFrames()).framesLoaded).toBe(3);
  });

  it('does not load the frame over and over again', async () => {
    breakProgram(60);
    const series = newSeries({ count: 2 });
    const volume = await createVolume(series.imageIds, { maxInFlight: 1 });
    expect((await volume.load()).framesLoaded).toBe(0);
    expectFailed(volume, 2);
    expect(series.requests.length).toBe(2);
  });

  it('rejects the Image that a viewport waits for', async () => {
    breakProgram(2);
    const series = newSeries({ count: 2 });
    const volume = await createVolume(series.imageIds);
    const error: unknown = await volume.getImageLoadObject(1).promise.catch((e: unknown) => e);
    expect(isStreamingVolumeError(error)).toBeTrue();
    expect((error as Error).cause).toBe(bug);
  });

  it('of a metadata provider fails the frames, and not the load', async () => {
    const series = newSeries({ count: 2 });
    const volume = await createVolume(series.imageIds);
    const provider = (type: string, imageId: unknown): undefined => {
      if (type === 'transferSyntax' && imageId === series.imageIds[1]) {
        throw bug;
      }
    };
    metaData.addProvider(provider, 100_000);
    const loaded = volume.load();
    await expectAsync(loaded).toBeResolved();
    metaData.removeProvider(provider);
    expect(volume.framesLoaded).toBe(1);
    expectFailed(volume, 1);
  });

  it('is not confused with an abort, which leaves the frame idle', async () => {
    breakProgram(1000);
    const series = newSeries({ count: 2, held: true });
    const volume = await createVolume(series.imageIds);
    const loaded = volume.load();
    volume.cancelLoading();
    await expectAsync(loaded).toBeRejectedWith(jasmine.objectContaining({ name: 'AbortError' }));
    await until(() => volume.frameStates.every((state) => state === 'idle'));
    expect(volume.failedFrames).toEqual([]);
  });
});

describe('Metadata that an application purges while a volume lives', () => {
  const newSeries = useSyntheticSeries();

  it('fails the frames that need it with metadata-missing, and what to do', async () => {
    const series = newSeries({ count: 2, held: true });
    const volume = await createVolume(series.imageIds);
    const loaded = volume.load();
    series.dispose();
    const cause = new TypeError("Cannot destructure property 'rows' of 'undefined'");
    series.requests[0]?.reject(cause);
    series.requests[1]?.resolve();
    const { failed } = await loaded;
    expect(failed.length).toBe(1);
    const [frame] = failed;
    expect(frame?.error.code).toBe('metadata-missing');
    expect(frame?.error.cause).toBe(cause);
    expect(frame?.error.imageIds).toEqual([frame?.imageId as string]);
    expect(frame?.error.message).toContain('imagePixelModule');
    expect(frame?.attempts).toBe(1);
  });

  it('leaves other errors of the loader as they are', async () => {
    const series = newSeries({ count: 1, held: true, spacingBetweenSlices: 2 });
    const volume = await createVolume(series.imageIds, { allowSingleSlice: true, retries: 0 });
    const loaded = volume.load();
    series.requests[0]?.reject(new TypeError('Cannot read properties of undefined'));
    expect((await loaded).failed[0]?.error.code).toBe('frame-fetch');
  });
});
