import { createVolumeFromImages } from '../../src/index.js';
import { imageLoader } from '@cornerstonejs/core';
import { createVolume } from '../support/createVolume.js';
import { newVolumeId, startCornerstone, stopCornerstone } from '../support/cornerstone.js';
import { SyntheticSeries } from '../support/SyntheticSeries.js';
import { until } from '../support/until.js';

const COUNT = 8;
const SIDE = 128;
const FRAME_VALUES = SIDE * SIDE;
/** Stored values of two bytes become singles of four. */
const VOLUME_BYTES = COUNT * FRAME_VALUES * 4;

const TYPED_ARRAYS = ['Uint8Array', 'Int16Array', 'Uint16Array', 'Float32Array'] as const;
const BUFFERS = ['ArrayBuffer', 'SharedArrayBuffer'] as const;

describe('The memory that a volume takes', () => {
  let series: SyntheticSeries;
  let putBack: () => void = () => undefined;

  beforeEach(() => {
    startCornerstone();
    // The same array each time, so that only what the volume allocates is counted.
    const pixels = Uint16Array.from({ length: FRAME_VALUES }, (_, i) => i % 1000);
    series = new SyntheticSeries({
      count: COUNT,
      columns: SIDE,
      rows: SIDE,
      slope: () => 0.5,
      pixels: () => pixels,
    });
    startCornerstone({ imageLoaders: { [series.scheme]: series.load } });
  });

  afterEach(() => {
    putBack();
    series.dispose();
    stopCornerstone();
  });

  /** Counts bytes of buffers of at least a frame's size, however they are allocated. */
  function countBytes(): () => number {
    let bytes = 0;
    const note = (size: number): void => {
      bytes += size >= FRAME_VALUES ? size : 0;
    };
    const globals = globalThis as unknown as Record<string, new (...args: unknown[]) => object>;
    const originals = [...BUFFERS, ...TYPED_ARRAYS].flatMap((name) => {
      const original = globals[name];
      return original ? [[name, original] as const] : [];
    });
    for (const [name, original] of originals) {
      const isBuffer = (BUFFERS as readonly string[]).includes(name);
      globals[name] = new Proxy(original, {
        construct: (target, args, newTarget) => {
          const made = Reflect.construct(target, args, newTarget) as { byteLength: number };
          // A view of a buffer takes no memory of its own.
          if (isBuffer || !isBufferObject(args[0])) {
            note(made.byteLength);
          }
          return made;
        },
      });
    }
    spyOn(Float32Array.prototype, 'slice').and.callFake(function copy(
      this: Float32Array,
      start?: number,
      end?: number,
    ) {
      return new Float32Array(this.subarray(start, end));
    });
    putBack = () => {
      originals.forEach(([name, original]) => {
        globals[name] = original;
      });
      putBack = () => undefined;
    };
    return () => bytes;
  }

  it('is that of its voxels, from its making to its Images in the cache', async () => {
    const bytes = countBytes();
    const volume = await createVolume(series.imageIds);
    expect(bytes()).toBe(VOLUME_BYTES);
    await volume.load();
    const image = await imageLoader.loadAndCacheImage(series.imageIds[0] as string);
    expect(image.voxelManager?.getAtIJK(3, 0, 0)).toBe(1.5);
    volume.getCornerstoneImages();
    volume.voxelManager?.getCompleteScalarDataArray?.();
    expect(volume.sizeInBytes).toBe(VOLUME_BYTES);
    expect(bytes()).toBe(VOLUME_BYTES);
    // What the count sees: a copy is one more frame.
    volume.convertToCornerstoneImage(series.imageIds[0] as string);
    expect(bytes()).toBe(VOLUME_BYTES + FRAME_VALUES * 4);
  });

  it('is no more when the frames come from Images', async () => {
    await Promise.all(series.imageIds.map((imageId) => imageLoader.loadAndCacheImage(imageId)));
    const bytes = countBytes();
    const volume = await createVolumeFromImages(newVolumeId(), series.imageIds);
    await until(() => volume.loadStatus.loaded);
    expect(volume.getScalarData()[3]).toBe(1.5);
    expect(bytes()).toBe(VOLUME_BYTES);
  });
});

/** Whether an array of it is a view; one of another array is a copy. */
function isBufferObject(source: unknown): boolean {
  return typeof source === 'object' && source !== null && !('length' in source);
}
