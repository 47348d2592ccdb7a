import { imageLoader, metaData, utilities } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import type { PixelArray } from '../../src/base/types.js';

/** Properties of a series; a function makes one depend on the slice. */
export interface SyntheticSeriesOptions {
  readonly count: number;
  readonly columns?: number;
  readonly rows?: number;
  readonly bitsAllocated?: number;
  readonly bitsStored?: number;
  readonly pixelRepresentation?: 0 | 1;
  readonly samplesPerPixel?: number;
  readonly photometricInterpretation?: string;
  readonly modality?: string;
  readonly slope?: (slice: number) => number;
  readonly intercept?: (slice: number) => number;
  readonly suvbw?: number;
  readonly window?: { readonly center: number; readonly width: number };
  readonly position?: (slice: number) => [number, number, number];
  /** In mm; default: not in the headers. */
  readonly sliceThickness?: number;
  readonly spacingBetweenSlices?: number;
  /** Row cosines, column cosines. Default: axial. */
  readonly orientation?: readonly number[];
  /** Smallest and Largest Image Pixel Value of a slice, right or not; default: not in the headers. */
  readonly extremes?: (slice: number) => readonly [number, number] | undefined;
  /** Stored values of a slice. */
  readonly pixels?: (slice: number) => PixelArray;
  /** Metadata of other types, such as tags by their keyword. */
  readonly metadata?: (type: string, slice: number) => unknown;
  /** Whether requests wait for {@link SyntheticSeries.answer}. Default: they are answered at once. */
  readonly held?: boolean;
}

/** One call of the series' image loader. */
export interface SyntheticRequest {
  readonly imageId: string;
  readonly slice: number;
  readonly options: Record<string, unknown>;
  /** Answers with an Image; `fields` replace those of the whole frame. */
  readonly resolve: (changes?: object) => void;
  readonly reject: (reason: unknown) => void;
}

let seriesCount = 0;

/**
 * A generated series: a scheme with metadata and an image loader that creates Images from stored values and
 * ignores `skipCreateImage`.
 */
export class SyntheticSeries {
  readonly scheme: string;
  readonly imageIds: string[];
  readonly requests: SyntheticRequest[] = [];
  readonly #options: Required<
    Omit<
      SyntheticSeriesOptions,
      | 'suvbw'
      | 'window'
      | 'extremes'
      | 'slope'
      | 'intercept'
      | 'sliceThickness'
      | 'spacingBetweenSlices'
      | 'metadata'
    >
  > &
    SyntheticSeriesOptions;
  readonly #provider = (type: string, imageId: unknown) => this.#metadata(type, String(imageId));

  constructor(options: SyntheticSeriesOptions) {
    seriesCount += 1;
    this.scheme = `synthetic${seriesCount}`;
    const columns = options.columns ?? 5;
    const rows = options.rows ?? 3;
    const samplesPerPixel = options.samplesPerPixel ?? 1;
    this.#options = {
      columns,
      rows,
      bitsAllocated: 16,
      bitsStored: options.bitsAllocated ?? 16,
      pixelRepresentation: 0,
      samplesPerPixel,
      photometricInterpretation: samplesPerPixel === 3 ? 'RGB' : 'MONOCHROME2',
      modality: 'CT',
      position: (slice) => [-10, -20, 2.5 * slice],
      orientation: [1, 0, 0, 0, 1, 0],
      pixels: (slice) =>
        Uint16Array.from(
          { length: columns * rows * samplesPerPixel },
          (_, i) => 100 * (slice + 1) + i,
        ),
      held: false,
      ...options,
    };
    this.imageIds = Array.from({ length: options.count }, (_, i) => `${this.scheme}:slice/${i}`);
    metaData.addProvider(this.#provider, 9999);
    imageLoader.registerImageLoader(this.scheme, this.load);
  }

  /** The image loader of the series. */
  readonly load = (imageId: string, options: Record<string, unknown> = {}) => {
    const slice = this.#slice(imageId);
    const promise = new Promise<Types.IImage>((resolve, reject) => {
      const request = {
        imageId,
        slice,
        options,
        resolve: (changes?: object) => {
          resolve(Object.assign(this.image(slice), changes));
        },
        reject,
      };
      this.requests.push(request);
      if (!this.#options.held) {
        request.resolve();
      }
    });
    return { promise };
  };

