/** Positions of frames by their own headers, and stated distances between slices. */
import { Enums } from '@cornerstonejs/core';
import type { Orientation, Vector3 } from '../base/types.js';
import { planeAxes, pointAlong } from '../geometry/planeAxes.js';
import { readHeaderText, valuesOfGroup } from './frameHeader.js';
import type { FrameHeader, HeaderField } from './frameHeader.js';
import {
  readModule,
  toFiniteNumber,
  toFiniteNumbers,
  toFrameCount,
  valuesIn,
} from './readModule.js';
import type { MetadataModule } from './readModule.js';

const IMAGE_TYPE = '00080008';
const MODALITY = '00080060';
const SLICE_THICKNESS = '00180050';
const SPACING_BETWEEN_SLICES = '00180088';
const IMAGE_POSITION = '00200032';
const IMAGE_ORIENTATION = '00200037';
const FRAME_CONTENT = '00209111';
const PLANE_POSITION = '00209113';
const PLANE_ORIENTATION = '00209116';
const TEMPORAL_POSITION_INDEX = '00209128';
const NUMBER_OF_FRAMES = '00280008';
const PIXEL_SPACING = '00280030';
const PIXEL_MEASURES = '00289110';
const DETECTOR_INFORMATION = '00540022';
const TIME_SLOT_VECTOR = '00540070';
const SLICE_VECTOR = '00540080';
const SHARED_GROUPS = '52009229';
const PER_FRAME_GROUPS = '52009230';
const GRID_FRAME_OFFSETS = '3004000C';

/** The plane of a frame of a multi-frame image, as far as its header states it. */
export interface FramePlane {
  readonly position: readonly number[] | undefined;
  readonly orientation: readonly number[] | undefined;
  /** Between rows, between columns, in mm. */
  readonly pixelSpacing: readonly number[] | undefined;
}

/**
 * The plane of a frame by its Plane Position, Plane Orientation and Pixel Measures functional groups (PS3.3
 * C.7.6.16.2.3, C.7.6.16.2.4, C.7.6.16.2.1), or by the Grid Frame Offset Vector of a dose (C.8.8.3.2). Other groups
 * are not read: they may hold the planes of images that the frame was derived from.
 *
 * @returns undefined for images that have neither: the providers have their only plane
 */
export function readFramePlane(header: FrameHeader): FramePlane | undefined {
  if (header.groups.length === 0) {
    return planeOfDose(header);
  }
  if (header.instance.items(DETECTOR_INFORMATION).length > 0) {
    // Images of nuclear medicine may have the plane in their own modules.
    return undefined;
  }
  const read = (group: string, tag: string, count: number): readonly number[] | undefined =>
    toFiniteNumbers(valuesOfGroup(header, [group], tag), count) ??
    toFiniteNumbers(header.instance.values(tag), count);
  return {
    position: read(PLANE_POSITION, IMAGE_POSITION, 3),
    orientation: read(PLANE_ORIENTATION, IMAGE_ORIENTATION, 6),
    pixelSpacing: read(PIXEL_MEASURES, PIXEL_SPACING, 2),
  };
}

/** Offsets are along the normal from the first plane, which has 0, or z coordinates of axial planes. */
function planeOfDose({ instance, frameNumber }: FrameHeader): FramePlane | undefined {
  const offsets = instance.values(GRID_FRAME_OFFSETS)?.map(toFiniteNumber);
  const origin = toFiniteNumbers(instance.values(IMAGE_POSITION), 3) as Vector3 | undefined;
  const orientation = toFiniteNumbers(instance.values(IMAGE_ORIENTATION), 6) as
    Orientation | undefined;
  const [first] = offsets ?? [];
  const offset = offsets?.[frameNumber - 1];
  if (!origin || !orientation || first === undefined || offset === undefined) {
    return undefined;
  }
  const { normal } = planeAxes(orientation);
  const isAxial = Math.abs(normal[2]) > 1 - COSINE_TOLERANCE;
  const isZ = first !== 0 && isAxial && Math.abs(first - origin[2]) < Z_TOLERANCE_IN_MM;
  const position =
    first === 0
      ? pointAlong(origin, normal, offset)
      : isZ
        ? [origin[0], origin[1], offset]
        : undefined;
  return position && { position, orientation, pixelSpacing: undefined };
}

const COSINE_TOLERANCE = 1e-6;
const Z_TOLERANCE_IN_MM = 1e-3;

/** A data set in the DICOM JSON model (PS3.18 F.2), by tag. */
type DataSet = Readonly<Record<string, { readonly Value?: readonly unknown[] } | undefined>>;

/** Values of Image Type for images whose frames are slices (NM Reconstruction Module, PS3.3 C.8.4.15). */
const RECONSTRUCTED: ReadonlySet<unknown> = new Set(['RECON TOMO', 'RECON GATED TOMO']);

/**
 * Adds the plane of each frame of a reconstructed nuclear medicine image, as functional groups of enhanced images
 * (PS3.3 C.7.6.16.2), which metadata providers read.
 *
 * These images state the position of the first slice alone (NM Detector Module, C.8.4.11). The others follow
 * along the normal, at Spacing Between Slices: behind the first where it is above 0, in front of it where it
 * is below (C.8.4.15). Slice Vector says which slice a frame is, and Time Slot Vector which time (NM
 * Multi-frame Module, C.8.4.8).
 *
 * @returns a copy with functional groups; the data set itself where it is no such image, has such groups, does not
 *   state the positions, or has a Number of Frames that cannot be right
 */
