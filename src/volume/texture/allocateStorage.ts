import type { vtkOpenGLTexture } from '@kitware/vtk.js/Rendering/OpenGL/Texture.js';
import { copyGLState } from './glState.js';
import type { GLState } from './glState.js';
import type { TextureSource } from './TextureSource.js';
import type { StorageRequest, WindowTexture } from './WindowTextures.js';

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
