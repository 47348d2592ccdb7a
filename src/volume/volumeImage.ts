import { Enums, utilities } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import { readModule } from '../metadata/readModule.js';
import type { FrameMetadata, ValueRange, VolumeArray } from '../types.js';
import { defineLazy } from './defineLazy.js';
import { drawColor } from './drawColor.js';

/** What an Image is made of. */
export interface VolumeImageSource {
  readonly frame: FrameMetadata;
  /** `rows * columns * numberOfComponents` values: the Image's own, or a view of a volume. */
  readonly pixels: VolumeArray;
  readonly numberOfComponents: number;
  /** Whether `pixels` are modality values, not stored values. */
  readonly isPreScaled: boolean;
  readonly getRange: () => ValueRange;
}

const made = new WeakSet<object>();

/** Whether an Image was made here, so that its pixels are what it says they are. */
export function isVolumeImage(image: Types.IImage): boolean {
  return made.has(image);
}

/**
 * Makes an Image of Cornerstone from one frame of a volume, with the fields that dicom-image-loader
 * gives to its own. What takes time to find is found on first use.
 */
export function createVolumeImage(source: VolumeImageSource): Types.IImage {
  const { frame, pixels, numberOfComponents, isPreScaled, getRange } = source;
  const { MetadataModules } = Enums;
  const { imageId, rows, columns, scaling } = frame;
  const isColor = numberOfComponents > 1;
  const dataType = pixels.constructor.name as Types.PixelDataTypedArrayString;
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
    dataType,
    invert: frame.photometricInterpretation === 'MONOCHROME1',
    photometricInterpretation: frame.photometricInterpretation,
    FrameOfReferenceUID: frame.frameOfReferenceUID,
    slope: scaling.rescaleSlope,
    intercept: scaling.rescaleIntercept,
    isPreScaled,
    preScale: { enabled: isPreScaled, scaled: isPreScaled, scalingParameters: { ...scaling } },
    sizeInBytes: pixels.byteLength,
    imageQualityStatus: Enums.ImageQualityStatus.FULL_RESOLUTION,
    getPixelData: () => pixels,
    getCanvas: () => drawColor(pixels, rows, columns),
  };
  made.add(image);
  // The range is one pass over the pixels, the window may need it, and both are used by one property
  // after the other.
  let knownRange: ValueRange | undefined;
  const range = (): ValueRange => (knownRange ??= getRange());
  const window = (): Window => readWindow(imageId, isColor, range);
  return defineLazy(image, {
    voxelManager: () =>
      utilities.VoxelManager.createImageVoxelManager({
        width: columns,
        height: rows,
        numberOfComponents,
        scalarData: pixels,
        id: imageId,
      }),
    minPixelValue: () => range().min,
    maxPixelValue: () => range().max,
    windowCenter: () => window().windowCenter,
    windowWidth: () => window().windowWidth,
    voiLUTFunction: () => window().voiLUTFunction,
    calibration: () => readModule(MetadataModules.CALIBRATION, imageId) ?? {},
    sliceThickness: () => readModule(MetadataModules.IMAGE_PLANE, imageId)?.['sliceThickness'],
  }) as unknown as Types.IImage;
}

interface Window {
  readonly windowCenter: number;
  readonly windowWidth: number;
  readonly voiLUTFunction: unknown;
}

/** The window of the headers (PS3.3 C.11.2), or the whole range of the values. */
function readWindow(imageId: string, isColor: boolean, range: () => ValueRange): Window {
  const voi = readModule(Enums.MetadataModules.VOI_LUT, imageId);
  const first = (value: unknown): unknown => (Array.isArray(value) ? value[0] : value);
  const voiLUTFunction = first(voi?.['voiLUTFunction']);
  if (isColor) {
    return { windowCenter: 128, windowWidth: 256, voiLUTFunction };
  }
  const windowCenter = Number(first(voi?.['windowCenter']) ?? Number.NaN);
  const windowWidth = Number(first(voi?.['windowWidth']) ?? Number.NaN);
  if (Number.isFinite(windowCenter) && windowWidth > 0) {
    return { windowCenter, windowWidth, voiLUTFunction };
  }
  const { min, max } = range();
  return { ...utilities.windowLevel.toWindowLevel(min, max), voiLUTFunction };
}
