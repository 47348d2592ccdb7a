import { cache } from '@cornerstonejs/core';
import type { StreamingImageVolume } from '../../src/index.js';
import { createVolume } from '../support/createVolume.js';
import { countTextures } from './support/countTextures.js';
import { startDrawing, stopDrawing } from './support/drawing.js';
import { createEngine, showPlanarNext, showPlane } from './support/Pane.js';
import type { OrthographicViewport, Pane } from './support/Pane.js';
import type { Picture } from './support/Picture.js';
import { LEVELS, solidSeries } from './support/solidSeries.js';

const VOI_RANGE = { lower: 0, upper: LEVELS };

function expectAlike(picture: Picture, before: Picture): void {
  expect(picture.compare(before, before.area, 1).largest).toBeLessThanOrEqual(1);
  expect(picture.brightest()).toBeGreaterThan(100);
}

describe('The textures that mappers make beside that of a volume', () => {
  beforeEach(() => {
    startDrawing();
  });

  afterEach(() => {
    stopDrawing();
  });

  async function loadVolume(): Promise<StreamingImageVolume> {
    const volume = await createVolume(solidSeries().imageIds);
    await volume.load();
    return volume;
  }

  async function showIn(
    pane: Pane<OrthographicViewport>,
    volume: StreamingImageVolume,
  ): Promise<void> {
    await pane.viewport.setVolumes([{ volumeId: volume.volumeId }]);
    pane.viewport.setProperties({ voiRange: VOI_RANGE });
    await pane.renderAll(volume);
  }

  function remove({ volumeId }: StreamingImageVolume): void {
    cache.removeVolumeLoadObject(volumeId);
  }

  it('go with it, also when the viewport shows another by then', async () => {
    const textures = countTextures();
    const [first, second] = [await loadVolume(), await loadVolume()];
    const pane = await showPlane(first, 'axial', VOI_RANGE);
    await pane.renderAll(first);
    const ofOne = textures();
    await showIn(pane, second);
    remove(first);
    expect(textures()).toEqual(ofOne);
    const before = await pane.renderAll(second);
    expectAlike(await pane.render(), before);
    expect(textures()).toEqual(ofOne);
  });

  it('go with it after its window and its colours were changed', async () => {
    const volume = await loadVolume();
    const pane = await showPlane(await loadVolume(), 'axial', VOI_RANGE);
    await pane.render();
    const textures = countTextures();
    await showIn(pane, volume);
    for (const name of ['hsv', 'jet']) {
      pane.viewport.setProperties({ colormap: { name } });
      await pane.render();
      pane.viewport.setProperties({ voiRange: { lower: 10, upper: 100 } });
      await pane.render();
    }
    remove(volume);
    expect(textures()).toEqual({ '3D': 0, '2D': 0 });
  });

  it('are not made once more each time that it is shown', async () => {
    const textures = countTextures();
    const [first, second] = [await loadVolume(), await loadVolume()];
    const pane = await showPlane(first, 'axial', VOI_RANGE);
    await showIn(pane, second);
    await showIn(pane, first);
    const before = textures();
    for (let times = 0; times < 5; times++) {
      await showIn(pane, second);
      await showIn(pane, first);
    }
    expect(textures()).toEqual(before);
  });

  it('stay where another volume is drawn by the same engine', async () => {
    const engine = createEngine();
    const [first, second] = [await loadVolume(), await loadVolume()];
    const pane = await showPlane(second, 'coronal', VOI_RANGE, engine);
    const before = await pane.renderAll(second);
    const textures = countTextures();
    const other = await showPlane(first, 'axial', VOI_RANGE, engine);
    await other.renderAll(first);
    await pane.render();
    remove(first);
    expect(textures()['3D']).toBe(1);
    expectAlike(await pane.render(), before);
    await other.render();
    remove(second);
    expect(textures()['3D']).toBe(0);
  });

  it('go with it, those of colours, in generic planar viewports', async () => {
    const volume = await loadVolume();
    const textures = countTextures();
    const pane = await showPlanarNext(volume, 'axial', VOI_RANGE);
    await pane.renderAll(volume);
    const shown = textures();
    remove(volume);
    expect(textures()['3D']).toBe(0);
    // That of its opacities, of which it has none, is nobody's, and is collected.
    expect(textures()['2D']).toBe(shown['2D'] - 1);
  });
});
