import { Enums, metaData } from '@cornerstonejs/core';
import type { PixelLayout } from './worker/frameMessages.js';

/** What the headers say of the pixels of a frame. */
export interface FrameDescription {
  readonly isColor: boolean;
  /** Bytes of the frame when it is not compressed (PS3.5 8.2). */
  readonly nativeLength: number;
  readonly layout: PixelLayout;
  /** Available Transfer Syntax UID of the instance, where it is known. */
  readonly storedSyntax: string | undefined;
}

interface PixelModule {
  readonly rows: number;
  readonly columns: number;
  readonly samplesPerPixel?: number;
  readonly bitsAllocated: number;
  readonly bitsStored?: number;
  readonly pixelRepresentation?: number;
  readonly photometricInterpretation?: string;
}

interface SyntaxModule {
  readonly transferSyntaxUID?: string;
  readonly availableTransferSyntaxUID?: string;
}

/** Reads from Cornerstone's metadata providers how a frame is stored. */
export function describeFrame(imageId: string): FrameDescription {
  const {
    rows,
    columns,
    samplesPerPixel = 1,
    bitsAllocated,
    bitsStored,
    pixelRepresentation,
    photometricInterpretation = '',
  } = metaData.get(Enums.MetadataModules.IMAGE_PIXEL, imageId) as PixelModule;
  const syntaxModule = metaData.get(Enums.MetadataModules.TRANSFER_SYNTAX, imageId) as
    SyntaxModule | undefined;
  return {
    isColor: samplesPerPixel > 1 || !photometricInterpretation.startsWith('MONOCHROME'),
    nativeLength: Math.ceil((rows * columns * samplesPerPixel * bitsAllocated) / 8),
    layout: { bitsAllocated, bitsStored, isSigned: pixelRepresentation === 1 },
    storedSyntax: syntaxModule?.availableTransferSyntaxUID ?? syntaxModule?.transferSyntaxUID,
  };
}
