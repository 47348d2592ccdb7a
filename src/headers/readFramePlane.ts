import { planeAxes } from '../geometry/planeAxes.js';
import type { Orientation, Vector3 } from '../base/types.js';
import { valuesOfGroup } from './frameHeader.js';
import type { FrameHeader } from './frameHeader.js';
import { toFiniteNumber, toFiniteNumbers } from './readScaling.js';

/** Where a frame of a multi-frame image lies, as far as its header says it. */
export interface FramePlane {
  readonly position: readonly number[] | undefined;
  readonly orientation: readonly number[] | undefined;
  /** Between rows, between columns, in mm. */
  readonly pixelSpacing: readonly number[] | undefined;
}

const IMAGE_POSITION = '00200032';
const IMAGE_ORIENTATION = '00200037';
const PIXEL_SPACING = '00280030';
const PLANE_POSITION = '00209113';
const PLANE_ORIENTATION = '00209116';
const PIXEL_MEASURES = '00289110';
const DETECTOR_INFORMATION = '00540022';
const GRID_FRAME_OFFSETS = '3004000C';

/**
 * Where a frame lies that a header describes for itself: by its Plane Position, Plane Orientation and Pixel Measures
 * functional groups (PS3.3 C.7.6.16.2.3, C.7.6.16.2.4, C.7.6.16.2.1) and by no others, which may say where the
 * images lie that it was made of; or by the Grid Frame Offset Vector of a dose (C.8.8.3.2).
 *
 * @returns undefined for images that have neither, whose one plane metadata providers know
 */
export function readFramePlane(header: FrameHeader): FramePlane | undefined {
  if (header.groups.length === 0) {
    return planeOfDose(header);
  }
  if (header.instance.items(DETECTOR_INFORMATION).length > 0) {
    // Images of nuclear medicine may say it in their own modules.
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
      ? origin.map((mm, axis) => mm + offset * (normal[axis] ?? 0))
      : isZ
        ? [origin[0], origin[1], offset]
        : undefined;
  return position && { position, orientation, pixelSpacing: undefined };
}

const COSINE_TOLERANCE = 1e-6;
const Z_TOLERANCE_IN_MM = 1e-3;
