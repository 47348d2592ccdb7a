import { Enums } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import { readModule } from '../headers/readModule.js';
import type { FrameMetadata } from '../base/types.js';

/**
 * The `metadata` of a volume, with the names that Cornerstone and its tools read
 * (core's `makeVolumeMetadata`).
 *
 * @param first - the first frame in volume order
 */
export function describeMetadata(first: FrameMetadata): Types.Metadata {
  const { MetadataModules } = Enums;
  const voi = readModule(MetadataModules.VOI_LUT, first.imageId);
  const pixel = readModule(MetadataModules.IMAGE_PIXEL, first.imageId);
  const widths = toList(voi?.['windowWidth']);
  const centers = toList(voi?.['windowCenter']);
  return {
    BitsAllocated: first.bitsAllocated,
    BitsStored: first.bitsStored,
    SamplesPerPixel: first.samplesPerPixel,
    HighBit: Number(pixel?.['highBit'] ?? first.bitsStored - 1),
    PhotometricInterpretation: first.photometricInterpretation,
    PixelRepresentation: first.pixelRepresentation,
    Modality: first.modality as string,
    SeriesInstanceUID: first.seriesInstanceUID,
    ImageOrientationPatient: [...first.imageOrientationPatient],
    PixelSpacing: [...first.pixelSpacing],
    FrameOfReferenceUID: first.frameOfReferenceUID as string,
    Columns: first.columns,
    Rows: first.rows,
    voiLut: widths.map((windowWidth, i) => ({
      windowWidth: windowWidth as number,
      windowCenter: centers[i] as number,
    })),
    VOILUTFunction: voi?.['voiLUTFunction'] as string,
  };
}

/** A window may be one value or several (PS3.3 C.11.2). */
function toList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [value];
}
