import { cache, getWebWorkerManager, imageLoader } from '@cornerstonejs/core';
import { wadors } from '@cornerstonejs/dicom-image-loader';
import type { FrameCommand } from '../../src/pixels/worker/frameMessages.js';
import type { StreamingImageVolume } from '../../src/index.js';
import { createVolume } from '../support/createVolume.js';
import { startCornerstone, stopCornerstone } from '../support/cornerstone.js';
import { dicomWebRoot, fetchSeries } from '../support/dicomWebSeries.js';
import {
  frameRequests,
  releaseAnswers,
  resetServer,
  setFaults,
  untilFrameRequests,
} from '../support/serverControls.js';
import { HOOK_SETS, setHooks } from '../support/hookSets.js';
import { firstWrongVoxel } from '../support/testSeriesTruth.js';
import { until } from '../support/until.js';

const FORMAT = 'ct-uint12';
const SLICES = 24;
const ALL = { framesLoaded: SLICES, failed: [] };

for (const { name, hooks, fallsBackFor } of HOOK_SETS) {
  describe(`Frame workers, with ${name},`, () => {
    const isServed = fallsBackFor === undefined;
    const PageWorker = window.Worker;
    let imageIds: string[];
    let takeHooksBack: () => void;

    beforeEach(async () => {
      startCornerstone();
      takeHooksBack = setHooks(hooks);
      ({ imageIds } = await fetchSeries(dicomWebRoot(`synthetic/${FORMAT}`) as string));
      await resetServer();
    });

    afterEach(async () => {
      window.Worker = PageWorker;
      takeHooksBack();
      await resetServer();
      stopCornerstone();
    });

    function expectTransport({ transport }: StreamingImageVolume): void {
      expect(transport?.thread).toBe(isServed ? 'worker' : 'main thread');
      expect(transport?.reason).toContain(fallsBackFor ?? 'frame workers fetch');
    }

    /** Lets a spec say what becomes of the frame workers; those of others are started as ever. */
    function frameWorkersAre(create: (start: () => Worker) => Worker): void {
      // Not a spy: those cannot be called with `new` here.
      window.Worker = function startWorker(url: URL, options?: WorkerOptions) {
        const start = (): Worker => new PageWorker(url, options);
        return String(url).includes('frameWorker') ? create(start) : start();
      } as unknown as typeof Worker;
    }

    it('load a series by default, and tell how much has arrived', async () => {
      const decode = spyOn(getWebWorkerManager(), 'executeTask').and.callThrough();
      const volume = await createVolume(imageIds);
      expect(await volume.load()).toEqual(ALL);
      expect(firstWrongVoxel(volume, FORMAT)).toBe('none');
      expectTransport(volume);
      expect(decode).not.toHaveBeenCalled();
      expect(volume.progress.bytesReceived).toBeGreaterThan(volume.sizeInBytes);
      expect(volume.progress.bytesReceived).toBeLessThan(1.2 * volume.sizeInBytes);
      expect((await frameRequests()).length).toBe(SLICES);
    });

    if (isServed) {
      it('get the memory of a frame back for the next, where it is not shared', async () => {
        const maxInFlight = 3;
        const tell: jasmine.Spy<(command: FrameCommand) => void>[] = [];
        frameWorkersAre((start) => {
          const worker = start();
          tell.push(spyOn(worker, 'postMessage').and.callThrough() as jasmine.Spy);
          return worker;
        });
        const volume = await createVolume(imageIds, { maxInFlight });
        expect(await volume.load()).toEqual(ALL);
        expect(firstWrongVoxel(volume, FORMAT)).toBe('none');
        const withoutMemory = tell
          .flatMap(({ calls }) => calls.allArgs())
          .filter(
            ([command]) =>
              command.type === 'fetch' &&
              command.request.wants === 'frame' &&
              !command.request.output?.spare,
          );
        expect(withoutMemory.length).toBe(window.crossOriginIsolated ? SLICES : maxInFlight);
      });
    }

    it('take addresses that are relative to the page', async () => {
      const { protocol } = window.location;
      const relative = imageIds.map((imageId) => {
        const short = imageId.replace(`wadors:${protocol}`, 'wadors:');
        wadors.metaDataManager.add(short, wadors.metaDataManager.get(imageId));
        return short;
      });
      const volume = await createVolume(relative);
      expect(await volume.load()).toEqual(ALL);
      expect(firstWrongVoxel(volume, FORMAT)).toBe('none');
      expectTransport(volume);
    });

    it('are told as the transport where an Image of the page, under way, gives one frame', async () => {
      await setFaults([
        { match: new URL((imageIds[0] as string).slice('wadors:'.length)).pathname, hold: true },
      ]);
      const image = imageLoader.loadAndCacheImage(imageIds[0] as string);
      const volume = await createVolume(imageIds);
      const loaded = volume.load();
      await untilFrameRequests((requests) => requests.length === SLICES);
      await releaseAnswers();
      expect(await loaded).toEqual(ALL);
      await image;
      expect((await frameRequests()).length).toBe(SLICES);
      expect(firstWrongVoxel(volume, FORMAT)).toBe('none');
      expectTransport(volume);
    });

    it('fetch a frame once for two volumes', async () => {
      const [first, second] = [await createVolume(imageIds), await createVolume(imageIds)];
      expect(await Promise.all([first.load(), second.load()])).toEqual([ALL, ALL]);
      expect(firstWrongVoxel(first, FORMAT)).toBe('none');
      expect(firstWrongVoxel(second, FORMAT)).toBe('none');
      expect((await frameRequests()).length).toBe(SLICES);
    });

    it('leave a volume alone that has given up a frame which another one waits for', async () => {
      const [first, second] = [
        await createVolume(imageIds, { maxInFlight: 2 }),
        await createVolume(imageIds, { maxInFlight: 2 }),
      ];
      await setFaults([{ match: '/frames/', hold: true }]);
      const cancelled = first.load();
      const loaded = second.load();
      await untilFrameRequests((requests) => requests.length === 2);
      first.cancelLoading();
      await expectAsync(cancelled).toBeRejected();
      await resetServer();
      expect(await loaded).toEqual(ALL);
      expect(firstWrongVoxel(second, FORMAT)).toBe('none');
      expect(first.getScalarData().every((value) => value === 0)).toBeTrue();
      expect(await first.load()).toEqual(ALL);
      expect(firstWrongVoxel(first, FORMAT)).toBe('none');
    });

    for (const [what, create] of [
      [
        'may not be made',
        () => {
          throw new DOMException('Workers are not allowed here', 'SecurityError');
        },
      ],
      ['break at once', () => new PageWorker('data:text/javascript,throw new Error()')],
    ] as const) {
      it(`are not missed where they ${what}`, async () => {
        let made = 0;
        frameWorkersAre(() => {
          made += 1;
          return create();
        });
        const volume = await createVolume(imageIds);
        expect(await volume.load()).toEqual(ALL);
        expect(firstWrongVoxel(volume, FORMAT)).toBe('none');
        // The second volume would find the frames there.
        cache.removeVolumeLoadObject(volume.volumeId);
        const madeBefore = made;
        expect(made > 0 || !isServed).toBeTrue();
        expect(await (await createVolume(imageIds)).load()).toEqual(ALL);
        expect(made).toBe(madeBefore);
        expect((await frameRequests()).length).toBe(2 * SLICES);
      });
    }

    if (isServed) {
      it('are not missed when they break half-way', async () => {
        const made: Worker[] = [];
        frameWorkersAre((start) => {
          made.push(start());
          return made.at(-1) as Worker;
        });
        const volume = await createVolume(imageIds, { maxInFlight: 4 });
        await setFaults([{ match: pathOf(volume.imageIds[0] as string), hold: true }]);
        const loaded = volume.load();
        await until(() => volume.framesLoaded === SLICES - 1);
        await setFaults([]);
        made[0]?.dispatchEvent(new ErrorEvent('error', { cancelable: true }));
        expect(await loaded).toEqual(ALL);
        expect(firstWrongVoxel(volume, FORMAT)).toBe('none');
        expect((await frameRequests()).length).toBe(SLICES + 1);
      });
    }
  });
}

function pathOf(imageId: string): string {
  return new URL(imageId.slice('wadors:'.length)).pathname.replaceAll('.', '\\.');
}
