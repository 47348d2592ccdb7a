import type { vtkOpenGLTexture } from '@kitware/vtk.js/Rendering/OpenGL/Texture.js';
import type { TextureSource } from './FrameUploader.js';
import { FrameUploads } from './FrameUploads.js';
import { type RenderWindow, watchRenderWindow } from './RenderWindow.js';

/** The storage that a mapper requests. */
export type StorageRequest = Parameters<vtkOpenGLTexture['create3DFromRaw']>[0];

/** The texture of the volume in one render window, that is in one WebGL context. */
export interface WindowTexture {
  readonly uploads: FrameUploads;
  /** The parameters that the mappers requested last; undefined before the first request. */
  parameters: TextureParameters | undefined;
  /** The state after the allocation. */
  glState: GLState;
  /** A request for storage from the time before the first slice was written. */
  postponed: StorageRequest | undefined;
  /** The last request for storage; undefined before the first one. */
  request: StorageRequest | undefined;
  /** Whether the type of the storage does not hold the values any more: nothing is uploaded to it. */
  isOutdated: boolean;
  /** Whether the next upload is of all slices whatever it takes, as the picture was complete before. */
  uploadsAll: boolean;
}

interface Entry extends WindowTexture {
  readonly stopWatching: () => void;
}

/**
 * The textures of one volume, one per render window. WebGL objects cannot be shared between
 * contexts, so each window has its own handle and its own dirty slices.
 *
 * The texture of a window that is destroyed or loses its context is released.
 */
export class WindowTextures {
  readonly #entries = new Map<RenderWindow, Entry>();
  readonly #source: TextureSource;
  readonly #onRelease: (window: RenderWindow) => void;

  /**
   * @param onRelease - called after the texture of a window was released
   */
  constructor(source: TextureSource, onRelease: (window: RenderWindow) => void) {
    this.#source = source;
    this.#onRelease = onRelease;
  }

  /** The texture of a window; one without storage the first time. */
  getOrCreate(window: RenderWindow): WindowTexture {
    this.#releaseDeletedWindows();
    let entry = this.#entries.get(window);
    if (!entry) {
      const { frameCount } = this.#source;
      entry = {
        uploads: new FrameUploads(
          frameCount,
          (frame) => this.#source.isWritten(frame),
          this.#source.standIns,
        ),
        parameters: undefined,
        glState: EMPTY_GL_STATE,
        postponed: undefined,
        request: undefined,
        isOutdated: false,
        uploadsAll: false,
        stopWatching: watchRenderWindow(window, this),
      };
      this.#entries.set(window, entry);
    }
    return entry;
  }

