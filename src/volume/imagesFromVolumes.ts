import { cache, utilities } from '@cornerstonejs/core';
import type { ImageLoader } from '../pixels/withSkipCreateImage.js';
import { StreamingImageVolume } from './StreamingImageVolume.js';

/**
 * Lets an image loader answer from the volumes in Cornerstone's cache: an Image of a frame that a
 * volume holds or is to hold lies over the volume's memory, and its pixels come over the network once.
 *
 * Requests for stored values (`preScale.enabled: false`) go to the image loader: the volume has
 * modality values.
 */
export function imagesFromVolumes(imageLoader: ImageLoader): ImageLoader {
  return (imageId, options) => {
    const preScale = options?.['preScale'] as { enabled?: boolean } | undefined;
    const wantsStoredValues = preScale?.enabled === false;
    const isOfVolume = options?.['skipCreateImage'] === true;
    const found = isOfVolume || wantsStoredValues ? undefined : findFrame(imageId);
    return found
      ? found.volume.getImageLoadObject(found.imageIdIndex)
      : imageLoader(imageId, options);
  };
}

function findFrame(
  imageId: string,
): { volume: StreamingImageVolume; imageIdIndex: number } | undefined {
  for (const volume of cache.getVolumes() as unknown[]) {
    if (volume instanceof StreamingImageVolume) {
      const imageIdIndex = volume.getImageURIIndex(utilities.imageIdToURI(imageId));
      if (imageIdIndex !== undefined) {
        return { volume, imageIdIndex };
      }
    }
  }
  return undefined;
}
