import type { FrameMetadata, Orientation, Vector3 } from '../../src/base/types.js';

/** A stack of equally distant frames, with the properties that a test varies. */
export interface SyntheticStack {
  readonly count?: number;
  /** Centre of the first pixel of the first frame, in mm. */
  readonly origin?: Vector3;
  readonly orientation?: Orientation;
  /** Distance between neighbours along the normal, in mm. */
  readonly sliceSpacing?: number;
  /** In-plane drift from frame to frame, in mm along the row and the column direction. */
  readonly drift?: readonly [number, number];
  /** Fields that all frames have in common. */
  readonly fields?: Partial<FrameMetadata>;
}

/** Rows to the patient's left, columns to the back: the normal goes to the head. */
export const AXIAL: Orientation = [1, 0, 0, 0, 1, 0];

/** Metadata of one CT frame of 4 x 3 pixels; every field can be replaced. */
export function syntheticFrame(fields: Partial<FrameMetadata> = {}): FrameMetadata {
  return {
    imageId: 'synthetic:0',
    rows: 3,
    columns: 4,
    imagePositionPatient: [0, 0, 0],
    imageOrientationPatient: AXIAL,
    pixelSpacing: [0.8, 0.7],
    frameOfReferenceUID: '1.2.3.1',
    seriesInstanceUID: '1.2.3.2',
    modality: 'CT',
    bitsAllocated: 16,
    bitsStored: 12,
    pixelRepresentation: 0,
    samplesPerPixel: 1,
    photometricInterpretation: 'MONOCHROME2',
    rescale: { slope: 1, intercept: -1024 },
    scaling: { rescaleSlope: 1, rescaleIntercept: -1024, modality: 'CT' },
    ...fields,
  };
}

/** Frames `synthetic:0`, `synthetic:1` ... ascending along the normal. */
export function syntheticStack({
  count = 10,
  origin = [-100, -120, 50],
  orientation = AXIAL,
  sliceSpacing = 2.5,
  drift = [0, 0],
  fields = {},
}: SyntheticStack = {}): FrameMetadata[] {
  const [rx, ry, rz, cx, cy, cz] = orientation;
  const normal: Vector3 = [ry * cz - rz * cy, rz * cx - rx * cz, rx * cy - ry * cx];
  const step = normal.map(
    (component, axis) =>
      component * sliceSpacing +
      (orientation[axis] ?? 0) * drift[0] +
      (orientation[axis + 3] ?? 0) * drift[1],
  );
  return Array.from({ length: count }, (_, index) =>
    syntheticFrame({
      imageId: `synthetic:${index}`,
      imageOrientationPatient: orientation,
      imagePositionPatient: [
        origin[0] + index * (step[0] ?? 0),
        origin[1] + index * (step[1] ?? 0),
        origin[2] + index * (step[2] ?? 0),
      ],
      ...fields,
    }),
  );
}

/** A copy of the frames in which one has other fields. */
export function withFrame(
  frames: readonly FrameMetadata[],
  index: number,
  fields: Partial<FrameMetadata>,
): FrameMetadata[] {
  return frames.map((frame, i) => (i === index ? { ...frame, ...fields } : frame));
}

/** A copy of a frame, moved by mm. */
export function moved(frame: FrameMetadata, by: Vector3): FrameMetadata {
  const [x, y, z] = frame.imagePositionPatient;
  return { ...frame, imagePositionPatient: [x + by[0], y + by[1], z + by[2]] };
}

/** Any orientation: row and column of a rotation about a random axis. */
export function randomOrientation(random: () => number): Orientation {
  // A unit quaternion, evenly distributed (Shoemake's subgroup method).
  const [u, v, w] = [random(), random() * 2 * Math.PI, random() * 2 * Math.PI];
  const [a, b] = [Math.sqrt(1 - u), Math.sqrt(u)];
  const [x, y, z, s] = [a * Math.sin(v), a * Math.cos(v), b * Math.sin(w), b * Math.cos(w)];
  return [
    1 - 2 * (y * y + z * z),
    2 * (x * y + z * s),
    2 * (x * z - y * s),
    2 * (x * y - z * s),
    1 - 2 * (x * x + z * z),
    2 * (y * z + x * s),
  ];
}
