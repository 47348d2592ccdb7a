import {
  cornerstoneStreamingImageVolumeLoader as builtInVolumeLoader,
  imageLoader,
  volumeLoader,
} from '@cornerstonejs/core';
import { internal, wadors, wadouri } from '@cornerstonejs/dicom-image-loader';
import { watchInstances } from '../headers/ownAttributes.js';
import { checkRegisterOptions, checkVolumeOptions } from './options.js';
import type { CreateVolumeOptions, RegisterOptions } from './options.js';
import { startWorkersFor } from '../pixels/worker/fetchInWorker.js';
import { createPart10Loader } from '../pixels/part10/part10Loader.js';
import { createWadorsLoader } from '../pixels/wadors/wadorsLoader.js';
import { withSkipCreateImage } from '../pixels/image/withSkipCreateImage.js';
import type { ImageLoader } from '../pixels/image/withSkipCreateImage.js';
import { FrameWorkerPool } from '../pixels/worker/FrameWorkerPool.js';
import { checkVtkCopy } from '../volume/checkVtkCopy.js';
import { imagesFromVolumes } from '../volume/images/imagesFromVolumes.js';
import { watchVolumeLoader } from '../volume/watchVolumeLoader.js';
import { cornerstoneStreamingImageVolumeLoader } from './volumeLoader.js';

/** The scheme of volumeIds that this package serves: `cornerstoneStreamingImageVolume:...`. */
export const VOLUME_SCHEME = 'cornerstoneStreamingImageVolume';

const PART10_SCHEMES: ReadonlySet<string> = new Set(['wadouri', 'dicomweb', 'dicomfile']);

type VolumeLoader = Parameters<typeof volumeLoader.registerVolumeLoader>[1];

let putBack: (() => void) | undefined;
let isReplaced = false;

/** Schemes that were left without a loader: Cornerstone goes on listing them. */
const vacatedSchemes = new Set<string>();

/**
 * Registers the volume loader and wraps the image loaders, so that frames are decoded straight into
 * volumes. To be called after `dicomImageLoader.init()`, which registers its own loaders anew.
 *
 * Calling it again replaces the earlier registration.
 *
 * @throws StreamingVolumeError with code `second-vtk`
 * @throws TypeError for a wrong option
 */
export function registerStreamingImageVolumeLoader(options: RegisterOptions = {}): void {
  const {
    schemes = [VOLUME_SCHEME],
    unknownVolumeLoader = true,
    imageLoaders: ownLoaders = {},
    frameWorkers: workerCount,
    ...volumeOptions
  } = options;
  checkRegisterOptions(options);
  checkVolumeOptions(volumeOptions);
  checkVtkCopy();
  unregisterStreamingImageVolumeLoader();

  const frameWorkers = new FrameWorkerPool({ count: workerCount });
  const load = ((volumeId: string, createOptions: CreateVolumeOptions) => {
    const loadObject = cornerstoneStreamingImageVolumeLoader(volumeId, {
      ...volumeOptions,
      ...createOptions,
    });
    // They start while the application goes on from the volume to its load.
    startWorkersFor(frameWorkers, createOptions.imageIds[0] ?? '');
    return loadObject;
  }) as unknown as VolumeLoader;
  const known = new Set(volumeLoader.getVolumeLoaderSchemes());
  const takenSchemes = schemes.filter((scheme) => known.has(scheme) && !vacatedSchemes.has(scheme));
  for (const scheme of schemes) {
    volumeLoader.registerVolumeLoader(scheme, load);
  }
  const previousUnknown = unknownVolumeLoader
    ? volumeLoader.registerUnknownVolumeLoader(load)
    : undefined;

  const imageLoaders = { ...dicomImageLoaders(), ...ownLoaders };
  for (const [scheme, loader] of Object.entries(imageLoaders)) {
    const isOwn = scheme in ownLoaders;
    const skipping =
      scheme === 'wadors' && !isOwn
        ? createWadorsLoader(loader, frameWorkers)
        : PART10_SCHEMES.has(scheme) && !isOwn
          ? createPart10Loader(loader)
          : withSkipCreateImage(loader);
    imageLoader.registerImageLoader(scheme, imagesFromVolumes(skipping));
  }

  const stopKeeping = watchInstances();
  isReplaced = false;
  const stopWatching = watchVolumeLoader(schemes, () => {
    isReplaced = true;
  });

  putBack = () => {
    stopWatching();
    stopKeeping();
    frameWorkers.close();
    for (const scheme of schemes) {
      // A scheme without a loader is served by the unknown volume loader.
      const previous = takenSchemes.includes(scheme) ? builtInVolumeLoader : undefined;
      if (!previous) {
        vacatedSchemes.add(scheme);
      }
      volumeLoader.registerVolumeLoader(scheme, previous as unknown as VolumeLoader);
    }
    if (unknownVolumeLoader) {
      volumeLoader.registerUnknownVolumeLoader(previousUnknown as VolumeLoader);
    }
    for (const [scheme, loader] of Object.entries(imageLoaders)) {
      imageLoader.registerImageLoader(scheme, loader);
    }
  };
}

/**
 * Puts back the volume loaders and image loaders that were there before the registration.
 *
 * Cornerstone does not tell which loader a scheme has. Where a volume scheme had one, core's own takes
 * its place again; image schemes get the loaders that were wrapped.
 */
export function unregisterStreamingImageVolumeLoader(): void {
  putBack?.();
  putBack = undefined;
}

/**
 * Whether this package's volume loader is registered and makes the volumes of its schemes, as far as is
 * known. Cornerstone does not tell which loader a scheme has: when another was registered later, this
 * becomes false with the first volume that the other has made, together with the event
 * `VOLUME_LOADER_REPLACED`, and stays so until the next registration.
 */
export function isStreamingImageVolumeLoaderRegistered(): boolean {
  return putBack !== undefined && !isReplaced;
}

/** The loaders that dicom-image-loader registers, depending on how it was initialised. */
function dicomImageLoaders(): Record<string, ImageLoader> {
  const { useLegacyMetadataProvider } = internal.getOptions() as {
    useLegacyMetadataProvider?: boolean;
  };
  const part10 = (
    useLegacyMetadataProvider === true
      ? wadouri.loadImage
      : wadouri.loadImageFromNaturalizedMetadata
  ) as ImageLoader;
  return {
    wadors: wadors.loadImage,
    wadouri: part10,
    dicomweb: part10,
    dicomfile: part10,
  };
}