  /** The windows that have a texture. */
  renderWindows(): RenderWindow[] {
    this.#releaseDeletedWindows();
    return [...this.#entries.keys()];
  }

  /** Marks a slice for upload in every window; a slice on screen goes before all others. */
  markDirty(sliceIndex: number, isOnScreen: boolean): void {
    this.#entries.forEach(({ uploads }) => uploads.markDirty(sliceIndex, isOnScreen));
  }

  /** Whether a window shows other stand-ins than it should. */
  get hasPendingStandIns(): boolean {
    return [...this.#entries.values()].some(({ uploads }) => uploads.hasPendingStandIns());
  }

  /** The slice of the volume that a window shows in place of another one; undefined where none does. */
  shownInPlaceOf(sliceIndex: number): number | undefined {
    const step = this.#source.sliceStep ?? 1;
    const lenders = [...this.#entries.values()].map(({ uploads }) =>
      uploads.shownInPlaceOf(Math.floor(sliceIndex / step)),
    );
    const lender = lenders.find((slice) => slice !== undefined);
    return lender === undefined ? undefined : lender * step;
  }

  /**
   * To be called when the values have moved to another type, which holds the former ones. Storage of floats stays
   * as it is: the values in it are the same. Storage of another type is allocated again when it is drawn.
   *
   * @param dataType - name of the typed array
   */
  changeType(dataType: string): void {
    for (const entry of this.#entries.values()) {
      const { glState, parameters, postponed } = entry;
      const hasFloats = glState.openGLDataType === glState.context?.FLOAT;
      if (parameters && hasFloats) {
        entry.parameters = { ...parameters, dataType };
        entry.postponed = postponed && { ...postponed, dataType: dataType as never };
        entry.request = entry.request && { ...entry.request, dataType: dataType as never };
      } else if (parameters) {
        entry.parameters = undefined;
        entry.postponed = undefined;
        entry.isOutdated = true;
      }
    }
  }

  /** Frees the texture of a window, if it has one. */
  release(window: RenderWindow): void {
    const entry = this.#entries.get(window);
    if (!entry) {
      return;
    }
    this.#entries.delete(window);
    entry.stopWatching();
    entry.glState.context?.deleteTexture(entry.glState.handle);
    this.#onRelease(window);
  }

  /** Frees the textures of all windows. */
  releaseAll(): void {
    [...this.#entries.keys()].forEach((window) => this.release(window));
  }

  #releaseDeletedWindows(): void {
    [...this.#entries.keys()]
      .filter((window) => window.isDeleted())
      .forEach((window) => this.release(window));
  }
}

/** What {@link allocateStorage} works with. */
interface StorageOptions {
  /** The model of the texture, which has the state of the window. */
  readonly model: GLState;
  readonly window: WindowTexture;
  readonly source: TextureSource;
  /** Of vtk.js. */
  readonly create3DFromRaw: vtkOpenGLTexture['create3DFromRaw'];
}

/**
 * Allocates the storage of a window's texture. While no slice is written it has one voxel, which looks the
 * same: the empty volume is drawn at once, where large textures take long to allocate and
 * to clear. The request is kept in {@link WindowTexture.postponed} for the first slice.
 *
 * @returns the result of vtk.js's allocation
 */
export function allocateStorage(
  request: StorageRequest,
  { model, window, source, create3DFromRaw }: StorageOptions,
): boolean {
  window.uploads.markAllDirty();
  window.request = request;
  window.uploadsAll ||= window.isOutdated;
  window.isOutdated = false;
  const isEmpty = !window.uploads.hasPending();
  const { width, height, depth } = request;
  const dimensions = source.dimensions ?? [width, height, depth];
  const [columns, rows, slices] = isEmpty ? [1, 1, 1] : dimensions;
  // Storage is immutable: another size or type needs another texture.
  model.context?.deleteTexture(model.handle);
  model.handle = null;
  // Workaround: with several volumes in one viewport, vtkStreamingOpenGLVolumeMapper (core, multiTexturePerVolume)
  // requests their number as the number of components. Remove when it requests that of each volume.
  const numComps = source.numberOfComponents;
  const size = { width: columns, height: rows, depth: slices };
  const isCreated = create3DFromRaw({ ...request, ...size, numComps, data: null });
  // New storage is 0 everywhere. Counted from the background, that is the background, and no slice
  // has to be filled with it. Types of whole numbers hold the values as they are.
  if (source.background && model.volumeInfo && model.openGLDataType === model.context?.FLOAT) {
    model.volumeInfo.offset = new Array<number>(numComps).fill(source.background);
  }
  window.glState = copyGLState(model);
  window.postponed = isEmpty ? request : undefined;
  return isCreated;
}

/** Size and type of a texture, as Cornerstone's mappers request it. */
export interface TextureParameters {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly numberOfComponents: number;
  /** Name of the typed array, such as `Int16Array`. */
  readonly dataType: string;
}

/** The fields of vtk.js's texture model that belong to one WebGL context. */
export interface GLState {
  context: WebGL2RenderingContext | null;
  handle: WebGLTexture | null;
  numberOfDimensions: number;
  target: number;
  format: number;
  internalFormat: number;
  openGLDataType: number;
  components: number;
  width: number;
  height: number;
  depth: number;
  volumeInfo:
    | {
        /** A value is that of the texture times the scale plus the offset; one of each per component. */
        scale: number[];
        offset: number[];
        dataComputedScale: number[];
        dataComputedOffset: number[];
      }
    | undefined;
  oglNorm16Ext: unknown;
  allocatedGPUMemoryInBytes: number;
  _forceInternalFormat: boolean;
  _prevTexParams: unknown;
}

/** A texture without storage. */
export const EMPTY_GL_STATE: Readonly<GLState> = {
  context: null,
  handle: null,
  numberOfDimensions: 0,
  target: 0,
  format: 0,
  internalFormat: 0,
  openGLDataType: 0,
  components: 0,
  width: 0,
  height: 0,
  depth: 0,
  volumeInfo: undefined,
  oglNorm16Ext: null,
  allocatedGPUMemoryInBytes: 0,
  _forceInternalFormat: false,
  _prevTexParams: null,
};

/** Copies the fields of {@link GLState} from a model that has more. */
function copyGLState(model: GLState): GLState {
  const fields = Object.keys(EMPTY_GL_STATE) as (keyof GLState)[];
  return Object.fromEntries(fields.map((field) => [field, model[field]])) as unknown as GLState;
}
