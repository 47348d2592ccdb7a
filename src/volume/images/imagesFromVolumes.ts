import { cache, utilities } from '@cornerstonejs/core';
import type { ImageLoader } from '../../pixels/image/withSkipCreateImage.js';
import { isStreamingImageVolume } from '../isStreamingImageVolume.js';
import type { StreamingImageVolume } from '../StreamingImageVolume.js';

/**
 * Lets an image loader answer from the volumes in Cornerstone's cache: the pixels of an Image of a volume's frame
 * are the volume's memory, and are fetched over the network once.
 *
 * Requests for stored values (`preScale.enabled: false`) go to the image loader, as the volume has
 * modality values.
 */
export function imagesFromVolumes(imageLoader: ImageLoader): ImageLoader {
  return (imageId, options) => {
    const preScale = options?.['preScale'] as { enabled?: boolean } | undefined;
    const wantsStoredValues = preScale?.enabled === false;
    const isOfVolume = options?.['skipCreateImage'] === true;
    const found = isOfVolume || wantsStoredValues ? undefined : findFrame(imageId);
    return found?.volume.hasMemoryFor(found.sliceIndex)
      ? found.volume.getImageLoadObject(found.sliceIndex, imageId)
      : imageLoader(imageId, options);
  };
}

interface FoundFrame {
  readonly volume: StreamingImageVolume;
  readonly sliceIndex: number;
}

function findFrame(imageId: string): FoundFrame | undefined {
  const volumes = (cache.getVolumes() as unknown[]).filter(isStreamingImageVolume);
  for (const volume of volumes) {
    const sliceIndex = volume.getImageIdIndex(imageId) as number | undefined;
    if (sliceIndex !== undefined) {
      return { volume, sliceIndex };
    }
  }
  return isOfDicomAddress(imageId) ? findByAddress(volumes, imageId) : undefined;
}

function findByAddress(
  volumes: readonly StreamingImageVolume[],
  imageId: string,
): FoundFrame | undefined {
  const imageURI = utilities.imageIdToURI(imageId);
  for (const volume of volumes.filter(({ imageIds }) => isOfDicomAddress(imageIds[0] ?? ''))) {
    const sliceIndex = volume.getImageURIIndex(imageURI);
    if (sliceIndex !== undefined) {
      return { volume, sliceIndex };
    }
  }
  return undefined;
}

/** After these schemes comes an address: one address is one frame, in any of them. */
function isOfDicomAddress(imageId: string): boolean {
  return /^(wadors|wadouri|dicomweb):/.test(imageId);
}
