import { Enums, utilities } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import type { FrameMetadata, ValueRange, VolumeArray } from '../../base/types.js';
import { readModule } from '../../headers/readModule.js';

/** What an Image of a volume is made from. */
export interface VolumeImageSource {
  readonly frame: FrameMetadata;
  /**
   * Gives `rows * columns * numberOfComponents` values: the Image's own, or a view of a volume, which is another
   * one when the volume has widened.
   */
  readonly getPixels: () => VolumeArray;
  readonly numberOfComponents: number;
  /** Whether `pixels` are modality values, not stored values. */
  readonly isPreScaled: boolean;
  /** Of the pixels, as Cornerstone's ImageQualityStatus counts it. Default: that of the whole frame. */
  readonly quality?: number | undefined;
  readonly getRange: () => ValueRange;
  /** Whether the range is not that of the pixels: tools are to take it from `getRange` too. */
  readonly isBlank?: boolean;
}

/** On an Image that was made here, and not on copies of it. */
const SOURCE = Symbol('source');

interface Sourced {
  readonly [SOURCE]: VolumeImageSource & {
    knownRange?: ValueRange;
    voxelManager?: VoxelManager;
    /** The array that `voxelManager` reads. */
    managed?: VolumeArray;
  };
}

type VoxelManager = Types.IVoxelManager<number> | Types.IVoxelManager<Types.RGB>;

/** Whether an Image was made here, so that its pixels are what it says they are. */
export function isVolumeImage(image: Types.IImage): boolean {
  return Object.hasOwn(image, SOURCE);
}

/**
 * Makes an Image of Cornerstone from one frame of a volume, with the fields that dicom-image-loader
 * gives to its own. Properties that are slow to compute are computed on first use (late binding).
 */
export function createVolumeImage(source: VolumeImageSource): Types.IImage {
  const { frame, getPixels, numberOfComponents, isPreScaled, quality } = source;
  const { imageId, rows, columns, scaling } = frame;
  const isColor = numberOfComponents > 1;
  const image = {
    imageId,
    rows,
    columns,
    height: rows,
    width: columns,
    rowPixelSpacing: frame.pixelSpacing[0],
    columnPixelSpacing: frame.pixelSpacing[1],
    color: isColor,
    rgba: false,
    numberOfComponents,
    invert: frame.photometricInterpretation === 'MONOCHROME1',
    photometricInterpretation: frame.photometricInterpretation,
    FrameOfReferenceUID: frame.frameOfReferenceUID,
    slope: scaling.rescaleSlope,
    intercept: scaling.rescaleIntercept,
    isPreScaled,
    preScale: { enabled: isPreScaled, scaled: isPreScaled, scalingParameters: { ...scaling } },
    sizeInBytes: getPixels().byteLength,
    imageQualityStatus: quality ?? Enums.ImageQualityStatus.FULL_RESOLUTION,
    getPixelData: getPixels,
    getCanvas: () => drawColor(getPixels(), rows, columns),
  };
  Object.defineProperty(image, SOURCE, { value: { ...source } });
  return Object.defineProperties(image, { ...LIVE, ...LAZY }) as unknown as Types.IImage;
}

const LAZY = lazyProperties<Sourced>({
  minPixelValue: (image) => readRange(image).min,
  maxPixelValue: (image) => readRange(image).max,
  windowCenter: (image) => readWindow(image).windowCenter,
  windowWidth: (image) => readWindow(image).windowWidth,
  voiLUTFunction: (image) => readWindow(image).voiLUTFunction,
  calibration: ({ [SOURCE]: { frame } }) =>
    readModule(Enums.MetadataModules.CALIBRATION, frame.imageId) ?? {},
  sliceThickness: ({ [SOURCE]: { frame } }) =>
    readModule(Enums.MetadataModules.IMAGE_PLANE, frame.imageId)?.['sliceThickness'],
});

/** Properties that follow the volume when it widens, and can be assigned nevertheless. */
const LIVE: PropertyDescriptorMap & ThisType<Sourced> = {
  dataType: {
    get() {
      return this[SOURCE].getPixels().constructor.name;
    },
    set(value: unknown) {
      settle(this, 'dataType', value);
    },
    enumerable: true,
    configurable: true,
  },
  voxelManager: {
    get() {
      return readVoxelManager(this);
    },
    set(value: unknown) {
      settle(this, 'voxelManager', value);
    },
    enumerable: true,
    configurable: true,
  },
};

