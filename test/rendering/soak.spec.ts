import { cache, Enums, eventTarget } from '@cornerstonejs/core';
import { createVolume } from '../support/createVolume.js';
import { countTextures } from './support/countTextures.js';
import type { TextureCounts } from './support/countTextures.js';
import { startDrawing, stopDrawing } from './support/drawing.js';
import { Pane } from './support/Pane.js';
import type { OrthographicViewport } from './support/Pane.js';
import { SyntheticSeries } from '../support/SyntheticSeries.js';

const CYCLES = 200;
/** After these, all that Cornerstone makes once is there. */
const FIRST_CYCLES = 5;
const FIRST_CYCLES_OF_HEAP = 50;
/** In bytes. Without what mappers keep when an actor goes, see docs/compatibility.md, which were some 56 kB. */
const HEAP_PER_VOLUME = 10_000;

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
    const textures = countTextures();
    const listeners = countListeners();
    const pane = openPane();
    const size = cache.getCacheSize();
    const measure = () => ({
      size: cache.getCacheSize(),
      textures: textures(),
      listeners: listeners(),
      images: series.imageIds.filter((imageId) => cache.getImageLoadObject(imageId)).length,
      volumes: cache.getVolumes().length,
    });
    let early = measure();
    let shown: TextureCounts = early.textures;
    let requests = 0;
    for (let cycle = 0; cycle < CYCLES; cycle++) {
      await drawOnce(pane, () => {
        shown = textures();
        requests += series.requests.length;
      });
      if (cycle === FIRST_CYCLES) {
        early = measure();
      }
    }
    expect(measure()).toEqual(early);
    expect(cache.getCacheSize()).toBe(size);
    // The volume's own texture and those of its colours were there while it was shown.
    expect(shown['3D']).toBe(early.textures['3D'] + 1);
    expect(shown['2D']).toBeGreaterThan(early.textures['2D']);
    expect(requests).toBe(2 * CYCLES);
  }, 60_000);

  it('leave none of their voxels in memory, and next to nothing in the heap', async () => {
    const pane = openPane();
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

  function openPane(): Pane<OrthographicViewport> {
    return new Pane(Enums.ViewportType.ORTHOGRAPHIC, { plane: 'axial' });
  }

  /**
   * Makes, loads, draws and removes a volume.
   *
   * @param whileShown - called when it is on the screen
   * @returns its voxels, which may be collected from then on
   */
  async function drawOnce(
    pane: Pane<OrthographicViewport>,
    whileShown: () => void = () => {},
  ): Promise<WeakRef<object>> {
    const volume = await createVolume(series.imageIds);
    await pane.viewport.setVolumes([{ volumeId: volume.volumeId }]);
    await volume.load();
    const rendered = pane.nextRender();
    pane.viewport.render();
    await rendered;
    whileShown();
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
