import { FrameUploader, withPlainUnpacking } from '../../../src/volume/texture/FrameUploader.js';
import type { VolumeArray } from '../../../src/base/types.js';
import { createSource } from './testWindow.js';

interface Upload {
  readonly firstFrame: number;
  readonly frameCount: number;
  readonly values: VolumeArray;
  /** The values at the time of the call. */
  readonly copy: number[];
}

const FLOAT = 1;
const SHORT = 2;

/** Takes uploads down; `accepts` says which arrays the browser takes. */
function createDestination(dataType: number, accepts: (values: VolumeArray) => boolean) {
  const uploads: Upload[] = [];
  const texSubImage3D = (...args: unknown[]) => {
    const values = args[10] as VolumeArray;
    if (!accepts(values)) {
      throw new TypeError('The provided ArrayBufferView value must not be shared.');
    }
    uploads.push({
      firstFrame: args[4] as number,
      frameCount: args[7] as number,
      values,
      copy: [...values],
    });
  };
  const gl = { FLOAT, texSubImage3D } as unknown as WebGL2RenderingContext;
  return {
    destination: { gl, width: 2, height: 1, format: 0, dataType, offset: 0 },
    uploads,
  };
}

describe('FrameUploader', () => {
  it('uploads a slice straight from the array', () => {
    const values = new Int16Array([1, 2, 3, 4, 5, 6]);
    const { destination, uploads } = createDestination(SHORT, () => true);
    new FrameUploader(createSource(values, 3)).upload(destination, 1);
    expect(uploads.length).toBe(1);
    expect(uploads[0]?.values.buffer).toBe(values.buffer);
    expect(uploads[0]?.firstFrame).toBe(1);
    expect(uploads[0]?.frameCount).toBe(1);
    expect(uploads[0]?.copy).toEqual([3, 4]);
  });

  it('makes floats of shorts in one buffer', () => {
    const values = new Int16Array([-1024, 2, 3, 4, 5, 3071]);
    const { destination, uploads } = createDestination(FLOAT, () => true);
    const uploader = new FrameUploader(createSource(values, 3));
    [0, 1, 2].forEach((frame) => uploader.upload(destination, frame));
    expect(uploads.map(({ copy }) => copy)).toEqual([
      [-1024, 2],
      [3, 4],
      [5, 3071],
    ]);
    expect(new Set(uploads.map((upload) => upload.values)).size).toBe(1);
    expect(uploads[0]?.values).toBeInstanceOf(Float32Array);
  });

  it('counts floats from an offset', () => {
    const values = new Float32Array([-1000, -999.5, 0, 71]);
    const { destination, uploads } = createDestination(FLOAT, () => true);
    new FrameUploader(createSource(values, 2)).upload({ ...destination, offset: -1000 }, 0);
    new FrameUploader(createSource(values, 2)).upload({ ...destination, offset: -1000 }, 1);
    expect(uploads.map(({ copy }) => copy)).toEqual([
      [0, 0.5],
      [1000, 1071],
    ]);
    expect([...values]).toEqual([-1000, -999.5, 0, 71]);
  });

  // Only cross-origin isolated pages have shared memory.
  if (typeof SharedArrayBuffer === 'function') {
    it('copies shared memory where the browser refuses it', () => {
      const values = new Int16Array(new SharedArrayBuffer(8));
      values.set([1, 2, 3, 4]);
      const isNotShared = ({ buffer }: VolumeArray) => buffer instanceof ArrayBuffer;
      const { destination, uploads } = createDestination(SHORT, isNotShared);
      const uploader = new FrameUploader(createSource(values, 2));
      [0, 1].forEach((frame) => uploader.upload(destination, frame));
      expect(uploads.map(({ copy }) => copy)).toEqual([
        [1, 2],
        [3, 4],
      ]);
    });
  }

  it('passes on the error of an array that is not shared', () => {
    const { destination } = createDestination(SHORT, () => false);
    const uploader = new FrameUploader(createSource(new Int16Array(4), 2));
    expect(() => uploader.upload(destination, 0)).toThrowError(TypeError);
  });
});

describe('withPlainUnpacking', () => {
  it('puts back what was set before, also after an error', () => {
    const gl = document.createElement('canvas').getContext('webgl2') as WebGL2RenderingContext;
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 8);
    gl.pixelStorei(gl.UNPACK_FLIP_Y_WEBGL, true);
    const during = () => [
      gl.getParameter(gl.UNPACK_ALIGNMENT) as number,
      gl.getParameter(gl.UNPACK_FLIP_Y_WEBGL) as boolean,
    ];
    expect(withPlainUnpacking(gl, during)).toEqual([1, false]);
    expect(during()).toEqual([8, true]);
    const failing = () => {
      throw new Error('lost');
    };
    expect(() => withPlainUnpacking(gl, failing)).toThrowError('lost');
    expect(during()).toEqual([8, true]);
    gl.getExtension('WEBGL_lose_context')?.loseContext();
  });
});
