import {
  cornerstoneStreamingDynamicImageVolumeLoader as builtInDynamicVolumeLoader,
  cornerstoneStreamingImageVolumeLoader as builtInVolumeLoader,
  decimatedVolumeLoader as builtInDecimatedVolumeLoader,
  eventTarget,
  imageLoader,
  volumeLoader,
} from '@cornerstonejs/core';
import { internal, wadors, wadouri } from '@cornerstonejs/dicom-image-loader';
import { lazyPart } from '../base/lazyPart.js';
import type { LazyPart } from '../base/lazyPart.js';
import { setDataLimits } from '../base/limits.js';
import { withoutUndefined } from '../base/withoutUndefined.js';
import { watchInstances } from '../headers/frameHeader.js';
import { provideHeaders, withdrawHeaders } from '../headers/part10/headerProvider.js';
import { withdrawSuv } from '../headers/pet/suvProvider.js';
import { withdrawScaling } from '../headers/readScaling.js';
import { checkRegisterOptions, checkVolumeOptions } from './options.js';
import type { CreateVolumeOptions, RegisterOptions } from './options.js';
import { startWorkersFor } from '../pixels/worker/fetchInWorker.js';
import { createPart10Loader } from '../pixels/part10/part10Loader.js';
import { createWadorsLoader } from '../pixels/wadors/wadorsLoader.js';
import { withSkipCreateImage } from '../pixels/image/withSkipCreateImage.js';
import type { ImageLoader } from '../pixels/image/withSkipCreateImage.js';
import { FrameWorkerPool } from '../pixels/worker/FrameWorkerPool.js';
import { checkVtkCopy } from './checkVtkCopy.js';
import { createLoadObject } from './creation/createLoadObject.js';
import type { CreateVolume } from './creation/createLoadObject.js';
import { imagesFromVolumes } from '../volume/images/imagesFromVolumes.js';
import type { StreamingImageVolume } from '../volume/StreamingImageVolume.js';
import { watchVolumeLoader } from './watchVolumeLoader.js';
import { stopServingAbsentSlices } from './absentSliceMetadata.js';

/** The scheme of volumeIds that this package serves: `cornerstoneStreamingImageVolume:...`. */
export const VOLUME_SCHEME = 'cornerstoneStreamingImageVolume';

/**
 * The scheme by which applications of core's `decimatedVolumeLoader`, such as OHIF, name volumes with the option
 * `ijkDecimation`: `decimatedVolumeLoader:...`. The option is the same for volumes of every scheme.
 */
export const DECIMATED_VOLUME_SCHEME = 'decimatedVolumeLoader';
/** The scheme of volumeIds of volumes with time points (4D): `cornerstoneStreamingDynamicImageVolume:...`. */
export const DYNAMIC_VOLUME_SCHEME = 'cornerstoneStreamingDynamicImageVolume';

/** Fetched at the registration, so that the first volume need not wait for it. */
const volumes = lazyPart(
  'the volumes',
  async () => (await import('./volumeLoader.js')).createVolume,
);
const dynamicVolumes = lazyPart(
  'the volumes of time points',
  async () => (await import('./dynamicVolumeLoader.js')).createDynamicVolume,
);

const PART10_SCHEMES: ReadonlySet<string> = new Set(['wadouri', 'dicomweb', 'dicomfile']);

type VolumeLoader = Parameters<typeof volumeLoader.registerVolumeLoader>[1];

/** What is registered in Cornerstone, by whichever copy of this package the page has. */
interface SharedState {
  /** Takes back the registration that is in force. */
  undo: (() => void) | undefined;
  /** Schemes that were left without a loader; Cornerstone still lists them. */
  readonly vacatedSchemes: Set<string>;
}

/** Where all copies of this package find {@link SharedState}: on core's `eventTarget`, which they share. */
const STATE: unique symbol = Symbol.for('streaming-image-volume-loader/registration');

/** The registration of this copy. */
let ownUndo: (() => void) | undefined;
let isReplaced = false;

function sharedState(): SharedState {
  const holder = eventTarget as unknown as { [STATE]?: SharedState };
  return (holder[STATE] ??= { undo: undefined, vacatedSchemes: new Set() });
}

/**
 * Registers the volume loader and wraps the image loaders, so that frames are decoded straight into
 * volumes. To be called after `dicomImageLoader.init()`, which registers its own loaders anew.
 *
 * Calling it again replaces the earlier registration, also that of another copy of this package.
 *
 * @throws StreamingVolumeError with code `second-vtk`
 * @throws TypeError for a wrong option
 */
