import type { VolumeArray } from '../types.js';
import type { FrameRun } from './FrameUploads.js';
import type { TextureSource } from './TextureSource.js';

/** The bound 3D texture that slices are written to. */
export interface UploadDestination {
  readonly gl: WebGL2RenderingContext;
  /** In voxels. */
  readonly width: number;
  /** In voxels. */
  readonly height: number;
  /** WebGL's format of a texel, such as RED. */
  readonly format: number;
  /** WebGL's type of a value, such as SHORT; FLOAT takes any array. */
  readonly dataType: number;
}

/**
 * Copies slices of a {@link TextureSource} into WebGL textures: straight from the array where the
 * types agree, otherwise through one buffer of the size of a slice.
 */
export class FrameUploader {
  readonly #source: TextureSource;
  #floats: Float32Array | undefined;
  #refusesSharedMemory = false;

  constructor(source: TextureSource) {
    this.#source = source;
  }

  /** Writes the slices of a run to their places in the texture that is bound to TEXTURE_3D. */
  upload(destination: UploadDestination, run: FrameRun): void {
    const values = this.#getRunValues(run);
    const needsFloats =
      destination.dataType === destination.gl.FLOAT && !(values instanceof Float32Array);
    if (needsFloats) {
      this.#uploadEach(destination, run, (frame) => this.#toFloats(frame));
    } else if (this.#refusesSharedMemory && isShared(values)) {
      this.#uploadEach(destination, run, (frame) => frame.slice());
    } else {
      this.#uploadDirectly(destination, run, values);
    }
  }

  #uploadDirectly(destination: UploadDestination, run: FrameRun, values: VolumeArray): void {
    try {
      writeSlices(destination, run, values);
    } catch (error) {
      if (!(error instanceof TypeError) || !isShared(values)) {
        throw error;
      }
      // Browsers that do not take shared memory here say so with a TypeError.
      this.#refusesSharedMemory = true;
      this.upload(destination, run);
    }
  }

  #uploadEach(
    destination: UploadDestination,
    { firstFrame, frameCount }: FrameRun,
    convert: (frame: VolumeArray) => VolumeArray,
  ): void {
    for (let frame = firstFrame; frame < firstFrame + frameCount; frame++) {
      const values = convert(this.#source.frame(frame));
      writeSlices(destination, { firstFrame: frame, frameCount: 1 }, values);
    }
  }

  #toFloats(frame: VolumeArray): Float32Array {
    this.#floats ??= new Float32Array(this.#source.valuesPerFrame);
    this.#floats.set(frame);
    return this.#floats;
  }

  #getRunValues({ firstFrame, frameCount }: FrameRun): VolumeArray {
    const first = this.#source.frame(firstFrame);
    if (frameCount === 1) {
      return first;
    }
    const TypedArray = first.constructor as new (
      buffer: ArrayBufferLike,
      byteOffset: number,
      length: number,
    ) => VolumeArray;
    const length = this.#source.valuesPerFrame * frameCount;
    return new TypedArray(first.buffer, first.byteOffset, length);
  }
}

/**
 * Runs an upload with the unpacking that the volume's array needs: rows without padding, not
 * flipped, not multiplied. What was set before is put back.
 */
export function withPlainUnpacking<T>(gl: WebGL2RenderingContext, upload: () => T): T {
  const plain = new Map<number, number | boolean>([
    [gl.UNPACK_ALIGNMENT, 1],
    [gl.UNPACK_FLIP_Y_WEBGL, false],
    [gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, false],
  ]);
  const previous = new Map<number, number | boolean>();
  plain.forEach((value, name) => {
    previous.set(name, gl.getParameter(name) as number | boolean);
    gl.pixelStorei(name, value);
  });
  try {
    return upload();
  } finally {
    previous.forEach((value, name) => gl.pixelStorei(name, value));
  }
}

function writeSlices(
  { gl, width, height, format, dataType }: UploadDestination,
  { firstFrame, frameCount }: FrameRun,
  values: VolumeArray,
): void {
  gl.texSubImage3D(
    gl.TEXTURE_3D,
    0,
    0,
    0,
    firstFrame,
    width,
    height,
    frameCount,
    format,
    dataType,
    values,
  );
}

function isShared(values: VolumeArray): boolean {
  return typeof SharedArrayBuffer !== 'undefined' && values.buffer instanceof SharedArrayBuffer;
}
