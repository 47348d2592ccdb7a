import type { StreamingImageVolume } from './StreamingImageVolume.js';

const BRAND: StreamingImageVolume['brand'] = 'streaming-image-volume-loader/volume';

/**
 * Tells whether a volume is one of this package, also across two copies of the bundle.
 *
 * @param volume - for instance what Cornerstone's `cache.getVolume` gives
 */
export function isStreamingImageVolume(volume: unknown): volume is StreamingImageVolume {
  return (
    typeof volume === 'object' &&
    volume !== null &&
    (volume as Partial<StreamingImageVolume>).brand === BRAND
  );
}
