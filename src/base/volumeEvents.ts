/** Types of the events of volumes on Cornerstone's `eventTarget`. Their details are types of what triggers them. */

/** Type of the event on Cornerstone's `eventTarget` that carries a `VolumeProgress`. */
export const VOLUME_PROGRESS = 'STREAMING_IMAGE_VOLUME_PROGRESS';

/**
 * Type of the event on Cornerstone's `eventTarget` for a volume that was made with fewer voxels, because the cache or
 * the 3D textures of the browser could not take all of them (option `onTooLarge`). It is triggered while the volume is
 * created; its detail is a `VolumeDecimated`.
 */
export const VOLUME_DECIMATED = 'STREAMING_IMAGE_VOLUME_DECIMATED';

/**
 * Type of the event on Cornerstone's `eventTarget` for a volume that is drawn with fewer voxels
 * than it has, because a side is longer than the browser's 3D textures may be. Its detail is
 * `{ volumeId, dimensions, textureDimensions }`, each `[columns, rows, slices]`.
 */
export const VOLUME_TEXTURE_REDUCED = 'STREAMING_IMAGE_VOLUME_TEXTURE_REDUCED';

/**
 * Type of the event on Cornerstone's `eventTarget` for a volume whose voxels have moved into an
 * array of a wider type, because the former type does not hold a frame that has arrived. Its detail is a
 * `VolumeWidened`.
 */
export const VOLUME_WIDENED = 'STREAMING_IMAGE_VOLUME_WIDENED';
