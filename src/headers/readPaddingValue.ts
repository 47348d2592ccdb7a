import { Enums } from '@cornerstonejs/core';
import { readModule } from './readModule.js';

/**
 * The stored value of pixels that only fill an image up to a rectangle: Pixel Padding Value (0028,0120),
 * PS3.3 C.7.5.1.1.2.
 *
 * @returns undefined where no provider has it
 */
export function readPaddingValue(imageId: string): number | undefined {
  const value = readModule(Enums.MetadataModules.IMAGE_PIXEL, imageId)?.['pixelPaddingValue'];
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
