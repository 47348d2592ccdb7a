import type { vtkOpenGLTexture } from '@kitware/vtk.js/Rendering/OpenGL/Texture.js';
import { FrameUploads } from './FrameUploads.js';
import type { TextureSource } from './TextureSource.js';
import { EMPTY_GL_STATE, type GLState, type TextureParameters } from './glState.js';
import { watchRenderWindow, type RenderWindow } from './RenderWindow.js';

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
  markDirty(frameIndex: number, isFirst: boolean): void {
    this.#entries.forEach(({ uploads }) => uploads.markDirty(frameIndex, isFirst));
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
