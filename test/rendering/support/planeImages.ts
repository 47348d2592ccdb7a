import { imageLoader, metaData, utilities } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import { ORIGIN, SIZE, SPACING } from './solidSeries.js';

/** The planes of a patient, as Cornerstone names its orientations. */
export type PlaneName = 'axial' | 'sagittal' | 'coronal';

interface Plane {
  /** The axis that each plane of this kind stands upright on. */
  readonly axis: 0 | 1 | 2;
  readonly columnAxis: 0 | 1 | 2;
  readonly rowAxis: 0 | 1 | 2;
  /** Whether the first row is the last along its axis: up is towards the head. */
  readonly isUpsideDown: boolean;
}

/** How radiologists see the planes, and Cornerstone draws them. */
export const PLANES: Readonly<Record<PlaneName, Plane>> = {
  axial: { axis: 2, columnAxis: 0, rowAxis: 1, isUpsideDown: false },
  sagittal: { axis: 0, columnAxis: 1, rowAxis: 2, isUpsideDown: true },
  coronal: { axis: 1, columnAxis: 0, rowAxis: 2, isUpsideDown: true },
};

const SCHEME = 'plane';
let count = 0;
const entries = new Map<string, { image: Types.IImage; planeModule: object }>();

const provider = (type: string, imageId: unknown): unknown => {
  const entry = entries.get(String(imageId));
  if (!entry) {
    return undefined;
  }
  switch (type) {
    case 'imagePlaneModule':
      return entry.planeModule;
    case 'imagePixelModule':
      return {
        bitsAllocated: 16,
        bitsStored: 16,
        highBit: 15,
        pixelRepresentation: 0,
        samplesPerPixel: entry.image.numberOfComponents,
        photometricInterpretation: entry.image.color ? 'RGB' : 'MONOCHROME2',
      };
    case 'generalSeriesModule':
      return { modality: 'CT' };
    default:
      return undefined;
  }
};

/**
 * Makes an Image of one plane of a solid, for a stack viewport, from values that are known; nothing of
 * the volume under test is in it.
 *
 * @param index - of the plane along its axis
 * @param value - of a voxel, in modality units
 * @returns the imageId
 */
export function planeImage(
  name: PlaneName,
  index: number,
  Type: new (length: number) => Types.PixelDataTypedArray,
  value: (column: number, row: number, slice: number, sample: number) => number,
  samples = 1,
): string {
  const { axis, columnAxis, rowAxis, isUpsideDown } = PLANES[name];
  const columns = SIZE[columnAxis];
  const rows = SIZE[rowAxis];
  const voxel: [number, number, number] = [index, index, index];
  const pixels = new Type(columns * rows * samples);
  for (let i = 0; i < pixels.length; i++) {
    const pixel = Math.floor(i / samples);
    const row = Math.floor(pixel / columns);
    voxel[columnAxis] = pixel % columns;
    voxel[rowAxis] = isUpsideDown ? rows - 1 - row : row;
    pixels[i] = value(...voxel, i % samples);
  }
  const first: [number, number, number] = [...ORIGIN];
  first[axis] += SPACING * index;
  first[rowAxis] += isUpsideDown ? SPACING * (rows - 1) : 0;
  const rowCosines = [0, 0, 0];
  rowCosines[columnAxis] = 1;
  const columnCosines = [0, 0, 0];
  columnCosines[rowAxis] = isUpsideDown ? -1 : 1;
  const imageId = `${SCHEME}:${count++}`;
  if (entries.size === 0) {
    imageLoader.registerImageLoader(SCHEME, loadPlane);
    metaData.addProvider(provider, 10000);
  }
  entries.set(imageId, {
    image: createImage(imageId, columns, rows, samples, pixels),
    planeModule: {
      rows,
      columns,
      imagePositionPatient: first,
      imageOrientationPatient: [...rowCosines, ...columnCosines],
      rowCosines,
      columnCosines,
      pixelSpacing: [SPACING, SPACING],
      rowPixelSpacing: SPACING,
      columnPixelSpacing: SPACING,
      frameOfReferenceUID: '1.2.3',
    },
  });
  return imageId;
}

/** Takes away what {@link planeImage} has made. */
export function removePlaneImages(): void {
  entries.clear();
  metaData.removeProvider(provider);
}

const loadPlane: Types.ImageLoaderFn = (imageId) => {
  const entry = entries.get(imageId);
  return { promise: entry ? Promise.resolve(entry.image) : Promise.reject(new Error(imageId)) };
};

function createImage(
  imageId: string,
  columns: number,
  rows: number,
  samples: number,
  pixels: Types.PixelDataTypedArray,
): Types.IImage {
  const range = utilities.getMinMax(pixels);
  return {
    imageId,
    rows,
    columns,
    height: rows,
    width: columns,
    color: samples > 1,
    rgba: false,
    numberOfComponents: samples,
    slope: 1,
    intercept: 0,
    isPreScaled: true,
    preScale: { enabled: true, scaled: true },
    rowPixelSpacing: SPACING,
    columnPixelSpacing: SPACING,
    minPixelValue: range.min,
    maxPixelValue: range.max,
    windowCenter: 128,
    windowWidth: 256,
    invert: false,
    dataType: pixels.constructor.name,
    sizeInBytes: pixels.byteLength,
    getPixelData: () => pixels,
    voxelManager: utilities.VoxelManager.createImageVoxelManager({
      width: columns,
      height: rows,
      numberOfComponents: samples,
      scalarData: pixels,
    }),
  } as unknown as Types.IImage;
}