export function registerStreamingImageVolumeLoader(options: RegisterOptions = {}): void {
  const {
    schemes: staticSchemes = [VOLUME_SCHEME, DECIMATED_VOLUME_SCHEME],
    dynamicSchemes = [DYNAMIC_VOLUME_SCHEME],
    unknownVolumeLoader = true,
    imageLoaders: ownLoaders = {},
    frameWorkers: workerCount,
    decodeInFrameWorkers: decodes,
    limits,
    ...volumeOptions
  } = options;
  checkRegisterOptions(options);
  checkVolumeOptions(volumeOptions);
  checkVtkCopy();
  const shared = sharedState();
  shared.undo?.();

  setDataLimits(limits);
  const frameWorkers = new FrameWorkerPool({ count: workerCount, decodes });
  const loaderOf = <Volume extends StreamingImageVolume>(
    maker: LazyPart<CreateVolume<Volume>>,
  ): VolumeLoader =>
    ((volumeId: string, createOptions: CreateVolumeOptions) => {
      const loadObject = createLoadObject(
        volumeId,
        { ...volumeOptions, ...withoutUndefined(createOptions) },
        maker,
      );
      // The workers start while the application proceeds from the volume to its load.
      startWorkersFor(frameWorkers, createOptions.imageIds[0] ?? '');
      return loadObject;
    }) as unknown as VolumeLoader;
  const load = loaderOf(volumes);
  const loaders = new Map([
    ...staticSchemes.map((scheme) => [scheme, load] as const),
    ...dynamicSchemes.map((scheme) => [scheme, loaderOf(dynamicVolumes)] as const),
  ]);
  const schemes = [...loaders.keys()];
  const known = new Set(volumeLoader.getVolumeLoaderSchemes());
  const takenSchemes = schemes.filter(
    (scheme) => known.has(scheme) && !shared.vacatedSchemes.has(scheme),
  );
  for (const [scheme, loader] of loaders) {
    volumeLoader.registerVolumeLoader(scheme, loader);
    shared.vacatedSchemes.delete(scheme);
  }
  const previousUnknown = unknownVolumeLoader
    ? volumeLoader.registerUnknownVolumeLoader(load)
    : undefined;

  const imageLoaders = { ...dicomImageLoaders(), ...ownLoaders };
  for (const [scheme, loader] of Object.entries(imageLoaders)) {
    const isOwn = Object.hasOwn(ownLoaders, scheme);
    const skipping =
      scheme === 'wadors' && !isOwn
        ? createWadorsLoader(loader, frameWorkers)
        : PART10_SCHEMES.has(scheme) && !isOwn
          ? createPart10Loader(loader, frameWorkers)
          : withSkipCreateImage(loader);
    imageLoader.registerImageLoader(scheme, imagesFromVolumes(skipping));
  }

  const stopKeeping = watchInstances();
  // Headers may have been prefetched before an earlier registration was taken back.
  provideHeaders();
  isReplaced = false;
  const stopWatching = watchVolumeLoader(schemes, () => {
    isReplaced = true;
  });

  const undo = (): void => {
    shared.undo = undefined;
    stopWatching();
    stopKeeping();
    frameWorkers.close();
    setDataLimits();
    stopServingAbsentSlices();
    withdrawHeaders();
    withdrawScaling();
    withdrawSuv();
    for (const scheme of schemes) {
      // A scheme without a loader is served by the unknown volume loader.
      const builtIn = dynamicSchemes.includes(scheme)
        ? builtInDynamicVolumeLoader
        : scheme === DECIMATED_VOLUME_SCHEME
          ? builtInDecimatedVolumeLoader
          : builtInVolumeLoader;
      const previous = takenSchemes.includes(scheme) ? builtIn : undefined;
      if (!previous) {
        shared.vacatedSchemes.add(scheme);
      }
      volumeLoader.registerVolumeLoader(scheme, previous as unknown as VolumeLoader);
    }
    if (unknownVolumeLoader) {
      putBackUnknown(load, previousUnknown as VolumeLoader);
    }
    for (const [scheme, loader] of Object.entries(imageLoaders)) {
      imageLoader.registerImageLoader(scheme, loader);
    }
  };
  shared.undo = undo;
  ownUndo = undo;
  // A failure is not one of the registration: the first volume tries again, and rejects with it.
  volumes.fetch().catch(() => undefined);
}

/** Restores the unknown volume loader, unless an application has registered another one since. */
function putBackUnknown(own: VolumeLoader, previous: VolumeLoader): void {
  const current = volumeLoader.registerUnknownVolumeLoader(previous) as VolumeLoader;
  if (current !== own) {
    volumeLoader.registerUnknownVolumeLoader(current);
  }
}

/**
 * Takes the registration of this copy of the package back: its volume loaders, image loaders, metadata
 * providers (also those that `prefetchMetadata`, `checkVolumeEligibility` and the like have added), the wrapper
 * of `wadors.metaDataManager.add`, and its frame workers. Without a registration only the providers are removed.
 *
 * What Cornerstone has no way to take back, or does not tell:
 *
 * - Which loader a scheme had. A volume scheme that had one gets core's own of its kind; image schemes get the loaders that
 *   were wrapped, which for `wadors`, `wadouri`, `dicomweb` and `dicomfile` are those of `dicomImageLoader.init()`.
 * - `getVolumeLoaderSchemes()` still lists a scheme that had none; the unknown volume loader serves its volumes.
 * - Metadata stay: what `prefetchMetadata`, `fetchSeries` and `createVolumeWithoutMetadata` have registered, and
 *   Cornerstone's own providers, where `prefetchMetadata` had to add them.
 *
 * Volumes that are still in the cache keep working, but their absent and resampled slices and prefetched files have no
 * metadata until the next registration: remove the volumes first.
 */
export function unregisterStreamingImageVolumeLoader(): void {
  const shared = sharedState();
  if (ownUndo && shared.undo === ownUndo) {
    shared.undo();
  } else if (!shared.undo) {
    stopServingAbsentSlices();
    withdrawHeaders();
    withdrawScaling();
    withdrawSuv();
  }
  ownUndo = undefined;
}

/**
 * Whether this package's volume loader is registered and makes the volumes of its schemes, as far as is
 * known. Cornerstone does not tell which loader a scheme has: when another was registered later, this
 * becomes false with the first volume that the other has made, together with the event
 * `VOLUME_LOADER_REPLACED`, and stays so until the next registration.
 */
export function isStreamingImageVolumeLoaderRegistered(): boolean {
  return ownUndo !== undefined && sharedState().undo === ownUndo && !isReplaced;
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
