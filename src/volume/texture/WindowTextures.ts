import type { vtkOpenGLTexture } from '@kitware/vtk.js/Rendering/OpenGL/Texture.js';
import { centerOut } from '../../loading/schedule/frameOrder.js';
import { copyGLState, EMPTY_GL_STATE, type GLState, type TextureParameters } from './glState.js';
import type { TextureSource } from './reduceSource.js';
import { type RenderWindow, watchRenderWindow } from './RenderWindow.js';

/** What a mapper asks for. */
export type StorageRequest = Parameters<vtkOpenGLTexture['create3DFromRaw']>[0];

/** What one render window, that is one WebGL context, holds of the volume. */
export interface WindowTexture {
  readonly uploads: FrameUploads;
  /** What the mappers asked for last; undefined until they did. */
  parameters: TextureParameters | undefined;
  /** As it was after the allocation. */
  glState: GLState;
  /** Storage that was asked for when there was nothing to store yet. */
  postponed: StorageRequest | undefined;
  /** Whether the storage is of a type that does not hold the values any more: nothing is uploaded to it. */
  isOutdated: boolean;
  /** Whether the next upload is to be of all slices, as the picture has been whole before. */
  uploadsAll: boolean;
}

interface Entry extends WindowTexture {
  readonly stopWatching: () => void;
}

/**
 * The textures of one volume, one per render window. WebGL objects cannot be shared between
 * contexts, so each window has its own handle and its own dirty slices.
 *
 * A window that is destroyed or loses its context gives up its texture.
 */
export class WindowTextures {
  readonly #entries = new Map<RenderWindow, Entry>();
  readonly #source: TextureSource;
  readonly #onRelease: (window: RenderWindow) => void;

  /**
   * @param onRelease - told after the texture of a window is gone
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
        uploads: new FrameUploads(frameCount, (frame) => this.#source.isWritten(frame)),
        parameters: undefined,
        glState: EMPTY_GL_STATE,
        postponed: undefined,
        isOutdated: false,
        uploadsAll: false,
        stopWatching: watchRenderWindow(window, this),
      };
      this.#entries.set(window, entry);
    }
    return entry;
  }

  /** Marks a slice for upload in every window, before all others where it is the first. */
  markDirty(sliceIndex: number, isOnScreen: boolean): void {
    this.#entries.forEach(({ uploads }) => uploads.markDirty(sliceIndex, isOnScreen));
  }

  /**
   * Says that the values have another type, which holds what they were. Storage of floats stays as it is:
   * the values in it are the same. Storage of another type is made anew when it is drawn.
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
      } else if (parameters) {
        entry.parameters = undefined;
        entry.postponed = undefined;
        entry.isOutdated = true;
      }
    }
  }

  /** Frees what a window holds; nothing happens when it holds nothing. */
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

  /** Frees what all windows hold. */
  releaseAll(): void {
    [...this.#entries.keys()].forEach((window) => this.release(window));
  }

  #releaseDeletedWindows(): void {
    [...this.#entries.keys()]
      .filter((window) => window.isDeleted())
      .forEach((window) => this.release(window));
  }
}

/** How long {@link FrameUploads.upload} may take. */
export interface UploadBudget {
  /** In milliseconds. */
  readonly budgetMs: number;
  /** A clock in milliseconds. */
  readonly now: () => number;
}

/**
 * Which slices of one texture differ from the array behind it.
 *
 * A new texture is empty, so all slices start out dirty, from the middle outwards, where viewports
 * open. A dirty slice is uploaded once it is written; until then it waits and does not count as
 * pending. Slices that are marked come after those that were before them: frames arrive in the order
 * in which they are wanted. A slice that was written and is not any more is uploaded once, as blank.
 */
export class FrameUploads {
  readonly #frameCount: number;
  /** The one to be uploaded next comes first. */
  #dirty: Set<number>;
  /** Slices that the texture holds values of. */
  readonly #uploaded = new Set<number>();
  readonly #isWritten: (sliceIndex: number) => boolean;

