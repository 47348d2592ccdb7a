import { Enums, metaData } from '@cornerstonejs/core';
import { wadors } from '@cornerstonejs/dicom-image-loader';
import { StreamingVolumeError } from '../base/errors.js';
import { readModule, toFiniteNumber } from '../headers/readModule.js';
import type { MetadataModule } from '../headers/readModule.js';
import { nativeLength } from './pixelLayout.js';
import type { PixelLayout } from './pixelLayout.js';

/** What the headers say of the pixels of a frame. */
export interface FrameDescription {
  /** Whether there are headers; without, nothing else here says anything. */
  readonly isKnown: boolean;
  readonly isColor: boolean;
  /** Bytes of the frame when it is not compressed (PS3.5 8.2). */
  readonly nativeLength: number;
  readonly layout: PixelLayout;
  /** Available Transfer Syntax UID of the instance, where it is known. */
  readonly storedSyntax: string | undefined;
}

interface SyntaxModule {
  readonly transferSyntaxUID?: string;
  readonly availableTransferSyntaxUID?: string;
}

/** Reads from Cornerstone's metadata providers how a frame is stored. */
export function describeFrame(imageId: string): FrameDescription {
  const module = readModule(Enums.MetadataModules.IMAGE_PIXEL, imageId) ?? {};
  const syntaxModule = metaData.get(Enums.MetadataModules.TRANSFER_SYNTAX, imageId) as
    SyntaxModule | undefined;
  const samplesPerPixel = toFiniteNumber(module['samplesPerPixel']) ?? 1;
  const layout = readLayout(module, samplesPerPixel, imageId);
  return {
    isKnown: layout.bitsAllocated > 0,
    isColor: samplesPerPixel > 1 || module['photometricInterpretation'] === 'PALETTE COLOR',
    nativeLength: nativeLength(layout),
    layout,
    storedSyntax: syntaxModule?.availableTransferSyntaxUID ?? syntaxModule?.transferSyntaxUID,
  };
}

/** The error of a frame whose headers Cornerstone does not have (any more): code `metadata-missing`. */
export function headersMissing(imageId: string): StreamingVolumeError {
  return new StreamingVolumeError(
    'metadata-missing',
    `A frame cannot be loaded, as Cornerstone has no metadata that describe its pixels: register them again (${imageId})`,
    { imageIds: [imageId] },
  );
}

function readLayout(module: MetadataModule, samplesPerPixel: number, imageId: string): PixelLayout {
  const read = (name: string): number | undefined => toFiniteNumber(module[name]);
  const bitsAllocated = read('bitsAllocated') ?? 0;
  const bitsStored = read('bitsStored') ?? bitsAllocated;
  const pixelRepresentation = read('pixelRepresentation');
  return {
    valueCount: (read('rows') ?? 0) * (read('columns') ?? 0) * samplesPerPixel,
    bitsAllocated,
    bitsStored,
    highBit: read('highBit') ?? bitsStored - 1,
    isSigned: pixelRepresentation === 1,
    isFloat: isFloat(bitsAllocated, pixelRepresentation, imageId),
  };
}

/** Pixel Data, Float Pixel Data and Double Float Pixel Data, of which an image has one (PS3.3 C.7.6.3, .24, .25). */
const PIXEL_DATA = '7FE00010';
const FLOAT_PIXEL_DATA = ['7FE00008', '7FE00009'];

/**
 * Headers need not say which pixel data the image has. Those of whole numbers have a Pixel Representation,
 * and those of floating point none.
 */
function isFloat(
  bitsAllocated: number,
  pixelRepresentation: number | undefined,
  imageId: string,
): boolean {
  if (bitsAllocated < 32) {
    return false;
  }
  const instance = wadors.metaDataManager.get(imageId) as
    Readonly<Record<string, unknown>> | undefined;
  if (instance && FLOAT_PIXEL_DATA.some((tag) => instance[tag] !== undefined)) {
    return true;
  }
  return pixelRepresentation === undefined && instance?.[PIXEL_DATA] === undefined;
}
