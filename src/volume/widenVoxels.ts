import { eventTarget, triggerEvent } from '@cornerstonejs/core';
import type { ImageVolume } from '@cornerstonejs/core';
import type { FrameStore, Widening } from '../base/FrameStore.js';
import type { VolumeArray, VolumeDataType } from '../base/types.js';
import type { CacheReservation } from '../loading/memory/reserveCache.js';
import type { StreamingTexture } from './texture/createStreamingTexture.js';

/**
 * Type of the event on Cornerstone's `eventTarget` that tells that the voxels of a volume have moved into an
 * array of a wider type, because a frame came that the old one does not hold. Its detail is a
 * {@link VolumeWidened}.
 */
export const VOLUME_WIDENED = 'STREAMING_IMAGE_VOLUME_WIDENED';

/** The detail of {@link VOLUME_WIDENED}. */
export interface VolumeWidened {
  readonly volumeId: string;
  /** Its `getScalarData()` gives the new array already. */
  readonly volume: ImageVolume & { getScalarData(): VolumeArray };
  readonly from: VolumeDataType;
  readonly to: VolumeDataType;
  /** Of the frame that did not fit. Its voxels come right after the event. */
  readonly imageId: string;
}

/** A volume that follows its store. */
export interface WidenedVolume {
  readonly volume: ImageVolume;
  readonly store: FrameStore;
  readonly reservation: CacheReservation;
  readonly texture: StreamingTexture;
  /** Called after all has followed, and before the event. */
  readonly onWidened: () => void;
}

/**
 * Lets a volume follow its store into an array of a wider type, from now on and instead of the volume that
 * had the store before. `FrameStore` decides when, and converts the values; the bytes that are added are
 * reserved in Cornerstone's cache first.
 *
 * What asks the store anew each time (voxel manager, Images, requests of frames, resampling) needs nothing
 * here. This is for what keeps the type or the array: the fields that Cornerstone reads of the volume, the
 * copy of vtk.js, and the texture.
 */
export function followWidening({
  volume,
  store,
  reservation,
  texture,
  onWidened,
}: WidenedVolume): void {
  store.owner = {
    reserve: reservation.grow,
    onWidened: (widening) => {
      const { from, to, imageId } = widening;
      const { imageData, volumeId } = volume;
      volume.dataType = to;
      imageData?.set({ dataType: to }, true);
      replaceScalars(volume, widening, store.data);
      texture.setVoxelType(to);
      imageData?.modified();
      onWidened();
      triggerEvent(eventTarget, VOLUME_WIDENED, { volumeId, volume, from, to, imageId });
    },
  };
}

/** What is read of vtk.js's data array. */
interface Scalars {
  getData(): unknown;
  setData(values: VolumeArray, numberOfComponents?: number): void;
}

/** Core's `convertMapperToNotSharedMapper` gives vtk.js the array itself, in a data array of its own. */
function replaceScalars({ imageData }: ImageVolume, { former }: Widening, data: VolumeArray): void {
  const scalars = imageData?.getPointData().getScalars() as Scalars | null | undefined;
  if (scalars?.getData() === former) {
    scalars.setData(data);
  }
}