  /** Answers the requests that wait for these slices, or all. */
  answer(...slices: number[]): void {
    for (const request of this.requests) {
      if (slices.length === 0 || slices.includes(request.slice)) {
        request.resolve();
      }
    }
  }

  /** The expected value of a voxel of a slice. */
  voxel(slice: number, index: number): number {
    const { slope, intercept, pixels } = this.#options;
    return (pixels(slice)[index] as number) * (slope?.(slice) ?? 1) + (intercept?.(slice) ?? 0);
  }

  /** An Image of stored values. */
  image(slice: number): Types.IImage {
    const { columns, rows, samplesPerPixel, pixels } = this.#options;
    const values = pixels(slice);
    const image = {
      imageId: this.imageIds[slice],
      rows,
      columns,
      height: rows,
      width: columns,
      color: samplesPerPixel > 1,
      rgba: false,
      numberOfComponents: samplesPerPixel,
      slope: 1,
      intercept: 0,
      minPixelValue: 0,
      maxPixelValue: 65535,
      windowCenter: 100,
      windowWidth: 200,
      dataType: values.constructor.name,
      sizeInBytes: values.byteLength,
      getPixelData: () => values,
      voxelManager: utilities.VoxelManager.createImageVoxelManager({
        width: columns,
        height: rows,
        numberOfComponents: samplesPerPixel,
        scalarData: values,
      }),
    };
    return image as unknown as Types.IImage;
  }

  /** The image pixel module of an imageId. */
  pixelModule(imageId: string): unknown {
    return this.#metadata('imagePixelModule', imageId);
  }

  /** Removes the metadata. The scheme stays registered, as Cornerstone cannot unregister one. */
  dispose(): void {
    metaData.removeProvider(this.#provider);
  }

  #slice(imageId: string): number {
    return Number(imageId.slice(imageId.lastIndexOf('/') + 1));
  }

  #metadata(type: string, imageId: string): unknown {
    if (!imageId.startsWith(`${this.scheme}:`)) {
      return undefined;
    }
    const slice = this.#slice(imageId);
    const o = this.#options;
    switch (type) {
      case 'imagePlaneModule':
        return {
          rows: o.rows,
          columns: o.columns,
          imagePositionPatient: o.position(slice),
          imageOrientationPatient: o.orientation,
          rowCosines: o.orientation.slice(0, 3),
          columnCosines: o.orientation.slice(3),
          pixelSpacing: [0.8, 0.7],
          rowPixelSpacing: 0.8,
          columnPixelSpacing: 0.7,
          sliceThickness: o.sliceThickness,
          spacingBetweenSlices: o.spacingBetweenSlices,
          frameOfReferenceUID: `1.2.3.${this.scheme.slice('synthetic'.length)}`,
        };
      case 'imagePixelModule':
        return {
          rows: o.rows,
          columns: o.columns,
          bitsAllocated: o.bitsAllocated,
          bitsStored: o.bitsStored,
          highBit: o.bitsStored - 1,
          pixelRepresentation: o.pixelRepresentation,
          samplesPerPixel: o.samplesPerPixel,
          photometricInterpretation: o.photometricInterpretation,
          smallestPixelValue: o.extremes?.(slice)?.[0],
          largestPixelValue: o.extremes?.(slice)?.[1],
        };
      case 'generalSeriesModule':
        return { modality: o.modality, seriesInstanceUID: `1.2.4.${this.scheme}` };
      case 'modalityLutModule':
        return { rescaleSlope: o.slope?.(slice), rescaleIntercept: o.intercept?.(slice) };
      case 'scalingModule':
        return o.suvbw === undefined ? undefined : { suvbw: o.suvbw };
      case 'voiLutModule':
        return o.window && { windowCenter: [o.window.center], windowWidth: [o.window.width] };
      default:
        return o.metadata?.(type, slice);
    }
  }
}
