import { eventTarget, triggerEvent } from '@cornerstonejs/core';
import type { ImageVolume } from '@cornerstonejs/core';
import { callApplication } from '../base/callApplication.js';
import type { FrameStore, Widening } from '../base/FrameStore.js';
import type { VolumeArray, VolumeDataType } from '../base/types.js';
import type { CacheReservation } from '../loading/memory/reserveCache.js';
import type { StreamingTexture } from './texture/createStreamingTexture.js';

/**
 * Type of the event on Cornerstone's `eventTarget` for a volume whose voxels have moved into an
 * array of a wider type, because the former type does not hold a frame that has arrived. Its detail is a
 * {@link VolumeWidened}.
 */
export const VOLUME_WIDENED = 'STREAMING_IMAGE_VOLUME_WIDENED';

/** The detail of {@link VOLUME_WIDENED}. */
export interface VolumeWidened {
  readonly volumeId: string;
  /** Its `getScalarData()` returns the new array already. */
  readonly volume: ImageVolume & { getScalarData(): VolumeArray };
  readonly from: VolumeDataType;
  readonly to: VolumeDataType;
  /** Of the frame that did not fit. Its voxels are written right after the event. */
  readonly imageId: string;
}

/** A volume and what follows its store. */
interface WidenedVolume {
  readonly volume: ImageVolume;
  readonly store: FrameStore;
  readonly reservation: CacheReservation;
  readonly texture: StreamingTexture;
  /** Called when everything has followed, before the event. */
  readonly onWidened: () => void;
}

/**
 * Lets a volume follow its store into an array of a wider type, in place of the volume that
 * had the store before. `FrameStore` decides when, and converts the values; the additional bytes are
 * reserved in Cornerstone's cache first.
 *
 * Readers that go through the store each time (voxel manager, Images, requests of frames, resampling) need nothing
 * here. This is for the holders of the type or the array: the fields that Cornerstone reads of the volume, the
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
      callApplication(() =>
        triggerEvent(eventTarget, VOLUME_WIDENED, { volumeId, volume, from, to, imageId }),
      );
    },
  };
}

/** The members that are used of vtk.js's data array. */
interface Scalars {
  getData(): unknown;
  setData(values: VolumeArray, numberOfComponents?: number): void;
}

/**
 * Workaround: core's `convertMapperToNotSharedMapper` (RenderingEngine/helpers/createVolumeMapper.js) puts the array
 * itself into a data array of vtk.js, which keeps it. Remove when it reads the array from the voxel manager.
 */
function replaceScalars({ imageData }: ImageVolume, { former }: Widening, data: VolumeArray): void {
  const scalars = imageData?.getPointData().getScalars() as Scalars | null | undefined;
  if (scalars?.getData() === former) {
    scalars.setData(data);
  }
}