  /**
   * @param frameCount - number of slices
   * @param isWritten - whether a slice may be uploaded; asked each time anew
   */
  constructor(frameCount: number, isWritten: (sliceIndex: number) => boolean) {
    this.#frameCount = frameCount;
    this.#dirty = new Set(centerOut(frameCount));
    this.#isWritten = isWritten;
  }

  /**
   * Says that the values of a slice changed.
   *
   * @param isOnScreen - whether it comes before all others
   */
  markDirty(sliceIndex: number, isOnScreen = false): void {
    this.#dirty.delete(sliceIndex);
    this.#dirty = isOnScreen ? new Set([sliceIndex, ...this.#dirty]) : this.#dirty.add(sliceIndex);
  }

  /** Says that the texture has lost all it held. */
  markAllDirty(): void {
    this.#uploaded.clear();
    this.#dirty = new Set(centerOut(this.#frameCount));
  }

  /** Whether a written slice waits for its upload. */
  hasPending(): boolean {
    return this.#findPending() !== undefined;
  }

  /** Whether no slice was uploaded since all were marked. */
  isEmpty(): boolean {
    return this.#dirty.size === this.#frameCount;
  }

  /** For each slice, whether it waits for its upload. */
  getPending(): boolean[] {
    return Array.from({ length: this.#frameCount }, (_, frame) => this.#isPending(frame));
  }

  /**
   * Uploads pending slices until the time is used up; at least one, where one is pending. What is
   * left stays pending, and so does a slice whose upload throws.
   *
   * @param uploadFrame - uploads one slice
   * @returns the number of slices uploaded
   */
  upload(uploadFrame: (sliceIndex: number) => void, { budgetMs, now }: UploadBudget): number {
    const start = now();
    let uploaded = 0;
    let next = this.#findPending();
    // Stops where one more slice, at the pace of those before, would end too late.
    while (
      next !== undefined &&
      (uploaded === 0 || ((now() - start) * (uploaded + 1)) / uploaded <= budgetMs)
    ) {
      uploadFrame(next);
      this.#dirty.delete(next);
      this.#uploaded.add(next);
      uploaded += 1;
      next = this.#findPending();
    }
    return uploaded;
  }

  #isPending(sliceIndex: number): boolean {
    return this.#dirty.has(sliceIndex) && this.#hasNews(sliceIndex);
  }

  #findPending(): number | undefined {
    for (const sliceIndex of this.#dirty) {
      if (this.#hasNews(sliceIndex)) {
        return sliceIndex;
      }
    }
    return undefined;
  }

  /** Of a slice that is not written there is nothing to show, unless it was and has been cleared. */
  #hasNews(sliceIndex: number): boolean {
    return this.#isWritten(sliceIndex) || this.#uploaded.has(sliceIndex);
  }
}

/** What storage is made for, and with. */
export interface StorageOptions {
  /** The model of the texture, which has the state of the window. */
  readonly model: GLState;
  readonly window: WindowTexture;
  readonly source: TextureSource;
  /** Of vtk.js. */
  readonly create3DFromRaw: vtkOpenGLTexture['create3DFromRaw'];
}

/**
 * Allocates the storage of a window's texture. While no slice is written it has one voxel, which shows the
 * same: a picture of the empty volume then waits for nothing, where large textures take long to allocate and
 * to clear. The request is kept in {@link WindowTexture.postponed} for the first slice.
 *
 * @returns what vtk.js says of it
 */
export function allocateStorage(
  request: StorageRequest,
  { model, window, source, create3DFromRaw }: StorageOptions,
): boolean {
  window.uploads.markAllDirty();
  window.uploadsAll = window.isOutdated;
  window.isOutdated = false;
  const isEmpty = !window.uploads.hasPending();
  const { width, height, depth } = request;
  const dimensions = source.dimensions ?? [width, height, depth];
  const [columns, rows, slices] = isEmpty ? [1, 1, 1] : dimensions;
  // Storage is immutable: another size or type needs another texture.
  model.context?.deleteTexture(model.handle);
  model.handle = null;
  // With several volumes in one viewport, a mapper may ask for their number as components.
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
