import type { vtkOpenGLTexture } from '@kitware/vtk.js/Rendering/OpenGL/Texture.js';
import type { TextureSource } from './FrameUploader.js';
import type { TextureParameters } from './WindowTextures.js';

/** Options of `createStreamingTexture`. */
export interface StreamingTextureOptions {
  /** Shown first. */
  readonly source: TextureSource;
  /**
   * How many sources keep their WebGL textures, those shown last: the current one, and others that are shown again
   * without an upload. Default 1.
   */
  readonly keptSources?: number;
  /**
   * The longest that one `update3DFromRaw` uploads, in milliseconds; one slice is always done. A function is called
   * before each upload.
   */
  readonly uploadBudgetMs?: number | (() => number);
  /**
   * Called when the time budget was used up and slices remain, once for all viewports that drew. The owner of
   * the texture then requests another render, in which the upload continues.
   */
  readonly onUploadPending: () => void;
  /** A clock in milliseconds. Default `performance.now`. */
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
   * @param sliceIndex - slice from 0, in volume order
   * @param isOnScreen - whether a viewport shows this slice: then it is uploaded before all others
   * @throws TypeError when there is no such slice
   */
  setUpdatedFrame(sliceIndex: number, isOnScreen?: boolean): void;
  /**
   * To be called when the values have moved to another type, which holds the former ones. Mappers that request that
   * type draw the present slices at once.
   *
   * @param dataType - name of the typed array
   * @param source - whose values; default: the source that is shown
   */
  setVoxelType(dataType: string, source?: TextureSource): void;
  /**
   * Shows another source of the same size. The next render uploads what its texture lacks, whatever that takes, so
   * that it shows nothing of the former source; where the texture was kept and no slice has changed, nothing.
   */
  showSource(source: TextureSource): void;
  /** Marks a slice of a source as {@link setUpdatedFrame} does; nothing to do where the source has no texture. */
  markSlice(source: TextureSource, sliceIndex: number, isOnScreen?: boolean): void;
  /**
   * To be called when other slices than before may stand in for slices without pixels, and no slice is marked for it:
   * a frame has failed, or a load was cancelled.
   *
   * @param source - default: the source that is shown
   * @returns whether a render is to follow, which takes them away or shows others
   */
  updateStandIns(source?: TextureSource): boolean;
  /**
   * The slice of the volume whose values are drawn in place of another one, in the source that is shown, as of the last
   * renders; undefined where no window shows a stand-in for it.
   */
  shownInPlaceOf(sliceIndex: number): number | undefined;
  /** Frees the textures of a source, which may be shown again later. */
  releaseSource(source: TextureSource): void;
  /**
   * Uploads slices of a source that is not shown into textures like those of the shown one, within the time budget;
   * takes the place of the source that was shown longest ago where the textures are as many as are kept.
   *
   * @returns whether slices remain to be uploaded
   */
  prepareSource(source: TextureSource): boolean;
  /**
   * Whether the window drawn last lacks slices: a written one or a stand-in is not uploaded, or no slice was uploaded
   * yet. Slices that are not written and have no stand-in need no upload.
   */
  hasUpdatedFrames(): boolean;
  /** For each slice, whether it is written but not uploaded to the window drawn last. */
  getUpdatedFrames(): boolean[];
  /** Records the parameters that a mapper requests in the current window. */
  setTextureParameters(parameters: TextureParameters): void;
  /** The parameters recorded for the current window; empty before the first allocation there. */
  getTextureParameters(): Partial<TextureParameters>;
  /**
   * Uploads pending slices to the current window within the time budget.
   *
   * @returns whether anything was uploaded
   */
  update3DFromRaw(): boolean;
  /** Frees the WebGL texture of one window, or of all. Drawing again uploads again. */
  releaseGraphicsResources(window?: object): void;
  /** Frees everything. The texture cannot be drawn afterwards. */
  delete(): void;
}
