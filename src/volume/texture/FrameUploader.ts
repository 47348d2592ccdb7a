import type { VolumeArray } from '../../base/types.js';
import type { StandIns } from './StandIns.js';

/** The slices that a texture is made of, in one array that the volume fills while it is drawn. */
export interface TextureSource {
  /** Number of slices, the depth of the texture. */
  readonly frameCount: number;
  /** `[columns, rows, slices]` of the texture, where they are fewer than the volume has. */
  readonly dimensions?: readonly [number, number, number];
  /** `columns * rows * numberOfComponents`. */
  readonly valuesPerFrame: number;
  /** Values per voxel, interleaved: 1, or 3 for colour. */
  readonly numberOfComponents: number;
  /** Name of the typed array of {@link frame}, where it may differ from that of other sources. */
  readonly dataType?: string;
  /** Value that is shown of slices that are not written yet. Default 0. */
  readonly background?: number;
  /**
   * The live values of one slice, not a copy. The slices are contiguous in one buffer,
   * which may be shared between threads.
   *
   * @param sliceIndex - slice from 0, in volume order
   */
  frame(sliceIndex: number): VolumeArray;
  /** The slice of the texture that shows a slice of the volume; default: the same. */
  sliceOf?(sliceIndex: number): number | undefined;
  /** Slices of the volume from one slice of the texture to the next. Default 1. */
  readonly sliceStep?: number;
  /** Whether all values of a slice are there; a slice that is not written is not uploaded. */
  isWritten(sliceIndex: number): boolean;
  /** What is drawn in place of slices that are not written, by slices of the texture. Default: nothing. */
  readonly standIns?: StandIns | undefined;
  /**
   * Called when a slice was uploaded to a texture.
   *
   * @param startedAt - of the upload, as the texture's clock counts
   */
  onUploaded?(sliceIndex: number, startedAt: number): void;
}

/** The bound 3D texture that slices are written to. */
interface UploadDestination {
  readonly gl: WebGL2RenderingContext;
  /** In voxels. */
  readonly width: number;
  /** In voxels. */
  readonly height: number;
  /** WebGL's format of a texel, such as RED. */
  readonly format: number;
  /** WebGL's type of a value, such as SHORT; FLOAT takes any array. */
  readonly dataType: number;
  /** Is subtracted from the values in FLOAT textures. */
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

  /**
   * Writes a slice, or the background if it is not written, to the texture bound to TEXTURE_3D.
   *
   * @param from - the slice whose values are written; default: the slice itself
   * @returns the bytes of the values that were passed to WebGL
   */
  upload(destination: UploadDestination, sliceIndex: number, from = sliceIndex): number {
    const source = this.#source;
    const { gl, dataType, offset } = destination;
    const frame = source.isWritten(from) ? source.frame(from) : this.#blank(dataType === gl.FLOAT);
    const needsFloats = dataType === gl.FLOAT && (offset !== 0 || !(frame instanceof Float32Array));
    if (needsFloats) {
      const floats = this.#toFloats(frame, offset);
      writeSlice(destination, sliceIndex, floats);
      return floats.byteLength;
    }
    if (this.#refusesSharedMemory && isShared(frame)) {
      writeSlice(destination, sliceIndex, frame.slice());
    } else {
      this.#uploadDirectly(destination, sliceIndex, frame);
    }
    return frame.byteLength;
  }

  #uploadDirectly(destination: UploadDestination, sliceIndex: number, frame: VolumeArray): void {
    try {
      writeSlice(destination, sliceIndex, frame);
    } catch (error) {
      if (!(error instanceof TypeError) || !isShared(frame)) {
        throw error;
      }
      // Workaround: some browsers (Firefox, Safari) refuse views of shared memory in texSubImage3D, with a TypeError.
      // Remove when all supported browsers take them ([AllowShared] in the WebGL specification).
      this.#refusesSharedMemory = true;
      writeSlice(destination, sliceIndex, frame.slice());
    }
  }

  /** Whole numbers may not hold the background: these textures show 0, as where nothing was written before. */
  #blank(hasFloats: boolean): VolumeArray {
    const { valuesPerFrame, background = 0 } = this.#source;
    return hasFloats
      ? new Float32Array(valuesPerFrame).fill(background)
      : this.#source.frame(0).slice().fill(0);
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
 * Runs an upload with the pixel storage parameters that the volume's array needs: rows without padding, not
 * flipped, alpha not premultiplied. Restores the former parameters.
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
