import { Enums } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import type { StreamingImageVolume } from '../../src/index.js';
import { startDrawing, stopDrawing } from './support/drawing.js';
import { GREY_RANGE, heldVolume } from './support/heldVolume.js';
import { createEngine, Pane, showPlane } from './support/Pane.js';
import type { Drawable } from './support/Pane.js';
import { SIZE } from './support/solidSeries.js';

/** White and opaque for all values, also for that of slices that are not there. */
const ALL_WHITE = {
  name: 'white',
  colorTransfer: '8 -1000 1 1 1 1000 1 1 1',
  scalarOpacity: '4 -1000 1 1000 1',
  gradientOpacity: '4 0 1 255 1',
  ambient: '1',
  diffuse: '0',
  specular: '0',
  specularPower: '1',
  shade: '0',
  interpolation: '1',
};
const WHITE = 255;
const ALL = Array.from({ length: SIZE[2] }, (_, slice) => slice);

describe('A volume without a slice', () => {
  beforeEach(() => {
    startDrawing();
  });

  afterEach(() => {
    stopDrawing();
  });

  async function show3D(volume: StreamingImageVolume, engine = createEngine()) {
    const pane = new Pane<Types.IVolumeViewport & Drawable>(Enums.ViewportType.VOLUME_3D, {
      engine,
    });
    await pane.viewport.setVolumes([{ volumeId: volume.volumeId }]);
    pane.viewport.setProperties({ preset: ALL_WHITE as never });
    pane.viewport.resetCamera();
    return pane;
  }

  it('is not drawn in 3D, and is as soon as it has one', async () => {
    const { volume, arrive } = await heldVolume();
    const pane = await show3D(volume);
    expect((await pane.render()).brightest()).toBe(0);
    void volume.load();
    await arrive([1]);
    expect((await pane.renderAll(volume)).brightest()).toBe(WHITE);
    await arrive(ALL.filter((slice) => slice !== 1));
    expect((await pane.renderAll(volume)).brightest()).toBe(WHITE);
  });

  it('is drawn in planes as ever, also beside a 3D viewport of the same engine', async () => {
    const { volume } = await heldVolume();
    const engine = createEngine();
    const whole = await show3D(volume, engine);
    const plane = await showPlane(volume, 'sagittal', GREY_RANGE, engine);
    const { RASTERIZER_DISCARD } = WebGL2RenderingContext;
    const enable = spyOn(WebGL2RenderingContext.prototype, 'enable').and.callThrough();
    const draw = spyOn(WebGL2RenderingContext.prototype, 'drawArrays').and.callThrough();
    for (const pane of [whole, plane, whole, plane]) {
      await pane.render();
      enable.calls.reset();
      draw.calls.reset();
      await pane.render();
      expect(draw).toHaveBeenCalled();
      const isLeftOut = enable.calls.allArgs().some(([what]) => what === RASTERIZER_DISCARD);
      expect(isLeftOut).toBe(pane === whole);
    }
  });

  it('leaves the pictures of other volumes as they are', async () => {
    const { volume: empty } = await heldVolume();
    const { volume, arrive } = await heldVolume();
    const engine = createEngine();
    const [first, second] = [await show3D(empty, engine), await show3D(volume, engine)];
    void volume.load();
    await arrive(ALL);
    expect((await first.render()).brightest()).toBe(0);
    expect((await second.renderAll(volume)).brightest()).toBe(WHITE);
  });
});
