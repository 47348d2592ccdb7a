import macro from '@kitware/vtk.js/macros.js';
import vtkOpenGLTexture from '@kitware/vtk.js/Rendering/OpenGL/Texture.js';
import { FrameUploader } from './FrameUploader.js';
import type { TextureSource } from './FrameUploader.js';
import { leaveOutEmptyDrawing } from './leaveOutEmptyDrawing.js';
import { MapperResources } from './MapperResources.js';
import type { RenderWindow } from './RenderWindow.js';
import type { StreamingTexture, StreamingTextureOptions } from './StreamingTexture.js';
import { uploadSlices } from './uploadSlices.js';
import { allocateStorage, EMPTY_GL_STATE, WindowTextures } from './WindowTextures.js';
import type { GLState, StorageRequest, WindowTexture } from './WindowTextures.js';

export type { StreamingTexture, StreamingTextureOptions } from './StreamingTexture.js';

interface TextureModel extends GLState {
  _openGLRenderWindow: RenderWindow | null;
  classHierarchy: string[];
  generateMipmap: boolean;
  volumeId: string | null;
}

/** The members of vtk.js's texture that its types lack. */
type TextureAPI = StreamingTexture & {
  updateVolumeInfoForGL(dataType: string, numberOfComponents: number): boolean;
};

const DEFAULT_UPLOAD_BUDGET_MS = 8;

/** What the texture has of one source. */
interface Layer {
  readonly source: TextureSource;
  readonly uploader: FrameUploader;
  readonly windows: WindowTextures;
}

