import codecFrames from '../support/codecFrames.json';
import { wadouri } from '@cornerstonejs/dicom-image-loader';
import { defaultMaxInFlight } from '../../src/api/options.js';
import { canShareMemory, FrameStore } from '../../src/base/voxels/FrameStore.js';
import { isStreamingVolumeError, prefetchMetadata } from '../../src/index.js';
import { defaultFrameWorkers } from '../../src/pixels/worker/FrameWorkerPool.js';
import { receiveResponse } from '../../src/pixels/worker/receiveResponse.js';
import { ResponseMemory } from '../../src/pixels/worker/ResponseMemory.js';
import { startCornerstone, stopCornerstone } from '../support/cornerstone.js';
import { createVolume } from '../support/createVolume.js';
import { dicomText, dicomWebRoot, fetchSeries } from '../support/dicomWebSeries.js';
import { encodePart10 } from '../support/encodePart10.js';
import { karmaFixtures } from '../support/karmaFixtures.js';
import { replaceProperty } from '../support/replaceProperty.js';
import { serveSeries } from '../support/servedSeries.js';
import { resetServer } from '../support/serverControls.js';
import { firstWrongVoxel } from '../support/testSeriesTruth.js';

const SLICES = 24;
const IS_SHARED = karmaFixtures.isolated;

let useCount = 0;

