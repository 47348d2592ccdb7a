import { eventTarget, triggerEvent } from '@cornerstonejs/core';
import type { ImageVolume } from '@cornerstonejs/core';
import { callApplication } from '../base/callApplication.js';
import type { FrameStore } from '../base/voxels/FrameStore.js';
import type { VolumeArray, VolumeDataType } from '../base/types.js';
import { VOLUME_WIDENED } from '../base/volumeEvents.js';
import type { CacheReservation } from '../loading/memory/reserveCache.js';
import type { StreamingTexture } from './texture/createStreamingTexture.js';

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
  readonly reservation: Pick<CacheReservation, 'grow'>;
  readonly texture: Pick<StreamingTexture, 'setVoxelType'>;
  /** Called when everything has followed, before the event. */
  readonly onWidened: () => void;
  /** Whether the volume shows the store now, and not that of another time point. Default: yes. */
  readonly isShown?: () => boolean;
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
  isShown = () => true,
}: WidenedVolume): void {
  store.owner = {
    reserve: reservation.grow,
    onWidened: ({ from, to, former, imageId }) => {
      texture.setVoxelType(to);
      if (!isShown()) {
        onWidened();
        return;
      }
      const { volumeId } = volume;
      adoptArray(volume, former, store);
      onWidened();
      callApplication(() =>
        triggerEvent(eventTarget, VOLUME_WIDENED, { volumeId, volume, from, to, imageId }),
      );
    },
  };
}

/**
 * Lets a volume show the array of a store in the place of another one: of the same store before it widened, or of
 * another time point.
 */
export function adoptArray(volume: ImageVolume, former: VolumeArray, store: FrameStore): void {
  const { imageData } = volume;
  volume.dataType = store.dataType;
  imageData?.set({ dataType: store.dataType }, true);
  replaceScalars(volume, former, store.data);
  imageData?.modified();
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
function replaceScalars({ imageData }: ImageVolume, former: VolumeArray, data: VolumeArray): void {
  const scalars = imageData?.getPointData().getScalars() as Scalars | null | undefined;
  if (scalars?.getData() === former) {
    scalars.setData(data);
  }
}
