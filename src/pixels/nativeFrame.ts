import { Enums, metaData } from '@cornerstonejs/core';
import { StreamingVolumeError } from '../errors.js';

interface PixelModule {
  readonly rows: number;
  readonly columns: number;
  readonly samplesPerPixel?: number;
  readonly bitsAllocated: number;
  readonly photometricInterpretation?: string;
}

/** Transfer syntaxes whose pixels are not compressed, once a deflated file is inflated. */
const NATIVE_SYNTAXES: ReadonlySet<string> = new Set([
  '1.2.840.10008.1.2',
  '1.2.840.10008.1.2.1',
  '1.2.840.10008.1.2.1.99',
  '1.2.840.10008.1.2.2',
]);

function readPixelModule(imageId: string): PixelModule {
  return metaData.get(Enums.MetadataModules.IMAGE_PIXEL, imageId) as PixelModule;
}

/** Bytes of one native frame (PS3.5 8.2). */
export function nativeFrameLength(imageId: string): number {
  const { rows, columns, samplesPerPixel = 1, bitsAllocated } = readPixelModule(imageId);
  return Math.ceil((rows * columns * samplesPerPixel * bitsAllocated) / 8);
}

/** Colour is made by dicom-image-loader, which knows all of its kinds. */
export function isColorFrame(imageId: string): boolean {
  const { samplesPerPixel = 1, photometricInterpretation = '' } = readPixelModule(imageId);
  return samplesPerPixel > 1 || !photometricInterpretation.startsWith('MONOCHROME');
}

/** @throws StreamingVolumeError with code `frame-size` for a native frame of another length */
export function checkNativeFrame(bytes: Uint8Array, transferSyntax: string, imageId: string): void {
  const length = nativeFrameLength(imageId);
  if (NATIVE_SYNTAXES.has(transferSyntax) && bytes.length !== length) {
    throw new StreamingVolumeError(
      'frame-size',
      `A native frame has ${bytes.length} bytes instead of ${length} (${imageId})`,
      { imageIds: [imageId] },
    );
  }
}
