import type { FrameMetadata } from '../../base/types.js';
import type { VoxelTypes } from '../../geometry/voxelType.js';
import type { StreamingImageVolume } from '../../volume/StreamingImageVolume.js';

/** A volume that was filled before an application made it. */
export interface PrefetchedVolume {
  readonly volume: StreamingImageVolume;
  /** Called when another volume has taken over its memory. */
  readonly onTaken: (successor: StreamingImageVolume) => void;
}

const prefetched = new Set<PrefetchedVolume>();

/**
 * Offers a volume to the next creation of a volume with the same frames.
 *
 * @returns withdraws the offer; does nothing after the volume was taken
 */
export function offerPrefetched(offer: PrefetchedVolume): () => void {
  prefetched.add(offer);
  return () => {
    prefetched.delete(offer);
  };
}

/** The volumes that are offered, the oldest first. */
export function offeredVolumes(): StreamingImageVolume[] {
  return [...prefetched].map(({ volume }) => volume);
}

/** Withdraws the offers of a volume that is disposed of. */
export function withdrawPrefetched(volume: StreamingImageVolume): void {
  for (const offer of prefetched) {
    if (offer.volume === volume) {
      prefetched.delete(offer);
    }
  }
}

/**
 * Takes the offered volume with these frames, scaled alike, and these voxel types.
 *
 * @param frames - in volume order
 * @returns undefined when there is none
 */
export function takePrefetched(
  frames: readonly FrameMetadata[],
  { initial, widest }: VoxelTypes,
  isPreScaled: boolean,
): PrefetchedVolume | undefined {
  for (const offer of prefetched) {
    const { volume } = offer;
    const isSame =
      volume.voxelTypes.initial === initial &&
      volume.voxelTypes.widest === widest &&
      volume.isPreScaled === isPreScaled &&
      volume.holds(frames);
    if (isSame) {
      prefetched.delete(offer);
      return offer;
    }
  }
  return undefined;
}
