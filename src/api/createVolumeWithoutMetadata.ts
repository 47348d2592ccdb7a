import { Enums, imageLoader, utilities } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import { StreamingVolumeError } from '../base/errors.js';
import { readModule } from '../headers/readModule.js';
import { toFrameError } from '../loading/frame/retryFrame.js';
import { FrameScheduler } from '../loading/schedule/FrameScheduler.js';
import type { StreamingImageVolume } from '../volume/StreamingImageVolume.js';
import { createStreamingVolume } from './createStreamingVolume.js';
import { defaultMaxInFlight, knownProtocol } from './options.js';
import type { VolumeOptions } from './options.js';

/** Options of {@link createVolumeWithoutMetadata}, besides those of every volume. */
export interface WithoutMetadataOptions extends VolumeOptions {
  /** Ends the loading; no further Image is asked for, and no volume is made. */
  readonly signal?: AbortSignal;
  /** Called after each Image that is there. */
  readonly onProgress?: (progress: ImagesProgress) => void;
}

/** How many Images of a volume are there. */
export interface ImagesProgress {
  readonly imagesLoaded: number;
  readonly imagesTotal: number;
}

/**
 * Makes a volume of images whose headers come only with their pixels, such as files that nobody has
 * looked into. Each image is loaded through Cornerstone's image loader and its headers are kept; when all
 * are there, the volume is made and filled.
 *
 * This is the slower way: nothing can be drawn before the last image is there, the slices that are looked at
 * cannot come first, and the pixels are in memory twice for a moment. Where headers can be had beforehand,
 * make them known and use `createAndCacheVolume`.
 *
 * @param volumeId - with a scheme of this package's volume loader
 * @param imageIds - in any order; the array is not changed
 * @returns the volume, when every frame has ended. Rejects with `signal.reason` after an abort; with a
 *   StreamingVolumeError that names the imageIds that could not be loaded, when every image has ended; and as
 *   `createAndCacheVolume` does where the images are not a volume
 */
export async function createVolumeWithoutMetadata(
  volumeId: string,
  imageIds: readonly string[],
  { signal, onProgress, ...options }: WithoutMetadataOptions = {},
): Promise<StreamingImageVolume> {
  signal?.throwIfAborted();
  const wanted = [...new Set(imageIds)];
  const images = new Map<string, Types.IImage>();
  const failures: StreamingVolumeError[] = [];
  const protocol = knownProtocol(wanted[0] ?? '');
  const scheduler = new FrameScheduler({
    maxInFlight: options.maxInFlight ?? defaultMaxInFlight(protocol, navigator.hardwareConcurrency),
    start: async (index) => {
      const imageId = wanted[index] as string;
      try {
        images.set(imageId, await imageLoader.loadAndCacheImage(imageId));
        keepMetadata(imageId);
      } catch (cause) {
        failures.push(toFrameError(cause, imageId));
        return;
      }
      if (!signal?.aborted) {
        onProgress?.({ imagesLoaded: images.size, imagesTotal: wanted.length });
      }
    },
  });
  await scheduler.run([...wanted.keys()], signal ?? new AbortController().signal);
  signal?.throwIfAborted();
  const [first] = failures;
  if (first) {
    throw new StreamingVolumeError(
      first.code,
      `Volume ${volumeId} cannot be made: ${failures.length} of ${wanted.length} images could not be ` +
        `loaded. ${first.message}`,
      {
        volumeId,
        imageIds: failures.flatMap((failure) => failure.imageIds),
        ...(first.status === undefined ? {} : { status: first.status }),
        cause: first,
      },
    );
  }
  const volume = await createStreamingVolume(volumeId, { ...options, imageIds });
  await volume.heldFrames.takeImages(images);
  // Those whose pixels cannot be trusted are loaded as those of any volume.
  await volume.load(undefined, signal ? { signal } : {});
  return volume;
}

/** What a volume and viewports that show it read. */
const MODULES = [
  Enums.MetadataModules.IMAGE_PLANE,
  Enums.MetadataModules.IMAGE_PIXEL,
  Enums.MetadataModules.GENERAL_SERIES,
  Enums.MetadataModules.GENERAL_IMAGE,
  Enums.MetadataModules.GENERAL_STUDY,
  Enums.MetadataModules.SOP_COMMON,
  Enums.MetadataModules.MODALITY_LUT,
  Enums.MetadataModules.VOI_LUT,
  Enums.MetadataModules.SCALING,
  Enums.MetadataModules.TRANSFER_SYNTAX,
] as const;

/**
 * Keeps the headers of an image that is loaded: providers of image loaders may forget them with the Image.
 * They are asked first as long as they know them.
 */
export function keepMetadata(imageId: string): void {
  const { genericMetadataProvider } = utilities;
  for (const type of MODULES) {
    const metadata = readModule(type, imageId);
    if (metadata) {
      genericMetadataProvider.add(imageId, { type, metadata });
    }
  }
}