function readVoxelManager({ [SOURCE]: source }: Sourced): VoxelManager {
  const { frame, numberOfComponents, getPixels, getRange, isBlank } = source;
  const pixels = getPixels();
  if (source.voxelManager && source.managed?.buffer === pixels.buffer) {
    return source.voxelManager;
  }
  const voxelManager = utilities.VoxelManager.createImageVoxelManager({
    width: frame.columns,
    height: frame.rows,
    numberOfComponents,
    scalarData: pixels,
    id: frame.imageId,
  });
  if (isBlank === true && numberOfComponents === 1) {
    Object.assign(voxelManager, { getMinMax: getRange });
  }
  source.managed = pixels;
  source.voxelManager = voxelManager;
  return voxelManager;
}

/** Computed once: several properties need the range, and it takes a pass over the pixels. */
function readRange({ [SOURCE]: source }: Sourced): ValueRange {
  return (source.knownRange ??= source.getRange());
}

interface Window {
  readonly windowCenter: number;
  readonly windowWidth: number;
  readonly voiLUTFunction: unknown;
}

/** The window of the headers (PS3.3 C.11.2), or the whole range of the values. */
function readWindow(image: Sourced): Window {
  const { frame, numberOfComponents } = image[SOURCE];
  const { imageId } = frame;
  const voi = readModule(Enums.MetadataModules.VOI_LUT, imageId);
  const first = (value: unknown): unknown => (Array.isArray(value) ? value[0] : value);
  const voiLUTFunction = first(voi?.['voiLUTFunction']);
  if (numberOfComponents > 1) {
    return { windowCenter: 128, windowWidth: 256, voiLUTFunction };
  }
  const windowCenter = Number(first(voi?.['windowCenter']) ?? Number.NaN);
  const windowWidth = Number(first(voi?.['windowWidth']) ?? Number.NaN);
  if (Number.isFinite(windowCenter) && windowWidth > 0) {
    return { windowCenter, windowWidth, voiLUTFunction };
  }
  const { min, max } = readRange(image);
  return { ...utilities.windowLevel.toWindowLevel(min, max), voiLUTFunction };
}

/**
 * Makes descriptors of properties with late binding, for `Object.defineProperties`. The properties can be
 * assigned like any other, as Cornerstone does with some fields of an Image.
 *
 * The descriptors are made once for all objects: an object with accessors of its own is slow to make and to read.
 *
 * @param makers - compute the value of a property from the object that is read
 */
function lazyProperties<T extends object>(
  makers: Readonly<Record<string, (target: T) => unknown>>,
): PropertyDescriptorMap & ThisType<T> {
  const descriptors = Object.entries(makers).map(([name, make]) => {
    const descriptor: PropertyDescriptor & ThisType<T> = {
      get() {
        const value = make(this);
        settle(this, name, value);
        return value;
      },
      set(value: unknown) {
        settle(this, name, value);
      },
      enumerable: true,
      configurable: true,
    };
    return [name, descriptor] as const;
  });
  return Object.fromEntries(descriptors);
}

/** Replaces a property by a plain one with this value. */
export function settle(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, {
    value,
    writable: true,
    enumerable: true,
    configurable: true,
  });
}

/** Draws colour pixels on a canvas of their size, for CPU rendering, which draws Images from one. */
function drawColor(pixels: VolumeArray, rows: number, columns: number): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = columns;
  canvas.height = rows;
  const context = canvas.getContext('2d');
  const components = pixels.length / (rows * columns);
  if (context && components >= 3) {
    const drawn = context.createImageData(columns, rows);
    for (let from = 0, to = 0; to < drawn.data.length; from += components, to += 4) {
      drawn.data[to] = pixels[from] as number;
      drawn.data[to + 1] = pixels[from + 1] as number;
      drawn.data[to + 2] = pixels[from + 2] as number;
      drawn.data[to + 3] = 255;
    }
    context.putImageData(drawn, 0, 0);
  }
  return canvas;
}