describe('R20: a browser', () => {
  const putBack: (() => void)[] = [];

  beforeEach(() => {
    startCornerstone();
  });

  afterEach(async () => {
    putBack.splice(0).forEach((each) => {
      each();
    });
    stopCornerstone();
    await resetServer();
  });

  /** Until the end of the spec. */
  function replace(owner: object, name: string, value: unknown): void {
    putBack.push(replaceProperty(owner, name, value));
  }

  async function files(): Promise<string[]> {
    useCount += 1;
    const { instances } = await fetchSeries(dicomWebRoot('synthetic/ct-uint12') as string);
    const root = `${String(karmaFixtures['origin'])}/data/synthetic/ct-uint12/files`;
    return instances.map(
      (instance) => `${root}/${dicomText(instance, '00080018')}.dcm?feature=${useCount}`,
    );
  }

  async function expectEveryVoxel(imageIds: readonly string[], isShared: boolean): Promise<void> {
    const volume = await createVolume(imageIds);
    expect(await volume.load()).toEqual({ framesLoaded: SLICES, failed: [] });
    expect(firstWrongVoxel(volume, 'ct-uint12')).toBe('none');
    expect(volume.getScalarData().buffer instanceof ArrayBuffer).toBe(!isShared);
  }

  const refuses = (limit: number): unknown =>
    IS_SHARED &&
    new Proxy(SharedArrayBuffer, {
      construct(target, [length]: [number]) {
        if (length >= limit) {
          throw new RangeError('Array buffer allocation failed');
        }
        return new target(length);
      },
    });

  const MEMORIES: readonly (readonly [name: string, change: () => void, isShared: boolean])[] = [
    ['as it is', () => undefined, IS_SHARED],
    [
      'without SharedArrayBuffer',
      () => {
        replace(globalThis, 'SharedArrayBuffer', undefined);
      },
      false,
    ],
    [
      'that says to be isolated and has no SharedArrayBuffer',
      () => {
        replace(globalThis, 'SharedArrayBuffer', undefined);
        replace(globalThis, 'crossOriginIsolated', true);
      },
      false,
    ],
    [
      'that does not say whether it is isolated',
      () => {
        replace(globalThis, 'crossOriginIsolated', false);
      },
      IS_SHARED,
    ],
    [
      'with a SharedArrayBuffer that is not for workers',
      () => {
        const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
        replace(globalThis, 'SharedArrayBuffer', memory.buffer.constructor);
        replace(globalThis, 'crossOriginIsolated', true);
      },
      // An isolated page may give it to workers.
      IS_SHARED,
    ],
    ...(IS_SHARED
      ? ([
          [
            'with a SharedArrayBuffer that cannot be made',
            () => {
              replace(globalThis, 'SharedArrayBuffer', refuses(0));
            },
            false,
          ],
          [
            'with less shared memory than a volume needs',
            () => {
              replace(globalThis, 'SharedArrayBuffer', refuses(100_000));
            },
            false,
          ],
        ] as const)
      : []),
  ];

  for (const [name, change, isShared] of MEMORIES) {
    describe(name, () => {
      for (const frameWorkers of [undefined, 0]) {
        it(`has every voxel over wadors: (frameWorkers: ${frameWorkers ?? 'default'})`, async () => {
          startCornerstone(frameWorkers === undefined ? {} : { frameWorkers });
          const { imageIds } = await fetchSeries(dicomWebRoot('synthetic/ct-uint12') as string);
          change();
          await expectEveryVoxel(imageIds, isShared);
        });
      }

      it('has every voxel over wadouri:', async () => {
        const imageIds = (await files()).map((url) => `wadouri:${url}`);
        change();
        await expectEveryVoxel(imageIds, isShared);
      });

      it('has every voxel of files from the disk', async () => {
        const imageIds = await Promise.all(
          (await files()).map(async (url) => {
            const bytes = await (await fetch(url)).arrayBuffer();
            return wadouri.fileManager.add(new File([bytes], 'slice.dcm'));
          }),
        );
        change();
        await expectEveryVoxel(imageIds, isShared);
      });

      it('has every voxel of compressed frames', async () => {
        const { columns, rows, jpegLs } = codecFrames;
        const imageIds = await serveSeries({
          columns,
          rows,
          bitsAllocated: 16,
          contentType: 'image/jls',
          body: Uint8Array.from(atob(jpegLs), (character) => character.charCodeAt(0)),
        });
        change();
        const volume = await createVolume(imageIds);
        expect(await volume.load()).toEqual({ framesLoaded: 3, failed: [] });
        const expected = Array.from({ length: 96 }, (_, i) => (37 * (i % 32)) % 1000);
        expect(Array.from(volume.getScalarData())).toEqual(expected);
      });
    });
  }

  it('can share memory exactly where workers can have it', () => {
    expect(canShareMemory()).toBe(IS_SHARED);
    replace(globalThis, 'crossOriginIsolated', !IS_SHARED);
    expect(canShareMemory()).toBe(IS_SHARED);
    replace(globalThis, 'SharedArrayBuffer', undefined);
    expect(canShareMemory()).toBeFalse();
  });

  it('without memory says so, shared or not', () => {
    for (const shared of [true, false]) {
      const size = {
        dataType: 'Int16Array',
        frameCount: 2 ** 20,
        valuesPerFrame: 2 ** 30,
      } as const;
      expect(() => new FrameStore({ ...size, shared })).toThrowError(RangeError);
    }
  });

  for (const [name, change] of [
    [
      'without workers',
      () => {
        replace(globalThis, 'Worker', undefined);
      },
    ],
    [
      'that allows no workers',
      () => {
        const refuse = (): never => {
          throw new DOMException('Not here', 'SecurityError');
        };
        replace(globalThis, 'Worker', new Proxy(Worker, { construct: refuse }));
      },
    ],
    [
      'that does not tell how many cores it has',
      () => {
        replace(navigator, 'hardwareConcurrency', null);
        Object.defineProperty(navigator, 'hardwareConcurrency', {
          configurable: true,
          value: undefined,
        });
      },
    ],
    [
      'without timing of resources',
      () => {
        replace(performance, 'getEntriesByType', () => []);
      },
    ],
  ] as const) {
    it(`${name} has every voxel`, async () => {
      stopCornerstone();
      change();
      startCornerstone();
      const { imageIds } = await fetchSeries(dicomWebRoot('synthetic/ct-uint12') as string);
      const volume = await createVolume(imageIds, { maxInFlight: undefined as never });
      expect(await volume.load()).toEqual({ framesLoaded: SLICES, failed: [] });
      expect(firstWrongVoxel(volume, 'ct-uint12')).toBe('none');
    });
  }

  it('that does not tell how many cores it has is taken for one of one core', () => {
    expect(defaultMaxInFlight('h2', false, undefined)).toBe(defaultMaxInFlight('h2', false, 1));
    expect(defaultFrameWorkers(undefined)).toBe(1);
  });

  it('without DecompressionStream refuses deflated files, and says why', async () => {
    const file = await encodePart10([{ tag: 0x00280010, vr: 'US', value: [4] }], 'deflated');
    const imageId = wadouri.fileManager.add(new File([file], 'deflated.dcm'));
    replace(globalThis, 'DecompressionStream', undefined);
    let caught: unknown;
    try {
      await prefetchMetadata([imageId]);
    } catch (error) {
      caught = error;
    }
    expect(isStreamingVolumeError(caught, 'metadata-fetch')).toBeTrue();
    const [error] = isStreamingVolumeError(caught) ? caught.errors : [];
    expect(error?.code).toBe('header-malformed');
    expect(error?.message).toContain('this browser cannot inflate it');
  });

  it('that does not stream responses has all bytes of them', async () => {
    const response = new Response(Uint8Array.of(1, 2, 3));
    Object.defineProperty(response, 'body', { value: null });
    replace(globalThis, 'fetch', () => Promise.resolve(response));
    const memory = new ResponseMemory();
    memory.begin(2);
    const received: number[] = [];
    await receiveResponse(
      {
        url: '/',
        headers: [],
        credentials: 'same-origin',
        timeoutMs: 0,
        tellsHead: 'never',
        maxBytes: 3,
        maxErrorBytes: 3,
      },
      'wadors:/',
      memory,
      new AbortController().signal,
      {
        onHead: () => undefined,
        onReceived: ({ loaded }) => received.push(loaded),
      },
    );
    expect([...memory.bytes]).toEqual([1, 2, 3]);
    expect(received).toEqual([3]);
  });
});
