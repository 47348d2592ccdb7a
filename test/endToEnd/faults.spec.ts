import { Enums } from '@cornerstonejs/core';
import { internal, wadors } from '@cornerstonejs/dicom-image-loader';
import { isStreamingVolumeError } from '../../src/index.js';
import type { LoadResult, StreamingVolumeErrorCode } from '../../src/index.js';
import { createVolume } from '../support/createVolume.js';
import { startCornerstone, stopCornerstone } from '../support/cornerstone.js';
import { dicomWebRoot, fetchSeries } from '../support/dicomWebSeries.js';
import { eventsOf } from '../support/events.js';
import { setHooks } from '../support/hookSets.js';
import {
  frameRequests,
  resetServer,
  setFaults,
  untilFrameRequests,
} from '../support/serverControls.js';
import type { Fault } from '../support/serverControls.js';
import { firstWrongVoxel } from '../support/testSeriesTruth.js';
import { until } from '../support/until.js';

const FORMAT = 'ct-uint12';
const SLICES = 24;
const FAILING = 7;

/** Where frames are fetched; hooks bring them back to the main thread. */
const PLACES = [
  ['on the main thread', 0],
  ['in workers', 2],
] as const;

for (const [place, frameWorkers] of PLACES) {
  describe(`A series over DICOMweb, fetched ${place}, when`, () => {
    let imageIds: string[];
    let takeHooksBack: () => void;

    beforeEach(async () => {
      startCornerstone({ frameWorkers });
      takeHooksBack = setHooks({});
      ({ imageIds } = await fetchSeries(dicomWebRoot(`synthetic/${FORMAT}`) as string));
      await resetServer();
    });

    afterEach(async () => {
      takeHooksBack();
      await resetServer();
      stopCornerstone();
    });

    function pathOf(imageId: string): string {
      return new URL(imageId.slice('wadors:'.length)).pathname.replaceAll('.', '\\.');
    }

    interface Outcome {
      readonly code: StreamingVolumeErrorCode;
      readonly status?: number;
      readonly cause?: unknown;
    }

    /** Loads a series in which one frame goes wrong, and sees that nothing else does. */
    async function expectOneFailure(
      series: readonly string[],
      fault: Omit<Fault, 'match'>,
      { code, status, cause }: Outcome,
    ): Promise<void> {
      const errors = eventsOf(Enums.Events.IMAGE_LOAD_ERROR);
      const completed = eventsOf(Enums.Events.IMAGE_VOLUME_LOADING_COMPLETED);
      const volume = await createVolume(series);
      const imageId = volume.imageIds[FAILING] as string;
      await setFaults([{ ...fault, match: pathOf(imageId) }]);
      const { framesLoaded, failed }: LoadResult = await volume.load();
      expect(framesLoaded).toBe(series.length - 1);
      expect(failed.map((frame) => [frame.imageId, frame.imageIdIndex])).toEqual([
        [imageId, FAILING],
      ]);
      const error = failed[0]?.error;
      expect(isStreamingVolumeError(error, code)).withContext(String(error)).toBeTrue();
      expect(error?.status).toBe(status);
      expect(error?.cause).toEqual(cause);
      expect(error?.imageIds).toEqual([imageId]);
      expect(error?.message).toContain(imageId.replace(/\?.*/, ''));
      expect(errors.details).toEqual([{ error, imageId, imageIdIndex: FAILING }]);
      expect(completed.details.length).toBe(1);
      const [columns, rows] = volume.dimensions;
      const slice = (i: number) =>
        volume.getScalarData().subarray(i * columns * rows, (i + 1) * columns * rows);
      expect(slice(FAILING).every((value) => value === 0)).toBeTrue();
      const others = Array.from(series.keys()).filter((i) => i !== FAILING);
      expect(others.filter((i) => slice(i).every((value) => value === 0))).toEqual([]);
    }

    const response = jasmine.any(XMLHttpRequest);
    /** What failed; a response itself cannot leave its worker. */
    const cause = frameWorkers === 0 ? response : undefined;
    const cutOff: unknown = frameWorkers === 0 ? response : jasmine.any(TypeError);
    for (const [name, fault, outcome] of [
      ['is not there', { status: 404 }, { code: 'frame-fetch', status: 404, cause }],
      ['breaks the server', { status: 500 }, { code: 'frame-fetch', status: 500, cause }],
      ['needs a sign-in', { status: 200, body: 'html' }, { code: 'frame-body' }],
      [
        'is refused with a page',
        { status: 403, body: 'html' },
        { code: 'frame-fetch', status: 403, cause },
      ],
      ['comes truncated', { body: 'truncate' }, { code: 'frame-body' }],
      ['comes as garbage', { body: 'garbage' }, { code: 'frame-body' }],
      [
        'is cut off by the network',
        { body: 'cut' },
        { code: 'frame-fetch', status: 0, cause: cutOff },
      ],
    ] as [string, Omit<Fault, 'match'>, Outcome][]) {
      it(`D5: a frame ${name}, reports that one and loads the others`, async () => {
        await expectOneFailure(imageIds, fault, outcome);
      });
    }

    it('D5: a compressed frame cannot be decoded, reports that one and loads the others', async () => {
      const root = dicomWebRoot('mr-brain/jpegls');
      if (root === undefined) {
        pending('The real data is not on this machine');
        return;
      }
      const series = await fetchSeries(root);
      await expectOneFailure(
        series.imageIds,
        { body: 'garbage-pixels' },
        { code: 'frame-decode', cause: jasmine.anything() },
      );
    });

    describe('responses have no envelope,', () => {
      let singlePartIds: string[];

      beforeEach(() => {
        singlePartIds = imageIds.map((imageId) => {
          const singlePart = `${imageId}?singlePart=1`;
          wadors.metaDataManager.add(singlePart, wadors.metaDataManager.get(imageId));
          return singlePart;
        });
      });

      it('has every voxel', async () => {
        const volume = await createVolume(singlePartIds);
        expect(await volume.load()).toEqual({ framesLoaded: SLICES, failed: [] });
        expect(firstWrongVoxel(volume, FORMAT)).toBe('none');
        const requests = await frameRequests();
        expect(requests.every(({ path }) => path.endsWith('?singlePart=1'))).toBeTrue();
        expect(requests.length).toBe(SLICES);
      });

      it('D5: reports a frame that comes truncated', async () => {
        await expectOneFailure(singlePartIds, { body: 'truncate' }, { code: 'frame-size' });
      });
    });

    it('a frame failed once, loads it when asked again by a new volume', async () => {
      const first = await createVolume(imageIds, { retries: 0 });
      await setFaults([
        { match: pathOf(first.imageIds[FAILING] as string), status: 503, times: 1 },
      ]);
      expect((await first.load()).failed.length).toBe(1);
      const second = await createVolume(imageIds);
      expect(await second.load()).toEqual({ framesLoaded: SLICES, failed: [] });
      expect(firstWrongVoxel(second, FORMAT)).toBe('none');
    });

    it('a frame failed in passing, loads it at the next try', async () => {
      const volume = await createVolume(imageIds, { retryDelayMs: 0 });
      const path = pathOf(volume.imageIds[FAILING] as string);
      await setFaults([
        { match: path, status: 503, times: 1 },
        { match: path, body: 'cut', times: 1 },
      ]);
      expect(await volume.load()).toEqual({ framesLoaded: SLICES, failed: [] });
      expect(firstWrongVoxel(volume, FORMAT)).toBe('none');
      const asked = (await frameRequests()).filter((request) =>
        new RegExp(path).test(request.path),
      );
      expect(asked.length).toBe(3);
      expect(volume.progress.bytesReceived).toBeGreaterThan(volume.sizeInBytes);
    });

    describe('the application has hooks,', () => {
      it("sends its headers and calls the transport's hooks", async () => {
        const accept = 'multipart/related; type="application/octet-stream"; of-the=application';
        const beforeSend = jasmine.createSpy('beforeSend').and.resolveTo({ Accept: accept });
        const open = jasmine.createSpy('open').and.callFake((xhr: XMLHttpRequest, url: string) => {
          xhr.open('get', url, true);
        });
        const onloadstart = jasmine.createSpy('onloadstart');
        const onprogress = jasmine.createSpy('onprogress');
        const onloadend = jasmine.createSpy('onloadend');
        internal.setOptions({ beforeSend, open, onloadstart, onprogress, onloadend });
        const progress = eventsOf('cornerstoneimageloadprogress');
        const volume = await createVolume(imageIds);
        await volume.load();

        const requests = await frameRequests();
        expect(requests.map(({ headers }) => headers['accept'])).toEqual(
          imageIds.map(() => accept),
        );
        const asked = beforeSend.calls.allArgs().map(([, imageId]) => imageId as string);
        expect(asked.toSorted()).toEqual(imageIds.toSorted());
        expect(beforeSend.calls.first().args[0]).toBeInstanceOf(XMLHttpRequest);
        expect(open.calls.count()).toBe(SLICES);
        for (const hook of [onloadstart, onprogress, onloadend]) {
          const told = new Set(
            hook.calls.allArgs().map(([, params]) => (params as { imageId: string }).imageId),
          );
          expect([...told].toSorted()).toEqual(imageIds.toSorted());
        }
        const last = progress.details.at(-1) as { loaded: number; total: number };
        expect(last.loaded).toBe(last.total);
        expect(internal.getOptions().beforeSend).toBe(beforeSend);
        expect(internal.getOptions().open).toBe(open);
      });

      it("D5: tells the application's interceptor of a failed request", async () => {
        const errorInterceptor = jasmine.createSpy('errorInterceptor');
        internal.setOptions({ errorInterceptor });
        await expectOneFailure(
          imageIds,
          { status: 403 },
          { code: 'frame-fetch', status: 403, cause: response },
        );
        expect(errorInterceptor.calls.count()).toBe(1);
        const error = errorInterceptor.calls.first().args[0] as { request: XMLHttpRequest };
        expect(error).toBeInstanceOf(Error);
        expect(error).toEqual(
          jasmine.objectContaining({
            status: 403,
            request: response,
            response: jasmine.any(ArrayBuffer),
          }),
        );
        expect(error.request.status).toBe(403);
      });

      const refusal = new Error('the session has expired');
      for (const [name, beforeSend] of [
        ['rejects', () => Promise.reject(refusal)],
        [
          'throws',
          () => {
            throw refusal;
          },
        ],
      ] as const) {
        it(`D24: reports every frame when beforeSend ${name}, and sends nothing`, async () => {
          internal.setOptions({ beforeSend });
          const volume = await createVolume(imageIds);
          const { failed } = await volume.load();
          expect(failed.length).toBe(SLICES);
          expect(failed.map(({ error }) => error.code)).toEqual(imageIds.map(() => 'frame-fetch'));
          expect(failed[0]?.error.cause).toBe(refusal);
          expect(failed[0]?.error.message).toContain('the session has expired');
          expect(await frameRequests()).toEqual([]);
        });
      }

      it('D24: reports every frame when open throws', async () => {
        internal.setOptions({
          open: () => {
            throw refusal;
          },
        });
        const volume = await createVolume(imageIds);
        const { failed } = await volume.load();
        expect(failed.length).toBe(SLICES);
        expect(failed[0]?.error.cause).toBe(refusal);
      });

      it('sends nothing for a load that was cancelled while beforeSend was pending', async () => {
        const answers: (() => void)[] = [];
        internal.setOptions({
          beforeSend: () =>
            new Promise((resolve) => {
              answers.push(() => {
                resolve();
              });
            }),
        });
        const volume = await createVolume(imageIds, { maxInFlight: 2 });
        const loaded = volume.load();
        await until(() => answers.length === 2);
        volume.cancelLoading();
        answers.forEach((answer) => {
          answer();
        });
        await expectAsync(loaded).toBeRejected();
        // By the time that the answer to this is here, a frame would have been asked for.
        await fetch(imageIds[0]?.slice('wadors:'.length) as string);
        expect((await frameRequests()).length).toBe(1);

        internal.setOptions({ beforeSend: async () => undefined });
        expect((await volume.load()).failed).toEqual([]);
        expect(firstWrongVoxel(volume, FORMAT)).toBe('none');
      });
    });

    it('it is cancelled, aborts what is in flight, asks for no more, and goes on when told', async () => {
      const volume = await createVolume(imageIds, { maxInFlight: 2 });
      const completed = eventsOf(Enums.Events.IMAGE_VOLUME_LOADING_COMPLETED);
      const errors = eventsOf(Enums.Events.IMAGE_LOAD_ERROR);
      await setFaults([{ match: '/frames/', hold: true }]);
      const loaded = volume.load();
      await untilFrameRequests((requests) => requests.length === 2);
      volume.cancelLoading();
      await expectAsync(loaded).toBeRejectedWith(jasmine.objectContaining({ name: 'AbortError' }));
      const aborted = await untilFrameRequests((requests) =>
        requests.every(({ endedAt }) => endedAt !== null),
      );
      expect(aborted.map((request) => request.aborted)).toEqual([true, true]);
      expect(volume.framesProcessed).toBe(0);
      expect(errors.details).toEqual([]);
      expect(volume.getScalarData().every((value) => value === 0)).toBeTrue();

      await setFaults([]);
      expect(await volume.load()).toEqual({ framesLoaded: SLICES, failed: [] });
      expect(firstWrongVoxel(volume, FORMAT)).toBe('none');
      expect((await frameRequests()).length).toBe(2 + SLICES);
      expect(completed.details.length).toBe(1);
    });

    it('it is cancelled half-way, asks only for the frames that are missing', async () => {
      const volume = await createVolume(imageIds, { maxInFlight: 2 });
      const firstSlices = volume.imageIds.slice(0, 8).map(pathOf).join('|');
      await setFaults([{ match: firstSlices, hold: true }]);
      const loaded = volume.load();
      await until(() => volume.framesLoaded > 4);
      volume.cancelLoading();
      await expectAsync(loaded).toBeRejected();
      await untilFrameRequests((requests) => requests.every(({ endedAt }) => endedAt !== null));
      const { framesLoaded } = volume;
      await resetServer();
      expect((await volume.load()).framesLoaded).toBe(SLICES);
      const paths = (await frameRequests()).map(({ path }) => path);
      expect(new Set(paths).size).toBe(paths.length);
      // A frame that was being decoded when the load was cancelled is kept.
      expect(paths.length).toBeLessThanOrEqual(SLICES - framesLoaded);
      const missing = volume.imageIds.slice(0, 8).map((imageId) => new RegExp(pathOf(imageId)));
      expect(missing.every((pattern) => paths.some((path) => pattern.test(path)))).toBeTrue();
      expect(firstWrongVoxel(volume, FORMAT)).toBe('none');
    });
  });
}
