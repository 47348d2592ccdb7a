import * as fc from 'fast-check';
import { vec3 } from 'gl-matrix';
import { IDENTITY_RESCALE } from '../../src/base/voxels/rescale.js';
import type { FrameMetadata, Vector3 } from '../../src/base/types.js';
import { checkFrames } from '../../src/geometry/eligibility/checkFrames.js';
import { planeAxes } from '../../src/geometry/planeAxes.js';
import { resampleStack } from '../../src/geometry/resampleStack.js';
import { resampleFrame } from '../../src/loading/resampling/resampleFrame.js';
import { seededRandom, shuffled } from '../support/seededRandom.js';
import { randomOrientation, syntheticFrame } from '../support/syntheticFrames.js';

// The same in every run; a failure prints it with the path to the smallest example.
const RUNS = { seed: 20_241_120, numRuns: 200, includeErrorInReport: true };

const SIZE = { columns: 7, rows: 6, components: 1 };
const PADDING = -1e6;

const millimetres = (min: number, max: number) => fc.double({ min, max, noNaN: true });

interface Given {
  readonly seed: number;
  readonly count: number;
  readonly tilt: readonly [number, number];
  readonly spacingInMm: number;
  readonly gradient: Vector3;
}

const given = fc.record({
  seed: fc.integer(),
  count: fc.integer({ min: 4, max: 20 }),
  tilt: fc.tuple(millimetres(-0.6, 0.6), millimetres(-0.6, 0.6)),
  spacingInMm: millimetres(1, 6),
  gradient: fc.tuple(millimetres(-3, 3), millimetres(-3, 3), millimetres(-3, 3)),
});

/** Frames whose distances are jittered, which drift in plane by `tilt` mm for each mm, in any order. */
function framesOf({ seed, count, tilt, spacingInMm }: Given, jitter: number): FrameMetadata[] {
  const random = seededRandom(seed);
  const orientation = randomOrientation(random);
  const { row, column, normal } = planeAxes(orientation);
  const frames = Array.from({ length: count }, (_, index) => {
    const along = spacingInMm * (index + jitter * (random() - 0.5));
    const at = (axis: 0 | 1 | 2): number =>
      20 + along * (normal[axis] + tilt[0] * row[axis] + tilt[1] * column[axis]);
    return syntheticFrame({
      ...SIZE,
      imageId: `synthetic:${index}`,
      imageOrientationPatient: orientation,
      imagePositionPatient: [at(0), at(1), at(2)],
    });
  });
  return shuffled(frames, random);
}

function fieldAt(gradient: Vector3, corner: Vector3, frame: FrameMetadata, x: number, y: number) {
  const { row, column } = planeAxes(frame.imageOrientationPatient);
  const [betweenRows, betweenColumns] = frame.pixelSpacing;
  const [dx, dy] = [x * betweenColumns, y * betweenRows];
  return (
    1000 +
    vec3.dot(gradient, corner) +
    dx * vec3.dot(gradient, row) +
    dy * vec3.dot(gradient, column)
  );
}

/** Every voxel that is not padding has the value of the field where it lies; how many there are. */
function checkField(
  frames: readonly FrameMetadata[],
  spacing: number,
  isSheared: boolean,
  { gradient }: Given,
): number {
  const { geometry, slices } = resampleStack(frames, {
    spacingInMm: spacing,
    inPlaceInMm: 0,
    samePositionInPixels: 0.01,
    isSheared,
  });
  const [columns, rows] = geometry.dimensions;
  const pixels = frames.map((frame) =>
    Float32Array.from({ length: SIZE.columns * SIZE.rows }, (_, i) =>
      fieldAt(
        gradient,
        frame.imagePositionPatient,
        frame,
        i % SIZE.columns,
        Math.floor(i / SIZE.columns),
      ),
    ),
  );
  let checked = 0;
  for (const { position, sources } of slices) {
    const values = new Float32Array(columns * rows);
    resampleFrame(
      sources.map(({ sourceIndex, weight, shift }) => ({
        values: pixels[sourceIndex] as Float32Array,
        weight,
        shift,
        rescale: IDENTITY_RESCALE,
      })),
      SIZE,
      {
        dataType: 'Float32Array',
        values,
        size: { columns, rows, components: 1 },
        padding: PADDING,
      },
    );
    values.forEach((value, i) => {
      if (value !== PADDING) {
        checked += 1;
        const frame = frames[0] as FrameMetadata;
        const expected = fieldAt(gradient, position, frame, i % columns, Math.floor(i / columns));
        if (!(Math.abs(value - expected) <= 1e-3 * Math.max(1, Math.abs(expected)))) {
          throw new Error(
            `Voxel ${i} at ${position.join(', ')}: expected ${expected}, got ${value}`,
          );
        }
      }
    });
  }
  return checked;
}

describe('A linear field', () => {
  it('comes back on the regular grid of every irregular stack, at every voxel', () => {
    expect(() => {
      fc.assert(
        fc.property(given, (each) => {
          const upright = { ...each, tilt: [0, 0] as const };
          const frames = framesOf(upright, 0.8);
          const spacing = checkFrames(frames).stack?.spacingInMm ?? NaN;
          const { slices } = resampleStack(frames, {
            spacingInMm: spacing,
            inPlaceInMm: 0,
            samePositionInPixels: 0.01,
            isSheared: false,
          });
          const checked = checkField(frames, spacing, false, upright);
          if (checked !== slices.length * SIZE.columns * SIZE.rows) {
            throw new Error(`Only ${checked} voxels have a value`);
          }
        }),
        RUNS,
      );
    }).not.toThrow();
  });

  it('comes back in the upright box of every tilted stack, also of an irregular one', () => {
    expect(() => {
      fc.assert(
        fc.property(given, fc.constantFrom(0, 0.4), (each, jitter) => {
          const checked = checkField(framesOf(each, jitter), each.spacingInMm, true, each);
          // Nothing of the frames is cut off: one row and one column at most are lost to interpolation.
          const least = each.count * (SIZE.columns - 1) * (SIZE.rows - 1);
          if (jitter === 0 && checked < least) {
            throw new Error(`Only ${checked} of at least ${least} voxels have a value`);
          }
        }),
        RUNS,
      );
    }).not.toThrow();
  });
});
