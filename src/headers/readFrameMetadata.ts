import { Enums } from '@cornerstonejs/core';
import { dataLimits } from '../base/limits.js';
import type { EligibilityReason } from '../base/eligibilityReason.js';
import { provideSuv } from './pet/suvProvider.js';
import { isIdentityRescale } from '../base/voxels/rescale.js';
import type { FrameMetadata, Orientation, ScalingParameters, Vector3 } from '../base/types.js';
import { readColor } from './color/readColor.js';
import { findFrameHeader, frameInPath } from './frameHeader.js';
import type { FrameHeader } from './frameHeader.js';
import { parsePart10ImageId } from './part10/part10Files.js';
import { readModalityLut } from './readModalityLut.js';
import { readCellLayout, readPixelFault } from './readPixelCells.js';
import { readFramePlane, readSpacingBetweenSlices } from './readFramePlane.js';
import {
  describeValue,
  isSizeInPixels,
  MAX_SIZE_IN_PIXELS,
  readModule,
  toFiniteNumber,
  toFiniteNumbers,
  toFrameCount,
} from './readModule.js';
import {
  provideScaling,
  readScaling,
  readUnappliedMap,
  toLinearRescale,
  toStoredExtremes,
} from './readScaling.js';

/** The headers of a list of imageIds, and the reasons why some could not be read. */
export interface FrameMetadataReading {
  /** One entry for each imageId whose headers are complete, in the order given. */
  readonly frames: readonly FrameMetadata[];
  /** One `metadata-missing` reason for each set of missing fields. */
  readonly missing: readonly EligibilityReason[];
}

/**
 * Reads the headers of every imageId from Cornerstone's metadata providers: where the image lies (Image
 * Plane Module, PS3.3 C.7.6.2), how its pixels are stored (Image Pixel Module, C.7.6.3), and its series and frame
 * of reference (C.7.3.1, C.7.4.1).
 *
 * A default value of a provider (`usingDefaultValues`) counts as missing: distances measured in a volume of
 * default positions would be wrong.
 *
 * Voxels of PET are the rescaled ones, or SUV where a provider of the application gives the factor: `readScaledFrames`
 * computes others.
 */
export function readFrameMetadata(imageIds: readonly string[]): FrameMetadataReading {
  provideScaling();
  provideSuv();
  const frames: FrameMetadata[] = [];
  const imageIdsByProblem = new Map<string, string[]>();
  for (const imageId of imageIds) {
    const result = tryReadOne(imageId);
    if (typeof result === 'string') {
      const concerned = imageIdsByProblem.get(result) ?? [];
      concerned.push(imageId);
      imageIdsByProblem.set(result, concerned);
    } else {
      frames.push(result);
    }
  }
  const missing = [...imageIdsByProblem].map(([problem, concerned]): EligibilityReason => ({
    code: 'metadata-missing',
    severity: 'error',
    message: `${concerned.length} of ${imageIds.length} images: ${problem}`,
    imageIds: concerned,
  }));
  return { frames, missing };
}

