import type { Types } from '@cornerstonejs/core';
import { FrameStore } from '../../base/voxels/FrameStore.js';
import type { FrameMetadata, VolumeArray } from '../../base/types.js';
import { finiteRange } from '../../base/voxels/voxelTypes.js';
import { loadIntoSlot } from '../../loading/frame/loadIntoSlot.js';
import { retryFrame } from '../../loading/frame/retryFrame.js';
import type { LoadContext } from '../../loading/LoadContext.js';
import type { ResamplingSources } from '../../loading/resampling/ResamplingSources.js';
import { createVolumeImage } from '../../pixels/image/volumeImage.js';

/** A slice that is wanted with all its columns and rows. */
export interface WholeSlice {
  /** Its headers, with all columns and rows. */
  readonly slice: FrameMetadata;
  /** In the volume, from 0; that of a neighbour for a frame that the volume leaves out. */
  readonly sliceIndex: number;
}

/**
 * Loads a slice with all its columns and rows, with the retries and limits of the volume, into memory of its own:
 * from memory where its pixels are there whole, otherwise from the network.
 *
 * @param sources - make the slice; undefined where it is a frame
 * @returns an Image that holds nothing of the volume. Rejects with a StreamingVolumeError as a frame of the volume
 *   fails, and with code `volume-removed` when the volume is removed meanwhile
 */
export async function loadWholeSlice(
  context: LoadContext,
  { slice, sliceIndex }: WholeSlice,
  sources: ResamplingSources | undefined,
): Promise<Types.IImage> {
  const { numberOfComponents, isPreScaled, removal } = context;
  removal.throwIfAborted();
  const pixels = sources
    ? await sources.makeWhole(sliceIndex, removal)
    : await loadFrame(context, { slice, sliceIndex });
  const range = finiteRange(pixels) ?? { min: 0, max: 0 };
  return createVolumeImage({
    frame: slice,
    getPixels: () => pixels,
    numberOfComponents,
    isPreScaled,
    getRange: () => range,
  });
}

/** The voxels of an absent slice: those of the background. */
export function blankSlice(
  { numberOfComponents, isPreScaled, store }: LoadContext,
  slice: FrameMetadata,
): Types.IImage {
  const SliceArray = store.data.constructor as new (length: number) => VolumeArray;
  const pixels = new SliceArray(slice.rows * slice.columns * numberOfComponents);
  const range = store.getRange() ?? { min: 0, max: 0 };
  return createVolumeImage({
    frame: slice,
    getPixels: () => pixels,
    numberOfComponents,
    isPreScaled,
    getRange: () => range,
    isBlank: true,
  });
}

async function loadFrame(
  context: LoadContext,
  { slice, sliceIndex }: WholeSlice,
): Promise<VolumeArray> {
  const { store: ofVolume, numberOfComponents, removal } = context;
  let store: FrameStore | undefined;
  const attempt = (signal: AbortSignal): Promise<number> => {
    // A store of its own for each try: a late answer to the try before is not in it.
    store = new FrameStore({
      dataType: ofVolume.dataType,
      widestType: ofVolume.widestType,
      frameCount: 1,
      valuesPerFrame: slice.rows * slice.columns * numberOfComponents,
      shared: ofVolume.isShared,
    });
    const slot = { frame: slice, store, slotIndex: 0, sliceIndex };
    return loadIntoSlot(context, slot, { isOnScreen: true }, signal);
  };
  const { failure } = await retryFrame(slice.imageId, attempt, context, removal);
  if (failure) {
    throw failure.error;
  }
  const { data } = store as FrameStore;
  return store?.isShared ? data.slice() : data;
}
