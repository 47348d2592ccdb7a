import { createStreamingTexture } from '../../../src/volume/texture/createStreamingTexture.js';
import type { StreamingTexture } from '../../../src/volume/texture/createStreamingTexture.js';
import {
  BYTES,
  countSlices,
  createBytes,
  createSource,
  DIMENSIONS,
  draw,
  openTestWindow,
  readRed,
  sliceOf,
  type TestWindow,
  VOXELS_PER_FRAME,
} from './testWindow.js';

describe('WindowTextures', () => {
  const windows: TestWindow[] = [];

  function openWindow(): TestWindow {
    const testWindow = openTestWindow();
    windows.push(testWindow);
    return testWindow;
  }

  function createTexture(values: Uint8Array = createBytes()): StreamingTexture {
    return createStreamingTexture({ source: createSource(values, 4), onUploadPending: () => {} });
  }

  afterEach(() => {
    windows.forEach(({ gl }) => {
      expect(gl.getError()).withContext('WebGL').toBe(gl.NO_ERROR);
    });
    windows.splice(0).forEach((testWindow) => testWindow.destroy());
  });

  describe('in two windows', () => {
    it('uploads a slice to each of them once', () => {
      const [first, second] = [openWindow(), openWindow()];
      const values = createBytes();
      const texture = createTexture(values);
      draw(texture, first, BYTES);
      draw(texture, second, BYTES);
      draw(texture, first, BYTES);
      draw(texture, second, BYTES);
      expect(countSlices(first)).toBe(4);
      expect(countSlices(second)).toBe(4);
      values.fill(9, 0, VOXELS_PER_FRAME);
      texture.setUpdatedFrame(0);
      draw(texture, first, BYTES);
      draw(texture, second, BYTES);
      expect(readRed(texture, second.gl, 0, DIMENSIONS)).toEqual(new Array(6).fill(9));
      draw(texture, first, BYTES);
      expect(readRed(texture, first.gl, 0, DIMENSIONS)).toEqual(new Array(6).fill(9));
      expect(readRed(texture, first.gl, 1, DIMENSIONS)).toEqual(sliceOf(values, 1));
      expect(countSlices(first)).toBe(5);
      expect(countSlices(second)).toBe(5);
    });

    it('raises its MTime at each change of the window, so that mappers come back', () => {
      const [first, second] = [openWindow(), openWindow()];
      const texture = createTexture();
      draw(texture, first, BYTES);
      const before = texture.getMTime();
      draw(texture, first, BYTES);
      expect(texture.getMTime()).toBe(before);
      draw(texture, second, BYTES);
      expect(texture.getMTime()).toBeGreaterThan(before);
    });

    it('frees the WebGL textures of one or of all', () => {
      const [first, second] = [openWindow(), openWindow()];
      const texture = createTexture();
      draw(texture, first, BYTES);
      draw(texture, second, BYTES);
      const { handle } = texture.get('handle') as { handle: WebGLTexture };
      const before = texture.getMTime();
      texture.releaseGraphicsResources(second.window);
      expect(second.deleted).toEqual([handle]);
      expect(first.deleted).toEqual([]);
      expect(texture.getMTime()).toBeGreaterThan(before);
      expect(texture.getTextureParameters()).toEqual({});
      draw(texture, second, BYTES);
      expect(countSlices(second)).toBe(8);
      texture.releaseGraphicsResources();
      expect(first.deleted.length).toBe(1);
      expect(second.deleted.length).toBe(2);
    });
  });

  it('frees its WebGL textures with delete()', () => {
    const testWindow = openWindow();
    const texture = createTexture();
    draw(texture, testWindow, BYTES);
    texture.delete();
    expect(testWindow.deleted.length).toBe(1);
    expect(texture.isDeleted()).toBeTrue();
  });

  it('frees its WebGL texture when the window is destroyed, and draws in the next one', () => {
    const testWindow = openTestWindow();
    const values = createBytes();
    const texture = createTexture(values);
    draw(texture, testWindow, BYTES);
    const before = texture.getMTime();
    testWindow.destroy();
    expect(testWindow.deleted.length).toBe(1);
    expect(texture.getMTime()).toBeGreaterThan(before);
    const next = openWindow();
    draw(texture, next, BYTES);
    expect(readRed(texture, next.gl, 2, DIMENSIONS)).toEqual(sliceOf(values, 2));
  });

  it('uploads again after the WebGL context was lost', async () => {
    const testWindow = openWindow();
    const { gl, window } = testWindow;
    const values = createBytes();
    const texture = createTexture(values);
    draw(texture, testWindow, BYTES);
    const canvas = window.getCanvas() as HTMLCanvasElement;
    const extension = gl.getExtension('WEBGL_lose_context');
    const lost = nextEvent(canvas, 'webglcontextlost');
    extension?.loseContext();
    await lost;
    await endOfTask();
    expect(texture.getTextureParameters()).toEqual({});
    const restored = nextEvent(canvas, 'webglcontextrestored');
    extension?.restoreContext();
    await restored;
    while (gl.getError() !== gl.NO_ERROR);
    draw(texture, testWindow, BYTES);
    expect(readRed(texture, gl, 1, DIMENSIONS)).toEqual(sliceOf(values, 1));
  });
});

/** A context can be restored only when all listeners of its loss have ended. */
function endOfTask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

function nextEvent(target: EventTarget, type: string): Promise<Event> {
  return new Promise((resolve) => target.addEventListener(type, resolve, { once: true }));
}
