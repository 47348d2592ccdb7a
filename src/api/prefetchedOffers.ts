import type { VoxelTypes } from '../geometry/voxelType.js';
import type { StreamingImageVolume } from '../volume/StreamingImageVolume.js';

/** A volume that was filled before anybody asked for it. */
export interface PrefetchedVolume {
  readonly volume: StreamingImageVolume;
  /** Told when another volume has taken its memory. */
  readonly onTaken: (successor: StreamingImageVolume) => void;
}

const prefetched = new Set<PrefetchedVolume>();

/**
 * Offers a volume to whoever makes one of the same frames.
 *
 * @returns takes the offer back; does nothing after the volume was taken
 */
export function offerPrefetched(offer: PrefetchedVolume): () => void {
  prefetched.add(offer);
  return () => {
    prefetched.delete(offer);
  };
}

/** Takes back the offers of a volume whose life is over. */
export function withdrawPrefetched(volume: StreamingImageVolume): void {
  for (const offer of prefetched) {
    if (offer.volume === volume) {
      prefetched.delete(offer);
    }
  }
}

/**
 * Takes the offered volume that has these frames, and that began with the same voxel type and may become the same.
 *
 * @param imageIds - in volume order
 * @returns undefined when there is none
 */
export function takePrefetched(
  imageIds: readonly string[],
  { initial, widest }: VoxelTypes,
  isPreScaled: boolean,
): PrefetchedVolume | undefined {
  for (const offer of prefetched) {
    const { volume } = offer;
    const isSame =
      volume.voxelTypes.initial === initial &&
      volume.voxelTypes.widest === widest &&
      volume.isPreScaled === isPreScaled &&
      volume.imageIds.length === imageIds.length &&
      volume.imageIds.every((imageId, index) => imageId === imageIds[index]);
    if (isSame) {
      prefetched.delete(offer);
      return offer;
    }
  }
  return undefined;
}
