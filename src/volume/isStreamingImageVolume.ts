import type { StreamingDynamicImageVolume } from './dynamic/StreamingDynamicImageVolume.js';
import type { StreamingImageVolume } from './StreamingImageVolume.js';

const BRAND: StreamingImageVolume['brand'] = 'streaming-image-volume-loader/volume';

/**
 * Tells whether a volume is one of this package, also across two copies of the bundle.
 *
 * @param volume - any value, for instance from Cornerstone's `cache.getVolume`
 */
export function isStreamingImageVolume(volume: unknown): volume is StreamingImageVolume {
  return (
    typeof volume === 'object' &&
    volume !== null &&
    (volume as Partial<StreamingImageVolume>).brand === BRAND
  );
}

/**
 * Tells whether a volume is one of this package with time points, also across two copies of the bundle. One time
 * point is enough: `isDynamicVolume()` tells whether there are several.
 *
 * @param volume - any value, for instance from Cornerstone's `cache.getVolume`
 */
export function isStreamingDynamicImageVolume(
  volume: unknown,
): volume is StreamingDynamicImageVolume {
  return (
    isStreamingImageVolume(volume) &&
    typeof (volume as { getVoxelTimeSeries?: unknown }).getVoxelTimeSeries === 'function'
  );
}
