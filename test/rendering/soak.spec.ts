import { cache, Enums, eventTarget } from '@cornerstonejs/core';
import type { StreamingImageVolume } from '../../src/index.js';
import { createVolume } from '../support/createVolume.js';
import { startDrawing, stopDrawing } from './support/drawing.js';
import { Pane } from './support/Pane.js';
import type { OrthographicViewport } from './support/Pane.js';
import { SyntheticSeries } from '../support/SyntheticSeries.js';
import { onBothLoaders } from '../tools/support/onBothLoaders.js';
import { showVolume } from '../tools/support/showVolume.js';
import { countTextures } from './support/countTextures.js';

const CYCLES = 200;
/** After these, all that Cornerstone makes once is there. */
const FIRST_CYCLES = 5;
const FIRST_CYCLES_OF_HEAP = 50;
/** In bytes: Cornerstone's mappers keep some 56 kB when an actor goes, see docs/compatibility.md. */
const HEAP_PER_VOLUME = 100_000;

describe('Many volumes, one after the other', () => {
  let series: SyntheticSeries;

  beforeEach(() => {
    startDrawing();
    series = new SyntheticSeries({
      count: 2,
      columns: 4,
      rows: 4,
      window: { center: 50, width: 100 },
    });
  });

  afterEach(() => {
    series.dispose();
    stopDrawing();
  });

  /** Counts listeners of Cornerstone's events that were added and not removed. */
  function countListeners(): () => number {
    const live = new Map<unknown, Set<string>>();
    const typesOf = (listener: unknown): Set<string> => live.get(listener) ?? new Set();
    const add = eventTarget.addEventListener.bind(eventTarget);
    const remove = eventTarget.removeEventListener.bind(eventTarget);
    spyOn(eventTarget, 'addEventListener').and.callFake((type, listener) => {
      live.set(listener, typesOf(listener).add(type));
      add(type, listener);
    });
    spyOn(eventTarget, 'removeEventListener').and.callFake((type, listener) => {
      typesOf(listener).delete(type);
      remove(type, listener);
    });
    return () => [...live.values()].reduce((sum, types) => sum + types.size, 0);
  }

  it('D28: leave no texture, no listener and nothing in the cache', async () => {
    const textures = countTextures(WebGL2RenderingContext.TEXTURE_3D);
    const listeners = countListeners();
    const pane = new Pane<OrthographicViewport>(Enums.ViewportType.ORTHOGRAPHIC, {
      plane: 'axial',
    });
    const size = cache.getCacheSize();
    const measure = () => ({
      size: cache.getCacheSize(),
      textures: textures(),
      listeners: listeners(),
      images: series.imageIds.filter((imageId) => cache.getImageLoadObject(imageId)).length,
      volumes: cache.getVolumes().length,
    });
    let early = measure();
    let mostTextures = 0;
    for (let cycle = 0; cycle < CYCLES; cycle++) {
      const volume = await drawNext(pane);
      mostTextures = Math.max(mostTextures, textures());
      cache.removeVolumeLoadObject(volume.volumeId);
      if (cycle === FIRST_CYCLES) {
        early = measure();
      }
    }
    expect(measure()).toEqual(early);
    expect(cache.getCacheSize()).toBe(size);
    // The volume's own texture was there while it was shown.
    expect(mostTextures).toBeGreaterThan(early.textures);
    expect(series.requests.length).toBe(2 * CYCLES);
  }, 60_000);

  it('leave none of their voxels in memory, and in the heap no more than mappers keep', async () => {
    const pane = new Pane<OrthographicViewport>(Enums.ViewportType.ORTHOGRAPHIC, {
      plane: 'axial',
    });
    const voxels: WeakRef<object>[] = [];
    let early = 0;
    for (let cycle = 0; cycle < CYCLES; cycle++) {
      voxels.push(await drawOnce(pane));
      if (cycle === FIRST_CYCLES_OF_HEAP) {
        early = await heapSize();
      }
    }
    const late = await heapSize();
    const held = voxels.filter((reference) => reference.deref() !== undefined).length;
    // The viewport has the last ones until it shows another.
    expect(held).toBeLessThanOrEqual(3);
    expect((late - early) / (CYCLES - FIRST_CYCLES_OF_HEAP)).toBeLessThan(HEAP_PER_VOLUME);
  }, 60_000);

  /** Makes, loads and draws a volume. */
  async function drawNext(pane: Pane<OrthographicViewport>): Promise<StreamingImageVolume> {
    const volume = await createVolume(series.imageIds);
    await pane.viewport.setVolumes([{ volumeId: volume.volumeId }]);
    await volume.load();
    const rendered = pane.nextRender();
    pane.viewport.render();
    await rendered;
    return volume;
  }

  /** Makes, loads, draws and removes a volume; its voxels may be collected from then on. */
  async function drawOnce(pane: Pane<OrthographicViewport>): Promise<WeakRef<object>> {
    const volume = await drawNext(pane);
    cache.removeVolumeLoadObject(volume.volumeId);
    // What was asked for has the place in the voxels that it was for.
    series.requests.length = 0;
    return new WeakRef(volume.getScalarData().buffer);
  }

  /** Bytes of the heap after everything was collected that can be. */
  async function heapSize(): Promise<number> {
    const { gc } = globalThis as unknown as { gc: () => void };
    for (let pass = 0; pass < 3; pass++) {
      // Weak references are kept until the end of the task that has made or read them.
      await new Promise((resolve) => {
        setTimeout(resolve, 0);
      });
      gc();
    }
    return (performance as unknown as { memory: { usedJSHeapSize: number } }).memory.usedJSHeapSize;
  }
});

describe('An actor that goes', () => {
  const ACTORS = 20;
  /** Colours, opacities, the outlines of labels, and the noise along rays. */
  const TEXTURES_OF_MAPPERS = 4;

  it('leaves no more textures than one of a volume that Cornerstone has made', async () => {
    const textures = countTextures(WebGL2RenderingContext.TEXTURE_2D);
    const { ours, builtIn } = await onBothLoaders(async ({ volume }) => {
      const pane = await showVolume(volume);
      const before = textures();
      for (let actor = 0; actor < ACTORS; actor++) {
        await pane.viewport.setVolumes([{ volumeId: volume.volumeId }]);
        await pane.render();
      }
      return (textures() - before) / ACTORS;
    });
    expect(ours).toBeLessThanOrEqual(builtIn);
    expect(ours).toBeLessThanOrEqual(TEXTURES_OF_MAPPERS);
  });
});
