import type { VolumeArray } from '../../base/types.js';
import type { TextureSource } from './reduceSource.js';

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
  /** What FLOAT textures count from: they hold the values less this. */
  readonly offset: number;
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

  /** Writes a slice, or the background if it is not written, to the texture bound to TEXTURE_3D. */
  upload(destination: UploadDestination, sliceIndex: number): void {
    const source = this.#source;
    const frame = source.isWritten(sliceIndex) ? source.frame(sliceIndex) : this.#blank(sliceIndex);
    const { gl, dataType, offset } = destination;
    const needsFloats = dataType === gl.FLOAT && (offset !== 0 || !(frame instanceof Float32Array));
    if (needsFloats) {
      writeSlice(destination, sliceIndex, this.#toFloats(frame, offset));
    } else if (this.#refusesSharedMemory && isShared(frame)) {
      writeSlice(destination, sliceIndex, frame.slice());
    } else {
      this.#uploadDirectly(destination, sliceIndex, frame);
    }
  }

  #uploadDirectly(destination: UploadDestination, sliceIndex: number, frame: VolumeArray): void {
    try {
      writeSlice(destination, sliceIndex, frame);
    } catch (error) {
      if (!(error instanceof TypeError) || !isShared(frame)) {
        throw error;
      }
      // Browsers that do not take shared memory here say so with a TypeError.
      this.#refusesSharedMemory = true;
      this.upload(destination, sliceIndex);
    }
  }

  #blank(sliceIndex: number): VolumeArray {
    return this.#source
      .frame(sliceIndex)
      .slice()
      .fill(this.#source.background ?? 0);
  }

  #toFloats(frame: VolumeArray, offset: number): Float32Array {
    const floats = (this.#floats ??= new Float32Array(this.#source.valuesPerFrame));
    if (offset === 0) {
      floats.set(frame);
    } else {
      for (let i = 0; i < floats.length; i++) {
        floats[i] = (frame[i] as number) - offset;
      }
    }
    return floats;
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

function writeSlice(
  { gl, width, height, format, dataType }: UploadDestination,
  sliceIndex: number,
  values: VolumeArray,
): void {
  gl.texSubImage3D(gl.TEXTURE_3D, 0, 0, 0, sliceIndex, width, height, 1, format, dataType, values);
}

function isShared(values: VolumeArray): boolean {
  return typeof SharedArrayBuffer !== 'undefined' && values.buffer instanceof SharedArrayBuffer;
}