function vtkStreamingTexture(
  publicAPI: TextureAPI,
  model: TextureModel,
  {
    source: firstSource,
    keptSources = 1,
    uploadBudgetMs = DEFAULT_UPLOAD_BUDGET_MS,
    onUploadPending,
    now = () => performance.now(),
  }: StreamingTextureOptions,
): void {
  model.classHierarchy.push('vtkStreamingTexture');

  /** The one that was shown last comes last. */
  const layers = new Map<TextureSource, Layer>();
  let shown = layerOf(firstSource);
  const mapperResources = new MapperResources();
  let current: WindowTexture | undefined;
  let pendingIsAnnounced = false;

  function layerOf(source: TextureSource): Layer {
    const known = layers.get(source);
    if (known) {
      return known;
    }
    const windows = new WindowTextures(source, (window) => {
      if (shown.windows === windows) {
        forgetWindow(window);
      }
    });
    const layer = { source, uploader: new FrameUploader(source), windows };
    layers.set(source, layer);
    return layer;
  }

  /** Frees the textures of the sources that were shown longest ago. */
  function releaseBeyond(count: number): void {
    for (const layer of [...layers.values()].slice(0, Math.max(0, layers.size - count))) {
      if (layer !== shown) {
        layer.windows.releaseAll();
        layers.delete(layer.source);
      }
    }
  }

  /** Lets vtk.js's members work on the texture of one window. */
  function enter(window: RenderWindow | null, texture: WindowTexture | undefined): void {
    current = texture;
    Object.assign(model, texture?.glState ?? EMPTY_GL_STATE, {
      _openGLRenderWindow: window,
      context: window?.getContext() ?? null,
    });
  }

  /** Mappers compare the MTime to find out whether they have to set their window again. */
  function forgetWindow(window: RenderWindow): void {
    mapperResources.release(window);
    if (!window.isDeleted()) {
      window.deactivateTexture(publicAPI);
    }
    if (window === model._openGLRenderWindow) {
      current = undefined;
      Object.assign(model, EMPTY_GL_STATE, { _openGLRenderWindow: null });
    }
    publicAPI.modified();
  }

  /**
   * Workaround: vtkStreamingOpenGLVolumeMapper (core, RenderingEngine/vtkClasses) records the time of its build after
   * the upload: an MTime that is raised during the upload would not bring the next render back here. Remove when it
   * asks `hasUpdatedFrames` before it compares times.
   */
  function announcePending(): void {
    if (pendingIsAnnounced) {
      return;
    }
    pendingIsAnnounced = true;
    queueMicrotask(() => {
      pendingIsAnnounced = false;
      if (!publicAPI.isDeleted()) {
        publicAPI.modified();
        onUploadPending();
      }
    });
  }

  publicAPI.setVolumeId = (volumeId) => {
    model.volumeId = volumeId;
  };

  publicAPI.getVolumeId = () => model.volumeId;

  publicAPI.setUpdatedFrame = (sliceIndex, isOnScreen = false) => {
    publicAPI.markSlice(shown.source, sliceIndex, isOnScreen);
  };

  publicAPI.markSlice = (source, sliceIndex, isOnScreen = false) => {
    const textureSlice = source.sliceOf ? source.sliceOf(sliceIndex) : sliceIndex;
    if (textureSlice === undefined) {
      return;
    }
    if (!Number.isInteger(textureSlice) || textureSlice < 0 || textureSlice >= source.frameCount) {
      const last = source.frameCount - 1;
      throw new TypeError(`Expected a slice index from 0 to ${last}, got ${sliceIndex}`);
    }
    // Frames may still end after the volume is removed.
    if (!publicAPI.isDeleted()) {
      layers.get(source)?.windows.markDirty(textureSlice, isOnScreen);
      modifiedWhereShown(source);
    }
  };

  publicAPI.setVoxelType = (dataType, source = shown.source) => {
    if (!publicAPI.isDeleted()) {
      layers.get(source)?.windows.changeType(dataType);
      modifiedWhereShown(source);
    }
  };

  publicAPI.updateStandIns = (source = shown.source) => {
    const isOutdated =
      !publicAPI.isDeleted() && layers.get(source)?.windows.hasPendingStandIns === true;
    if (isOutdated) {
      modifiedWhereShown(source);
    }
    return isOutdated && source === shown.source;
  };

  publicAPI.shownInPlaceOf = (sliceIndex) => shown.windows.shownInPlaceOf(sliceIndex);

  function modifiedWhereShown(source: TextureSource): void {
    if (source === shown.source) {
      publicAPI.modified();
    }
  }

  publicAPI.showSource = (source) => {
    if (source === shown.source || publicAPI.isDeleted()) {
      return;
    }
    const former = shown;
    shown = layerOf(source);
    layers.delete(source);
    layers.set(source, shown);
    // In all windows, so that the end of a window is noticed there.
    for (const window of former.windows.renderWindows()) {
      shown.windows.getOrCreate(window).uploadsAll = true;
    }
    const window = model._openGLRenderWindow;
    if (window) {
      enter(window, shown.windows.getOrCreate(window));
    }
    releaseBeyond(keptSources);
    publicAPI.modified();
  };

  publicAPI.releaseSource = (source) => {
    const layer = layers.get(source);
    layer?.windows.releaseAll();
    if (layer && layer !== shown) {
      layers.delete(source);
    }
  };

  publicAPI.hasUpdatedFrames = () =>
    !current || current.isOutdated || current.uploads.isEmpty() || hasPending(current);

  publicAPI.getUpdatedFrames = () =>
    current?.uploads.getPending() ??
    Array.from({ length: shown.source.frameCount }, (_, frame) => shown.source.isWritten(frame));

  publicAPI.setTextureParameters = ({ width, height, depth, numberOfComponents, dataType }) => {
    if (current) {
      current.parameters = { width, height, depth, numberOfComponents, dataType };
    }
  };

  publicAPI.getTextureParameters = () => ({ ...current?.parameters });

  publicAPI.setOpenGLRenderWindow = (window: RenderWindow | null) => {
    if (publicAPI.isDeleted()) {
      return;
    }
    if (window) {
      mapperResources.watch(window, publicAPI);
    }
    if (model._openGLRenderWindow === window) {
      return;
    }
    enter(window, window ? shown.windows.getOrCreate(window) : undefined);
    // The mappers of the former window have to set it again.
    publicAPI.modified();
  };

  leaveOutEmptyDrawing(publicAPI, () =>
    current?.postponed ? (model._openGLRenderWindow ?? undefined) : undefined,
  );

  const superUpdateVolumeInfoForGL = publicAPI.updateVolumeInfoForGL;
  publicAPI.updateVolumeInfoForGL = (dataType, numberOfComponents) => {
    const isScalingApplied = superUpdateVolumeInfoForGL(dataType, numberOfComponents);
    // Workaround: vtk.js (Rendering/OpenGL/Texture.js) derives a scale from the data range, which these values must
    // not get: they are modality values already. Remove when the scale can be given.
    if (model.volumeInfo) {
      model.volumeInfo.dataComputedScale = [1];
      model.volumeInfo.dataComputedOffset = [0];
    }
    return isScalingApplied;
  };

  const superCreate3DFromRaw = publicAPI.create3DFromRaw;
  function allocate(layer: Layer, window: WindowTexture, request: StorageRequest): boolean {
    return allocateStorage(request, {
      model,
      window,
      source: layer.source,
      create3DFromRaw: superCreate3DFromRaw,
    });
  }

  publicAPI.create3DFromRaw = (request: StorageRequest) =>
    current !== undefined && allocate(shown, current, request);

  publicAPI.update3DFromRaw = () => upload(shown);

  function getUploadBudgetMs(): number {
    return typeof uploadBudgetMs === 'function' ? uploadBudgetMs() : uploadBudgetMs;
  }

  function hasPending({ uploads }: WindowTexture): boolean {
    return uploads.hasPending() || uploads.hasPendingStandIns();
  }

  /** Uploads slices to the texture that was entered; stand-ins only where it is shown. */
  function upload(layer: Layer): boolean {
    const { context: gl, _openGLRenderWindow: window } = model;
    if (!gl || !model.handle || !window || !current || current.isOutdated) {
      return false;
    }
    const isShown = layer === shown;
    if (!(isShown ? hasPending(current) : current.uploads.hasPending())) {
      return false;
    }
    const { uploads, postponed } = current;
    if (postponed) {
      allocate(layer, current, postponed);
    }
    const { uploadsAll } = current;
    current.uploadsAll = false;
    window.activateTexture(publicAPI);
    publicAPI.bind();
    try {
      uploadSlices(gl, model, {
        ...layer,
        uploads,
        budgetMs: uploadsAll ? Infinity : getUploadBudgetMs(),
        now,
        hasStandIns: isShown,
      });
      if (model.generateMipmap) {
        gl.generateMipmap(model.target);
      }
    } finally {
      publicAPI.deactivate();
    }
    if (isShown && hasPending(current)) {
      announcePending();
    }
    return true;
  }

  publicAPI.prepareSource = (source) => {
    if (source === shown.source || keptSources < 2 || publicAPI.isDeleted()) {
      return false;
    }
    const isNew = !layers.has(source);
    if (isNew) {
      releaseBeyond(keptSources - 1);
    }
    const layer = layerOf(source);
    const before = { window: model._openGLRenderWindow, texture: current };
    let hasMore = false;
    for (const window of shown.windows.renderWindows()) {
      const like = shown.windows.getOrCreate(window);
      const texture = layer.windows.getOrCreate(window);
      if (!like.request || window.isDeleted()) {
        continue;
      }
      enter(window, texture);
      texture.uploadsAll = false;
      const dataType = source.dataType ?? String(like.request.dataType);
      if (!texture.request || texture.isOutdated) {
        publicAPI.resetFormatAndType();
        model.oglNorm16Ext = like.glState.oglNorm16Ext;
        allocate(layer, texture, { ...like.request, dataType: dataType as never });
        texture.parameters = like.parameters && { ...like.parameters, dataType };
      }
      upload(layer);
      hasMore ||= texture.uploads.hasPending();
    }
    enter(before.window, before.texture);
    return hasMore;
  };

  publicAPI.releaseGraphicsResources = (window) => {
    for (const { windows } of layers.values()) {
      if (window) {
        windows.release(window as RenderWindow);
      } else {
        windows.releaseAll();
      }
    }
  };

  publicAPI.destroyTexture = () => {
    if (model._openGLRenderWindow) {
      publicAPI.releaseGraphicsResources(model._openGLRenderWindow);
    }
  };

  const superDelete = publicAPI.delete;
  publicAPI.delete = () => {
    publicAPI.releaseGraphicsResources();
    superDelete();
  };
}

/**
 * Adds the streaming texture's members to an object, as vtk.js's classes do.
 *
 * @param publicAPI - gets the methods
 * @param model - gets the fields
 * @param options - see {@link createStreamingTexture}
 */
function extend(publicAPI: object, model: object, options: StreamingTextureOptions): void {
  Object.assign(model, { volumeId: null });
  vtkOpenGLTexture.extend(publicAPI, model, {});
  vtkStreamingTexture(publicAPI as TextureAPI, model as TextureModel, options);
}

const newInstance = macro.newInstance(extend as never, 'vtkStreamingTexture') as (
  options: StreamingTextureOptions,
) => StreamingTexture;

/**
 * Makes the texture of a volume. It holds no WebGL resource until a viewport draws it, and almost no GPU
 * memory until a slice is written.
 *
 * The values reach the shader in modality units: bytes and, where Cornerstone's mappers allow
 * normalised 16 bit textures, shorts as they are, everything else as 32 bit floats. Slices that
 * are not written show the source's background where the texture has floats, and 0 elsewhere.
 */
export function createStreamingTexture(options: StreamingTextureOptions): StreamingTexture {
  return newInstance(options);
}