/** A provider that throws makes the header missing; the reason has the message of its error. */
function tryReadOne(imageId: string): FrameMetadata | string {
  try {
    return readOne(imageId);
  } catch (error) {
    return `a metadata provider failed: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** The metadata of one frame, or a sentence with the fault of its header. */
function readOne(imageId: string): FrameMetadata | string {
  const { MetadataModules } = Enums;
  const plane = readModule(MetadataModules.IMAGE_PLANE, imageId);
  const pixel = readModule(MetadataModules.IMAGE_PIXEL, imageId);
  if (!plane || !pixel) {
    return `no metadata provider knows ${plane ? '' : MetadataModules.IMAGE_PLANE}${
      plane || pixel ? '' : ' and '
    }${pixel ? '' : MetadataModules.IMAGE_PIXEL}`;
  }
  const header = findFrameHeader(imageId);
  const stated = statedFrameCount(imageId, header);
  if (toFrameCount(stated) === undefined) {
    return `Number of Frames is ${describeValue(stated)}, and not a whole number up to ${dataLimits().framesPerFile}`;
  }
  const ofFrame = header && readFramePlane(header);
  const hasGroups = ofFrame !== undefined && header !== undefined && header.groups.length > 0;
  const position = toFiniteNumbers(ofFrame ? ofFrame.position : plane['imagePositionPatient'], 3);
  const orientation = toFiniteNumbers(
    ofFrame ? ofFrame.orientation : plane['imageOrientationPatient'],
    6,
  );
  const spacing = hasGroups
    ? [ofFrame.pixelSpacing?.[0], ofFrame.pixelSpacing?.[1]]
    : [plane['rowPixelSpacing'], plane['columnPixelSpacing']];
  const ofPlane = {
    rows: toPositive(plane['rows'] ?? pixel['rows']),
    columns: toPositive(plane['columns'] ?? pixel['columns']),
    rowPixelSpacing: toPositive(spacing[0]),
    columnPixelSpacing: toPositive(spacing[1]),
    imagePositionPatient: position,
    imageOrientationPatient: orientation,
  };
  const ofPixels = { bitsAllocated: toPositive(pixel['bitsAllocated']) };
  const absent = [
    ...namesOfAbsent(MetadataModules.IMAGE_PLANE, ofPlane),
    ...namesOfAbsent(MetadataModules.IMAGE_PIXEL, ofPixels),
  ];
  if (absent.length > 0) {
    return `${absent.join(', ')} missing`;
  }
  for (const name of ['rows', 'columns'] as const) {
    if (!isSizeInPixels(ofPlane[name])) {
      return `${name} is ${ofPlane[name]}, and not a whole number up to ${MAX_SIZE_IN_PIXELS}`;
    }
  }
  if (plane['usingDefaultValues'] === true && !hasGroups) {
    return (
      `position, orientation or pixel spacing missing ` +
      `(the provider of ${MetadataModules.IMAGE_PLANE} gives default values)`
    );
  }
  const required = { ...ofPlane, ...ofPixels };
  const series = readModule(MetadataModules.GENERAL_SERIES, imageId);
  // The modules of a frame with functional groups may be about the images that it was derived from.
  const own = (tag: string, provided: unknown): string | undefined =>
    toText(header?.groups.length ? header.instance.values(tag)?.[0] : provided);
  const modality = own(MODALITY, series?.['modality']);
  const color = readColor(imageId, pixel, header);
  const modalityLut =
    header && !color.isColor
      ? readModalityLut(header, modality, readCellLayout(pixel, imageId))
      : undefined;
  const read = color.isColor ? { ...UNSCALED, modality } : readScaling(imageId, modality, header);
  // The table takes the place of a rescale (PS3.3 C.11.1).
  const scaling = modalityLut ? { ...read, ...UNSCALED } : read;
  const storedExtremes = toStoredExtremes(pixel);
  const rescale = toLinearRescale(scaling);
  const unappliedMap =
    modalityLut || color.isColor
      ? undefined
      : (readUnappliedMap(imageId, header, rescale) ??
        (header && lacksDoseScale(scaling) ? 'dose-grid-scaling' : undefined));
  const pixelFault = readPixelFault(pixel, imageId);
  const spacingBetweenSlices = readSpacingBetweenSlices(imageId, plane);
  return {
    imageId,
    ...readFrameOfInstance(imageId),
    ...(spacingBetweenSlices !== undefined && { spacingBetweenSlices }),
    rows: required.rows as number,
    columns: required.columns as number,
    imagePositionPatient: position as unknown as Vector3,
    imageOrientationPatient: orientation as unknown as Orientation,
    pixelSpacing: [required.rowPixelSpacing as number, required.columnPixelSpacing as number],
    frameOfReferenceUID: own(FRAME_OF_REFERENCE_UID, plane['frameOfReferenceUID']),
    seriesInstanceUID: own(SERIES_INSTANCE_UID, series?.['seriesInstanceUID']),
    modality,
    bitsAllocated: required.bitsAllocated as number,
    bitsStored: toFiniteNumber(pixel['bitsStored']) ?? (required.bitsAllocated as number),
    pixelRepresentation: toFiniteNumber(pixel['pixelRepresentation']) === 1 ? 1 : 0,
    ...(storedExtremes ? { storedExtremes } : {}),
    samplesPerPixel: toFiniteNumber(pixel['samplesPerPixel']) ?? 1,
    photometricInterpretation: toText(pixel['photometricInterpretation']) ?? 'MONOCHROME2',
    rescale,
    scaling,
    ...(modalityLut && { modalityLut }),
    ...(unappliedMap && { unappliedMap }),
    ...(pixelFault !== undefined && { pixelFault }),
    ...(color.fault !== undefined && { colorFault: color.fault }),
    ...(color.hasSupplementalPalette && { hasSupplementalPalette: true }),
  };
}

/** Some writers give a rescale in its place, which counts. */
function lacksDoseScale(scaling: ScalingParameters): boolean {
  const { modality, doseGridScaling = 0 } = scaling;
  const isRescaled =
    scaling.doseGridScaling === undefined && !isIdentityRescale(toLinearRescale(scaling));
  return modality === 'RTDOSE' && !(doseGridScaling > 0) && !isRescaled;
}
/** Colours have no modality values (PS3.3 C.11.1 applies to MONOCHROME1 and MONOCHROME2). */
const UNSCALED = { rescaleSlope: 1, rescaleIntercept: 0 };

const MODALITY = '00080060';
const SERIES_INSTANCE_UID = '0020000E';
const FRAME_OF_REFERENCE_UID = '00200052';

/** `module.field` of each field that is absent. */
function namesOfAbsent(module: string, fields: Readonly<Record<string, unknown>>): string[] {
  return Object.keys(fields)
    .filter((name) => fields[name] === undefined)
    .map((name) => `${module}.${name}`);
}

/** A number above 0. Providers give 0 for an absent value. */
function toPositive(value: unknown): number | undefined {
  const number = toFiniteNumber(value);
  return number !== undefined && number > 0 ? number : undefined;
}

function toText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

const SOP_INSTANCE_UID = '00080018';

/** The instance and the frame in it that an imageId addresses, as far as they are known. */
interface FrameOfInstance {
  readonly sopInstanceUID?: string;
  /** From 1. */
  readonly frameNumber?: number;
}

/**
 * Reads the instance of an imageId (SOP Common Module, PS3.3 C.12.1) and the frame in it. The frame number is in the
 * imageIds of dicom-image-loader; for other loaders it is known only where the image has one frame.
 */
function readFrameOfInstance(imageId: string): FrameOfInstance {
  const { MetadataModules } = Enums;
  // Providers may answer with an instance that the frame was derived from, which its functional groups name.
  const uid =
    findFrameHeader(imageId)?.instance.values(SOP_INSTANCE_UID)?.[0] ??
    readModule(MetadataModules.SOP_COMMON, imageId)?.['sopInstanceUID'];
  if (typeof uid !== 'string' || uid === '') {
    return {};
  }
  const frameNumber =
    parsePart10ImageId(imageId)?.frameNumber ??
    (imageId.startsWith('wadors:') ? frameInPath(imageId) : undefined) ??
    (toFrameCount(statedFrameCount(imageId, undefined)) === 1 ? 1 : undefined);
  return { sopInstanceUID: uid, ...(frameNumber !== undefined && { frameNumber }) };
}

const NUMBER_OF_FRAMES = '00280008';

/** Number of Frames as the header has it, or else as a provider gives it. */
function statedFrameCount(imageId: string, header: FrameHeader | undefined): unknown {
  const written = header?.instance.values(NUMBER_OF_FRAMES)?.[0];
  if (written !== undefined) {
    return written;
  }
  const module = readModule(Enums.MetadataModules.MULTIFRAME, imageId);
  return module?.['NumberOfFrames'] ?? module?.['numberOfFrames'];
}

/** The number of frames of the image that an imageId names; 1 where its header has none, or none that can be right. */
export function readFrameCount(imageId: string): number {
  return toFrameCount(statedFrameCount(imageId, findFrameHeader(imageId))) ?? 1;
}
