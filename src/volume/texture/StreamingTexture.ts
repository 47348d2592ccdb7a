import type { vtkOpenGLTexture } from '@kitware/vtk.js/Rendering/OpenGL/Texture.js';
import type { TextureParameters } from './glState.js';
import type { TextureSource } from './TextureSource.js';

/** What a streaming texture is made of. */
export interface StreamingTextureOptions {
  readonly source: TextureSource;
  /** The longest that one `update3DFromRaw` uploads, in milliseconds; one slice is always done. */
  readonly uploadBudgetMs?: number;
  /**
   * Called when slices were left for lack of time, once however many viewports drew. Whoever owns
   * the texture then asks for another render, and the upload goes on there.
   */
  readonly onUploadPending: () => void;
  /** A clock in milliseconds; `performance.now` unless told. */
  readonly now?: () => number;
}

/**
 * A 3D texture that Cornerstone's streaming mappers draw from, and that uploads only the slices
 * that changed.
 *
 * One object serves all viewports: for each render window it keeps a WebGL texture and a set of
 * dirty slices, and the mappers switch between them with `setOpenGLRenderWindow`.
 */
export interface StreamingTexture extends vtkOpenGLTexture {
  setVolumeId(volumeId: string): void;
  getVolumeId(): string | null;
  /**
   * Marks a slice for upload in every window. A slice that is not written yet waits until it is.
   *
   * @param frameIndex - slice from 0, in volume order
   * @param isAwaited - whether it is uploaded before all others
   * @throws TypeError when there is no such slice
   */
  setUpdatedFrame(frameIndex: number, isAwaited?: boolean): void;
  /**
   * Says that the values have another type from now on, which holds what they were. Mappers that ask for it
   * draw what was there before at once.
   *
   * @param dataType - name of the typed array
   */
  setVoxelType(dataType: string): void;
  /**
   * Whether the window drawn last lacks slices: a written one is not uploaded, or none was yet.
   * Slices that are not written need no upload.
   */
  hasUpdatedFrames(): boolean;
  /** For each slice, whether it is written but not uploaded to the window drawn last. */
  getUpdatedFrames(): boolean[];
  /** Records what a mapper asks for in the current window. */
  setTextureParameters(parameters: TextureParameters): void;
  /** What was recorded for the current window; empty before the first allocation there. */
  getTextureParameters(): Partial<TextureParameters>;
  /**
   * Uploads pending slices to the current window within the time budget.
   *
   * @returns whether anything was uploaded
   */
  update3DFromRaw(): boolean;
  /** Frees the WebGL texture of one window, or of all. Drawing again uploads again. */
  releaseGraphicsResources(window?: object): void;
  /** Frees everything. Nothing may draw with the texture afterwards. */
  delete(): void;
}