export function withNuclearFramePlanes<T extends DataSet>(dataSet: T): T {
  const frameCount = toFrameCount(valuesIn(dataSet[NUMBER_OF_FRAMES])[0]) ?? 0;
  const isReconstructed =
    valuesIn(dataSet[MODALITY])[0] === 'NM' && RECONSTRUCTED.has(valuesIn(dataSet[IMAGE_TYPE])[2]);
  const detector = valuesIn(dataSet[DETECTOR_INFORMATION])[0] as DataSet | undefined;
  const first = numbersOf(detector?.[IMAGE_POSITION], 3) as Vector3 | undefined;
  const orientation = numbersOf(detector?.[IMAGE_ORIENTATION], 6) as Orientation | undefined;
  const [spacing] = numbersOf(dataSet[SPACING_BETWEEN_SLICES], 1) ?? [];
  const isStated = first && orientation && spacing !== undefined && spacing !== 0;
  if (!isReconstructed || !isStated || frameCount < 2 || dataSet[PER_FRAME_GROUPS]) {
    return dataSet;
  }
  const { normal } = planeAxes(orientation);
  const slices = numbersOf(dataSet[SLICE_VECTOR], frameCount);
  if (!slices && frameCount > MAX_SLICES) {
    return dataSet;
  }
  const times = numbersOf(dataSet[TIME_SLOT_VECTOR], frameCount);
  const perFrame = Array.from({ length: frameCount }, (_, frame) => {
    const slice = (slices?.[frame] ?? frame + 1) - 1;
    const position = pointAlong(first, normal, slice * spacing);
    const time = times?.[frame];
    return {
      [PLANE_POSITION]: sequence({ [IMAGE_POSITION]: { vr: 'DS', Value: position } }),
      ...(time !== undefined && {
        [FRAME_CONTENT]: sequence({ [TEMPORAL_POSITION_INDEX]: { vr: 'UL', Value: [time] } }),
      }),
    };
  });
  const measures = Object.fromEntries(
    [PIXEL_SPACING, SLICE_THICKNESS].flatMap((tag) => (dataSet[tag] ? [[tag, dataSet[tag]]] : [])),
  );
  const shared = {
    [PIXEL_MEASURES]: sequence(measures),
    [PLANE_ORIENTATION]: sequence({ [IMAGE_ORIENTATION]: { vr: 'DS', Value: [...orientation] } }),
  };
  return {
    ...dataSet,
    [SHARED_GROUPS]: sequence(shared),
    [PER_FRAME_GROUPS]: sequence(...perFrame),
  };
}

/** Number of Slices (0054,0081) has the VR US (PS3.5 6.2). */
const MAX_SLICES = 65_535;

function sequence(...items: object[]): { vr: string; Value: object[] } {
  return { vr: 'SQ', Value: items };
}

/** Exactly so many numbers; otherwise undefined. */
function numbersOf(
  element: { readonly Value?: readonly unknown[] } | undefined,
  count: number,
): number[] | undefined {
  const numbers = valuesIn(element).map(toFiniteNumber);
  const isComplete = numbers.length === count && numbers.every((value) => value !== undefined);
  return isComplete ? numbers : undefined;
}

/** The attribute that states the distance between slices. */
type SliceDistanceTag = 'SpacingBetweenSlices' | 'SliceThickness';

/** A distance between slices that a header states. */
export interface StatedSliceDistance {
  readonly inMm: number;
  readonly from: SliceDistanceTag;
}

interface Attribute {
  readonly from: SliceDistanceTag;
  /** In Cornerstone's `imagePlaneModule`. */
  readonly name: string;
  readonly field: HeaderField;
}

/**
 * Spacing Between Slices is the distance between the centres of slices, and optional; Slice Thickness is
 * that of the slice alone, without overlap or gap (Image Plane Module, PS3.3
 * C.7.6.2; of enhanced images the Pixel Measures functional group, PS3.3 C.7.6.16.2.1).
 */
const ATTRIBUTES: readonly [Attribute, Attribute] = [
  {
    from: 'SpacingBetweenSlices',
    name: 'spacingBetweenSlices',
    field: { tag: '00180088', groups: [PIXEL_MEASURES] },
  },
  {
    from: 'SliceThickness',
    name: 'sliceThickness',
    field: { tag: '00180050', groups: [PIXEL_MEASURES] },
  },
];

/** Spacing Between Slices in mm, with any sign; undefined where the header does not state it. */
export function readSpacingBetweenSlices(
  imageId: string,
  plane: MetadataModule | undefined,
): number | undefined {
  const [{ name, field }] = ATTRIBUTES;
  return toFiniteNumber(plane?.[name]) ?? toFiniteNumber(readHeaderText(imageId, field));
}

/**
 * Reads the distance between slices that the header of one slice states: Spacing Between Slices, or else Slice
 * Thickness. Values that are not above 0 count as absent.
 */
export function readSliceDistance(imageId: string): StatedSliceDistance | undefined {
  const plane = readModule(Enums.MetadataModules.IMAGE_PLANE, imageId);
  for (const { from, name, field } of ATTRIBUTES) {
    const values = [plane?.[name], readHeaderText(imageId, field)].map(toFiniteNumber);
    const inMm = values.find((value) => value !== undefined && value > 0);
    if (inMm !== undefined) {
      return { inMm, from };
    }
  }
  return undefined;
}
