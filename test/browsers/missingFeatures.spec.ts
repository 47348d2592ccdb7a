import { setUseCPURendering, getShouldUseCPURendering } from '@cornerstonejs/core';
import type { StreamingImageVolume } from '../../src/index.js';
import { wasmCodec } from '../../src/pixels/codecs/wasmCodec.js';
import codecFrames from '../support/codecFrames.json';
import { startCornerstone, stopCornerstone } from '../support/cornerstone.js';
import { createVolume } from '../support/createVolume.js';
import { encodeRle } from '../support/encodeRle.js';
import { addSeries, SOURCES, workersOf } from '../support/pixelSeries.js';
import type { Source, StoredFormat } from '../support/pixelSeries.js';
import { replaceProperty } from '../support/replaceProperty.js';

const SLICES = 3;
const { rows, columns, jpegLs } = codecFrames;
const FORMAT: StoredFormat = {
  rows,
  columns,
  bitsAllocated: 16,
  bitsStored: 16,
  highBit: 15,
  pixelRepresentation: 0,
};
const FRAME = Uint16Array.from({ length: rows * columns }, (_, i) => (37 * i) % 1000);
const VOXELS = Array.from({ length: SLICES }, () => [...FRAME]).flat();
const NATIVE = new Uint8Array(FRAME.buffer);

/** The same frame in each syntax. */
const ENCODED = {
  explicit: NATIVE,
  rle: encodeRle(NATIVE, 2),
  'jpeg-ls': Uint8Array.from(atob(jpegLs), (character) => character.charCodeAt(0)),
} as const;

function createSeries(source: Source, syntax: keyof typeof ENCODED): Promise<string[]> {
  const frames = Array.from({ length: SLICES }, () => ENCODED[syntax]);
  return addSeries(source, FORMAT, frames, { syntax });
}

async function expectEveryVoxel(volume: StreamingImageVolume): Promise<void> {
  expect(await volume.load()).toEqual({ framesLoaded: SLICES, failed: [] });
  expect(Array.from(volume.getScalarData())).toEqual(VOXELS);
}

/** `Worker` whose workers have no WebAssembly. */
function workersWithoutWebAssembly(): typeof Worker {
  return new Proxy(Worker, {
    construct(target, [url]: [string | URL]) {
      const address = JSON.stringify(String(url));
      // Scripts of a bundle are found by the address of the worker, which would be that of the blob.
      const script = `
        Object.defineProperty(self, 'location', { value: new URL(${address}) });
        Object.defineProperty(self, 'WebAssembly', { value: undefined });
        importScripts(${address});`;
      return new target(URL.createObjectURL(new Blob([script], { type: 'text/javascript' })));
    },
  });
}

describe('A browser without WebAssembly', () => {
  const putBack: (() => void)[] = [];

  afterEach(() => {
    stopCornerstone();
    putBack.splice(0).forEach((each) => {
      each();
    });
  });

  function start(source: Source): void {
    // The workers of dicom-image-loader, which serve other specs too, stay as they are.
    startCornerstone();
    stopCornerstone();
    putBack.push(
      replaceProperty(globalThis, 'WebAssembly', undefined),
      replaceProperty(globalThis, 'Worker', workersWithoutWebAssembly()),
    );
    startCornerstone(workersOf(source));
  }

  for (const source of SOURCES) {
    for (const syntax of ['explicit', 'rle'] as const) {
      it(`has every voxel over ${source} in ${syntax}`, async () => {
        start(source);
        await expectEveryVoxel(await createVolume(await createSeries(source, syntax)));
      });
    }

    it(`says over ${source} that a frame needs WebAssembly, and which frame`, async () => {
      start(source);
      const volume = await createVolume(await createSeries(source, 'jpeg-ls'));
      const { framesLoaded, failed } = await volume.load();
      expect([framesLoaded, failed.length]).toEqual([0, SLICES]);
      for (const { imageId, error } of failed) {
        expect([error.code, error.imageIds]).toEqual(['frame-decode', [imageId]]);
        expect(error.message).toContain(imageId);
        expect(error.message).toContain(
          'transfer syntax 1.2.840.10008.1.2.4.80 needs WebAssembly, which this browser lacks',
        );
      }
    });
  }

  it('is asked for no codec', async () => {
    putBack.push(replaceProperty(globalThis, 'WebAssembly', undefined));
    const load = jasmine.createSpy('load');
    const codec = wasmCodec({
      load,
      wasmUrl: () => new URL('https://x.invalid/'),
      wasmName: 'x.wasm',
      decoder: 'Decoder',
      signBy: 'header',
    });
    await expectAsync(codec({})).toBeRejectedWithError('this browser has no WebAssembly');
    expect(load).not.toHaveBeenCalled();
  });
});

describe('A browser without WebGL 2', () => {
  let usedCpu: boolean;
  let putBack: () => void;

  afterEach(() => {
    stopCornerstone();
    putBack();
    setUseCPURendering(usedCpu);
  });

  for (const source of SOURCES) {
    it(`has every voxel over ${source}, and gives its frames back as Images`, async () => {
      putBack = replaceProperty(HTMLCanvasElement.prototype, 'getContext', withoutWebGl());
      startCornerstone(workersOf(source));
      usedCpu = getShouldUseCPURendering();
      setUseCPURendering(true);
      const volume = await createVolume(await createSeries(source, 'jpeg-ls'));
      await expectEveryVoxel(volume);
      const [imageId = ''] = volume.imageIds.slice(1);
      const image = volume.convertToCornerstoneImage(imageId, 1);
      expect(Array.from(image.getPixelData())).toEqual([...FRAME]);
    });
  }

  function withoutWebGl(): unknown {
    const getContext = Reflect.get(HTMLCanvasElement.prototype, 'getContext') as (
      ...values: unknown[]
    ) => unknown;
    return function getOther(this: HTMLCanvasElement, type: string, ...options: unknown[]) {
      return type.startsWith('webgl') ? null : getContext.call(this, type, ...options);
    };
  }
});
