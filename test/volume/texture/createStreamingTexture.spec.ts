import type { ImageVolume } from '@cornerstonejs/core';
import { createStreamingTexture } from '../../../src/volume/texture/createStreamingTexture.js';
import type { StreamingTextureOptions } from '../../../src/volume/texture/createStreamingTexture.js';
import {
  BYTES,
  countSlices,
  createBytes,
  createSource,
  DIMENSIONS,
  draw,
  openTestWindow,
  readRed,
  readSlice,
  sliceOf,
  type TestWindow,
  VOXELS_PER_FRAME,
} from './testWindow.js';

describe('createStreamingTexture', () => {
  const windows: TestWindow[] = [];

  function openWindow(): TestWindow {
    const testWindow = openTestWindow();
    windows.push(testWindow);
    return testWindow;
  }

  function createTexture(options: Pick<StreamingTextureOptions, 'source'>, msPerReading = 0) {
    let time = 0;
    const onUploadPending = jasmine.createSpy('onUploadPending');
    const now = () => (time += msPerReading);
    const texture = createStreamingTexture({ ...options, onUploadPending, now });
    return { texture, onUploadPending };
  }

  afterEach(() => {
    windows.forEach(({ gl }) => {
      expect(gl.getError()).withContext('WebGL').toBe(gl.NO_ERROR);
    });
    windows.splice(0).forEach((testWindow) => testWindow.destroy());
  });

  it('can take the place of the texture of an ImageVolume', () => {
    const { texture } = createTexture({ source: createSource(createBytes(), 4) });
    const volumeTexture: ImageVolume['vtkOpenGLTexture'] = texture;
    volumeTexture.setVolumeId('volume');
    expect(texture.getVolumeId()).toBe('volume');
    expect(texture.isA('vtkOpenGLTexture')).toBeTrue();
    expect(texture.getTextureParameters()).toEqual({});
  });

  it('shows the written slices, and 0 where nothing is written', () => {
    const testWindow = openWindow();
    const values = createBytes();
    const written = [false, true, false, false];
    const { texture } = createTexture({ source: createSource(values, 4, { written }) });
    draw(texture, testWindow, BYTES);
    expect(readRed(texture, testWindow.gl, 0, DIMENSIONS)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(readRed(texture, testWindow.gl, 1, DIMENSIONS)).toEqual(sliceOf(values, 1));
    expect(testWindow.uploads).toEqual([[1, 1]]);
  });

  it('uploads only the slices that are marked', () => {
    const testWindow = openWindow();
    const values = createBytes();
    const { texture } = createTexture({ source: createSource(values, 4) });
    draw(texture, testWindow, BYTES);
    expect(countSlices(testWindow)).toBe(4);
    testWindow.uploads.length = 0;
    values.fill(200, 2 * VOXELS_PER_FRAME, 3 * VOXELS_PER_FRAME);
    const before = texture.getMTime();
    texture.setUpdatedFrame(2);
    expect(texture.getMTime()).toBeGreaterThan(before);
    expect(texture.hasUpdatedFrames()).toBeTrue();
    expect(texture.getUpdatedFrames()).toEqual([false, false, true, false]);
    draw(texture, testWindow, BYTES);
    expect(testWindow.uploads).toEqual([[2, 1]]);
    expect(readRed(texture, testWindow.gl, 2, DIMENSIONS)).toEqual(new Array(6).fill(200));
    expect(readRed(texture, testWindow.gl, 3, DIMENSIONS)).toEqual(sliceOf(values, 3));
    expect(texture.hasUpdatedFrames()).toBeFalse();
  });

  it('refuses a slice that does not exist', () => {
    const { texture } = createTexture({ source: createSource(createBytes(), 4) });
    expect(() => texture.setUpdatedFrame(4)).toThrowError(
      TypeError,
      'Expected a slice index from 0 to 3, got 4',
    );
    expect(() => texture.setUpdatedFrame(-1)).toThrowError(TypeError);
  });

  it('waits for updated slices until the first upload', () => {
    const testWindow = openWindow();
    const written = [false, false, false, false];
    const { texture } = createTexture({ source: createSource(createBytes(), 4, { written }) });
    expect(texture.hasUpdatedFrames()).toBeTrue();
    draw(texture, testWindow, BYTES);
    expect(texture.hasUpdatedFrames()).toBeTrue();
    written[0] = true;
    texture.setUpdatedFrame(0);
    draw(texture, testWindow, BYTES);
    expect(texture.hasUpdatedFrames()).toBeFalse();
  });

  it('uploads nothing again when a filter changes or modified() is called', () => {
    const testWindow = openWindow();
    const { texture } = createTexture({ source: createSource(createBytes(), 4) });
    draw(texture, testWindow, BYTES);
    testWindow.uploads.length = 0;
    const before = texture.getMTime();
    (texture as unknown as { setMinificationFilter(filter: number): void }).setMinificationFilter(
      1,
    );
    texture.modified();
    expect(texture.getMTime()).toBeGreaterThan(before);
    draw(texture, testWindow, BYTES);
    expect(testWindow.uploads).toEqual([]);
  });

  it('leaves what the time does not allow for the next renders', async () => {
    const testWindow = openWindow();
    const values = createBytes();
    const { texture, onUploadPending } = createTexture({ source: createSource(values, 4) }, 6);
    draw(texture, testWindow, BYTES);
    expect(countSlices(testWindow)).toBe(1);
    draw(texture, testWindow, BYTES);
    expect(countSlices(testWindow)).toBe(2);
    expect(onUploadPending).not.toHaveBeenCalled();
    const before = texture.getMTime();
    await Promise.resolve();
    expect(onUploadPending).toHaveBeenCalledTimes(1);
    expect(texture.getMTime()).toBeGreaterThan(before);
    draw(texture, testWindow, BYTES);
    draw(texture, testWindow, BYTES);
    await Promise.resolve();
    expect(onUploadPending).toHaveBeenCalledTimes(2);
    expect(texture.hasUpdatedFrames()).toBeFalse();
    for (let frame = 0; frame < 4; frame++) {
      expect(readRed(texture, testWindow.gl, frame, DIMENSIONS)).toEqual(sliceOf(values, frame));
    }
  });

  it('does not ask for a render after its end', async () => {
    const testWindow = openWindow();
    const source = createSource(createBytes(), 4);
    const { texture, onUploadPending } = createTexture({ source }, 6);
    draw(texture, testWindow, BYTES);
    texture.delete();
    await Promise.resolve();
    expect(onUploadPending).not.toHaveBeenCalled();
    expect(() => texture.setUpdatedFrame(0)).not.toThrow();
  });

  it('takes rows of any width', () => {
    const testWindow = openWindow();
    const dimensions = [63, 5, 3] as const;
    const bytes = Uint8Array.from({ length: 63 * 5 * 3 }, (_, index) => index % 251);
    const { texture } = createTexture({ source: createSource(bytes, 3) });
    draw(texture, testWindow, { dimensions, dataType: 'Uint8Array' });
    for (let frame = 0; frame < 3; frame++) {
      const expected = [...bytes.subarray(frame * 315, (frame + 1) * 315)];
      expect(readRed(texture, testWindow.gl, frame, dimensions)).toEqual(expected);
    }
  });

  it('shows 16 bit values as floats where 16 bit textures cannot be used', () => {
    const testWindow = openWindow();
    const dimensions = [63, 1, 2] as const;
    const shorts = Int16Array.from({ length: 126 }, (_, index) => index * 37 - 1024);
    const { texture } = createTexture({ source: createSource(shorts, 2) });
    draw(texture, testWindow, { dimensions, dataType: 'Int16Array' });
    expect(readRed(texture, testWindow.gl, 0, dimensions)).toEqual([...shorts.subarray(0, 63)]);
    expect(readRed(texture, testWindow.gl, 1, dimensions)).toEqual([...shorts.subarray(63)]);
  });

  // Only cross-origin isolated pages have shared memory.
  if (typeof SharedArrayBuffer === 'function') {
    it('uploads from shared memory', () => {
      const testWindow = openWindow();
      const values = new Uint8Array(new SharedArrayBuffer(VOXELS_PER_FRAME * 4));
      values.set(createBytes());
      const { texture } = createTexture({ source: createSource(values, 4) });
      draw(texture, testWindow, BYTES);
      for (let frame = 0; frame < 4; frame++) {
        expect(readRed(texture, testWindow.gl, frame, DIMENSIONS)).toEqual(sliceOf(values, frame));
      }
      expect(testWindow.uploads.length).toBe(4);
    });
  }

  it('shows colours, also when a mapper asks for another number of components', () => {
    const testWindow = openWindow();
    const dimensions = [1, 2, 2] as const;
    const values = Uint8Array.from({ length: 12 }, (_, index) => index + 10);
    const { texture } = createTexture({
      source: createSource(values, 2, { numberOfComponents: 3 }),
    });
    draw(texture, testWindow, { dimensions, dataType: 'Uint8Array', numberOfComponents: 2 });
    expect(readSlice(texture, testWindow.gl, 1, dimensions)).toEqual([
      16, 17, 18, 255, 19, 20, 21, 255,
    ]);
  });

  it('shows the background of the source where nothing is written', () => {
    const testWindow = openWindow();
    const { gl } = testWindow;
    const shorts = Int16Array.from({ length: VOXELS_PER_FRAME * 4 }, (_, index) => index);
    const written = [false, true, false, false];
    const source = { ...createSource(shorts, 4, { written }), background: -1000 };
    const { texture } = createTexture({ source });
    draw(texture, testWindow, { dimensions: DIMENSIONS, dataType: 'Int16Array' });
    expect(testWindow.uploads.length).toBe(1);
    expect(readRed(texture, gl, 0, DIMENSIONS)).toEqual(new Array(6).fill(-1000));
    expect(readRed(texture, gl, 1, DIMENSIONS)).toEqual([6, 7, 8, 9, 10, 11]);
    expect(readRed(texture, gl, 3, DIMENSIONS)).toEqual(new Array(6).fill(-1000));
  });

  it('takes the memory of the graphics card only when there is a slice, in each window', () => {
    const values = createBytes();
    const written = [false, false, false, false];
    const { texture } = createTexture({ source: createSource(values, 4, { written }) });
    const both = [openWindow(), openWindow()];
    const size = (): unknown => texture.get('allocatedGPUMemoryInBytes');
    for (const testWindow of both) {
      draw(texture, testWindow, BYTES);
      draw(texture, testWindow, BYTES);
      expect(size()).toEqual({ allocatedGPUMemoryInBytes: 1 });
      expect(readRed(texture, testWindow.gl, 0, [1, 1, 1])).toEqual([0]);
      expect(testWindow.uploads).toEqual([]);
    }
    written[2] = true;
    texture.setUpdatedFrame(2);
    for (const testWindow of both) {
      draw(texture, testWindow, BYTES);
      expect(size()).toEqual({ allocatedGPUMemoryInBytes: values.length });
      expect(readRed(texture, testWindow.gl, 2, DIMENSIONS)).toEqual(sliceOf(values, 2));
      expect(readRed(texture, testWindow.gl, 3, DIMENSIONS)).toEqual([0, 0, 0, 0, 0, 0]);
      expect(testWindow.uploads).toEqual([[2, 1]]);
      // The one voxel is not left behind.
      expect(testWindow.deleted.length).toBe(1);
    }
  });

  it('keeps slices that are written after it was drawn nearly empty', async () => {
    const testWindow = openWindow();
    const { gl } = testWindow;
    const dimensions = [24, 16, 20] as const;
    const values = Float32Array.from({ length: 24 * 16 * 20 }, (_, index) => index);
    const written = new Array<boolean>(20).fill(false);
    const { texture } = createTexture({
      source: { ...createSource(values, 20, { written }), background: -1000 },
    });
    const volume = { dimensions, dataType: 'Float32Array' };
    written[7] = true;
    draw(texture, testWindow, volume);
    gl.flush();
    await new Promise(requestAnimationFrame);
    written.fill(true);
    draw(texture, testWindow, volume);
    const slices = written.map((_, frame) => readRed(texture, gl, frame, dimensions));
    expect(slices.flat()).toEqual([...values]);
  });

  it('shows the background again where a slice was cleared', () => {
    const testWindow = openWindow();
    const values = Float32Array.from({ length: VOXELS_PER_FRAME * 4 }, (_, index) => index);
    const written = [true, true, true, true];
    const source = { ...createSource(values, 4, { written }), background: -1000 };
    const { texture } = createTexture({ source });
    const volume = { dimensions: DIMENSIONS, dataType: 'Float32Array' };
    draw(texture, testWindow, volume);
    written[1] = false;
    texture.setUpdatedFrame(1);
    expect(texture.hasUpdatedFrames()).toBeTrue();
    draw(texture, testWindow, volume);
    expect(readRed(texture, testWindow.gl, 1, DIMENSIONS)).toEqual(new Array(6).fill(-1000));
    expect(texture.hasUpdatedFrames()).toBeFalse();
  });

  it('keeps modality values unscaled for the shader', () => {
    const testWindow = openWindow();
    const { texture } = createTexture({ source: createSource(createBytes(), 4) });
    draw(texture, testWindow, BYTES);
    const { volumeInfo } = texture.get('volumeInfo') as { volumeInfo: object };
    expect(volumeInfo).toEqual(
      jasmine.objectContaining({
        scale: [255],
        offset: [0],
        dataComputedScale: [1],
        dataComputedOffset: [0],
      }),
    );
  });

  it('allocates anew when the type changes', () => {
    const testWindow = openWindow();
    const values = createBytes();
    const { texture } = createTexture({ source: createSource(values, 4) });
    draw(texture, testWindow, BYTES);
    draw(texture, testWindow, { dimensions: DIMENSIONS, dataType: 'Float32Array' });
    expect(texture.getTextureParameters().dataType).toBe('Float32Array');
    expect(testWindow.deleted.length).toBe(1);
    expect(readRed(texture, testWindow.gl, 3, DIMENSIONS)).toEqual(sliceOf(values, 3));
  });
});
