/** Volumes of Images, which are in Cornerstone's cache or bring their headers with them. */
import { cache, Enums, imageLoader, utilities } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import { isStreamingVolumeError, StreamingVolumeError } from '../base/errors.js';
import { lazyPart } from '../base/lazyPart.js';
import { provideSuv, readProvidedSuv } from '../headers/pet/suvProvider.js';
import { TimeLimit } from '../base/timers.js';
import { readModule } from '../headers/readModule.js';
import { timeoutError, toFrameError } from '../loading/frame/retryFrame.js';
import { FrameScheduler } from '../loading/schedule/FrameScheduler.js';
import type { StreamingImageVolume } from '../volume/StreamingImageVolume.js';
import { createStreamingVolume } from './createStreamingVolume.js';
import { DEFAULT_FRAME_TIMEOUT_MS, defaultMaxInFlight, knownProtocol } from './options.js';
import type { VolumeOptions } from './options.js';

/**
 * Makes a volume of Images in Cornerstone's image cache, such as a stack viewport has loaded. It makes no request.
 * The volume is loaded when the promise resolves, and views of the volume have replaced the Images in the cache.
 *
 * @param volumeId - with a scheme of this package's volume loader
 * @param imageIds - in any order; the array is not changed. Those that the options leave out need no Image
 * @param options - as of `createAndCacheVolume`
 * @returns rejects with a StreamingVolumeError: code `frame-not-loaded` with the imageIds that have no Image
 *   in the cache, or an Image of lower quality; or as `createAndCacheVolume` does, with every reason why the
 *   Images are not a volume. No Image is replaced then
 */
export async function createVolumeFromImages(
  volumeId: string,
  imageIds: readonly string[],
  options: VolumeOptions = {},
): Promise<StreamingImageVolume> {
  const images = new Map<string, Types.IImage>();
  const withoutImage: string[] = [];
  for (const imageId of imageIds) {
    const image = cache.getImage(imageId);
    if (image) {
      images.set(imageId, image);
    } else {
      withoutImage.push(imageId);
    }
  }
  const notNeeded = withoutImage.length > 0 ? await notNeededFor(volumeId, imageIds, options) : [];
  const missing = withoutImage.filter((imageId) => !notNeeded.includes(imageId));
  if (missing.length > 0) {
    throw new StreamingVolumeError(
      'frame-not-loaded',
      `Volume ${volumeId} cannot be made: ${missing.length} of ${imageIds.length} Images are not in the cache ` +
        `(first: ${missing[0]}). Load them, or use createAndCacheVolume`,
      { volumeId, imageIds: missing },
    );
  }
  const wasThere = cache.getVolumeLoadObject(volumeId) !== undefined;
  const volume = await createStreamingVolume(volumeId, { ...options, imageIds });
  const refused = await volume.heldFrames.takeImages(images);
  if (refused.length > 0) {
    if (!wasThere) {
      volume.decache(true);
    }
    throw new StreamingVolumeError(
      'frame-not-loaded',
      `Volume ${volumeId} cannot be filled: the pixels of ${refused.length} of ${imageIds.length} Images ` +
        `are of lower quality, cut off, or scaled otherwise than the headers say, or do not fit in the cache ` +
        `(first: ${refused[0]}). Use createAndCacheVolume, which loads them again`,
      { volumeId, imageIds: refused },
    );
  }
  return volume;
}

/** The plan of volumes is in the script of volumes. */
const notRequested = lazyPart(
  'the volumes',
  async () => (await import('./volumeLoader.js')).notRequestedWith,
);

/** The imageIds that the options `bounds` and `ijkDecimation` leave out. */
async function notNeededFor(
  volumeId: string,
  imageIds: readonly string[],
  options: VolumeOptions,
): Promise<readonly string[]> {
  if (!options.bounds && !options.ijkDecimation) {
    return [];
  }
  const notRequestedWith = await notRequested.fetch();
  try {
    return notRequestedWith(volumeId, { ...options, imageIds });
  } catch (error) {
    // The Images may bring the headers that are missing.
    if (isStreamingVolumeError(error)) {
      return [];
    }
    throw error;
  }
}

/** Options of {@link createVolumeWithoutMetadata}, besides those of every volume. */
export interface WithoutMetadataOptions extends VolumeOptions {
  /** Ends the loading: no further Image is requested, and no volume is made. */
  readonly signal?: AbortSignal | undefined;
  /** Called after each Image that was loaded. */
  readonly onProgress?: ((progress: ImagesProgress) => void) | undefined;
}

/** How many Images of a volume are loaded. */
export interface ImagesProgress {
  readonly imagesLoaded: number;
  readonly imagesTotal: number;
}

/**
 * Makes a volume of images whose headers come only with their pixels. Each image is loaded through Cornerstone's
 * image loader, and its headers are kept; after the last one the volume is made and filled.
 *
 * This is the slower way: nothing can be drawn before the last image is loaded, the slices on screen cannot come
 * first, and the pixels are in memory twice for a moment. Where headers are available beforehand, register them
 * (`prefetchMetadata`, `fetchSeries`) and use `createAndCacheVolume`.
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
  const timeLimit = new TimeLimit(options.frameTimeoutMs ?? DEFAULT_FRAME_TIMEOUT_MS);
  const protocol = knownProtocol(wanted[0] ?? '');
  const scheduler = new FrameScheduler({
    // Their headers are not known.
    maxInFlight:
      options.maxInFlight ?? defaultMaxInFlight(protocol, false, navigator.hardwareConcurrency),
    start: async (index) => {
      const imageId = wanted[index] as string;
      try {
        const load = async () => imageLoader.loadAndCacheImage(imageId);
        images.set(imageId, await timeLimit.run(load, timeoutError(imageId), signal));
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
  // Frames whose Image was refused are loaded as in any volume.
  await volume.load(undefined, { signal });
  return volume;
}

/** The modules that a volume reads, and the viewports that show it. */
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
  Enums.MetadataModules.PATIENT_STUDY,
  Enums.MetadataModules.PET_ISOTOPE,
  Enums.MetadataModules.PET_SERIES,
  Enums.MetadataModules.TRANSFER_SYNTAX,
] as const;

/**
 * Keeps the headers of a loaded image in Cornerstone's generic provider: the provider of an image loader may
 * forget them with the Image. Until then that provider is asked first.
 */
function keepMetadata(imageId: string): void {
  const { genericMetadataProvider } = utilities;
  const { GENERAL_SERIES, SCALING } = Enums.MetadataModules;
  provideSuv();
  // The SUV factors of PET that no application gives are computed of the whole series, when its last image is there.
  const isComputed =
    readModule(GENERAL_SERIES, imageId)?.['modality'] === 'PT' && !readProvidedSuv(imageId);
  for (const type of MODULES) {
    const metadata = isComputed && type === SCALING ? undefined : readModule(type, imageId);
    if (metadata) {
      genericMetadataProvider.add(imageId, { type, metadata });
    }
  }
}
