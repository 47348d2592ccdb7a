import * as fc from 'fast-check';
import type { EligibilityCode } from '../../src/base/eligibilityReason.js';
import type { FrameMetadata, Vector3 } from '../../src/base/types.js';
import { arrangeOnGrid, describeVolume } from '../../src/geometry/describeVolume.js';
import { checkFrames } from '../../src/geometry/eligibility/checkFrames.js';
import { seededRandom, shuffled } from '../support/seededRandom.js';
import { moved, randomOrientation, syntheticStack, withFrame } from '../support/syntheticFrames.js';

// The same in every run; a failure prints it with the path to the smallest example.
const RUNS = { seed: 20_240_517, numRuns: 300, includeErrorInReport: true };

const fraction = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const millimetres = (min: number, max: number) => fc.double({ min, max, noNaN: true });

const orientation = fc.tuple(fraction, fraction, fraction).map((fractions) => {
  const next = fractions[Symbol.iterator]();
  return randomOrientation(() => Number(next.next().value));
});

/** A regular stack, and how its frames are given. */
const stack = fc.record({
  count: fc.integer({ min: 6, max: 40 }),
  orientation,
  origin: fc.tuple(millimetres(-500, 500), millimetres(-500, 500), millimetres(-500, 500)),
  // Below 0 the frames descend along the normal.
  sliceSpacing: fc.tuple(millimetres(1, 10), fc.constantFrom(1, -1)).map(([mm, sign]) => mm * sign),
  order: fc.integer(),
});

interface StackCase {
  readonly count: number;
  readonly orientation: ReturnType<typeof randomOrientation>;
  readonly origin: Vector3;
  readonly sliceSpacing: number;
  readonly order: number;
}

/** Holds for every stack, and every value of `extra`. */
function forAll<T>(extra: fc.Arbitrary<T>, hold: (given: StackCase, value: T) => void): void {
  expect(() => {
    fc.assert(fc.property(stack, extra, hold), RUNS);
  }).not.toThrow();
}

function assertNear(actual: readonly number[], expected: readonly number[], what: string): void {
  const worst = Math.max(...expected.map((value, i) => Math.abs(value - (actual[i] ?? NaN))));
  if (!(actual.length === expected.length && worst <= 1e-6)) {
    throw new Error(`${what}: expected ${expected.join(', ')}, got ${actual.join(', ')}`);
  }
}

/** The frames have this fault, at these frames, and no other. */
function assertOnly(
  frames: readonly FrameMetadata[],
  { order }: StackCase,
  code: EligibilityCode,
  indices: readonly number[],
): void {
  const { reasons } = checkFrames(shuffled(frames, seededRandom(order)));
  const found = reasons.map((reason) => [reason.code, ...[...reason.imageIds].sort()].join(' '));
  const expected = [code, ...indices.map((index) => `synthetic:${index}`).sort()].join(' ');
  if (found.length !== 1 || found[0] !== expected) {
    throw new Error(`Expected ${expected}, got ${found.join(' and ') || 'nothing'}`);
  }
}

/** Moves a frame along the normal, by a part of the slice distance. */
function movedAlong(stackOf: readonly FrameMetadata[], index: number, part: number) {
  const [a, b] = stackOf as [FrameMetadata, FrameMetadata];
  const by = a.imagePositionPatient.map(
    (mm, axis) => ((b.imagePositionPatient[axis] ?? NaN) - mm) * part,
  );
  return stackOf.map((frame, i) => (i === index ? moved(frame, by as unknown as Vector3) : frame));
}

const place = fraction;
const inside = (part: number, count: number) => 1 + Math.floor(part * (count - 2));

describe('Any stack', () => {
  it('gives back its geometry on a grid, with an empty place for each frame that is missing', () => {
    forAll(fc.tuple(place, fraction), (given, [start, length]) => {
      const frames = syntheticStack(given);
      const ascending = given.sliceSpacing > 0 ? frames : [...frames].reverse();
      const missing = 1 + Math.floor(length * (given.count - 4));
      const first = 1 + Math.floor(start * (given.count - 1 - missing));
      const isMissing = (slice: number) => slice >= first && slice < first + missing;
      const there = ascending.filter((_, slice) => !isMissing(slice));
      const mixed = shuffled(there, seededRandom(given.order));
      const { stack: measures } = checkFrames(mixed);
      const { slices, geometry, leftOut } = arrangeOnGrid(mixed, measures?.spacingInMm ?? NaN);
      const whole = describeVolume(ascending).geometry;
      assertNear(geometry.dimensions, whole.dimensions, 'dimensions');
      assertNear(geometry.spacing, whole.spacing, 'spacing');
      assertNear(geometry.origin, whole.origin, 'origin');
      assertNear(geometry.direction, whole.direction, 'direction');
      const found = slices.map((index) => (index === undefined ? '' : mixed[index]?.imageId));
      const expected = ascending.map(({ imageId }, slice) => (isMissing(slice) ? '' : imageId));
      if (found.join() !== expected.join() || leftOut.length > 0) {
        throw new Error(`Expected ${expected.join()}, got ${found.join()}`);
      }
    });
  });

  it('gives back its geometry, whatever its rotation, spacing, order and direction', () => {
    forAll(fc.constant(undefined), (given) => {
      const frames = syntheticStack(given);
      const ascending = given.sliceSpacing > 0 ? frames : [...frames].reverse();
      const mixed = shuffled(frames, seededRandom(given.order));
      const { reasons } = checkFrames(mixed);
      if (reasons.length > 0) {
        throw new Error(reasons.map(({ message }) => message).join(' '));
      }
      const { geometry, order } = describeVolume(mixed);
      const [columns, rows, slices] = geometry.dimensions;
      assertNear([columns, rows, slices], [4, 3, given.count], 'dimensions');
      assertNear(geometry.spacing, [0.7, 0.8, Math.abs(given.sliceSpacing)], 'spacing');
      assertNear(geometry.direction.slice(0, 6), given.orientation, 'direction');
      ascending.forEach(({ imageId, imagePositionPatient }, slice) => {
        if (mixed[order[slice] ?? -1]?.imageId !== imageId) {
          throw new Error(`Slice ${slice} is not ${imageId}`);
        }
        const normal = geometry.direction.slice(6);
        assertNear(
          geometry.origin.map((mm, i) => mm + slice * geometry.spacing[2] * (normal[i] ?? NaN)),
          imagePositionPatient,
          `position of slice ${slice}`,
        );
      });
    });
  });

  it('is found to miss a slice that was taken out, and nothing else', () => {
    forAll(place, (given, part) => {
      const gone = inside(part, given.count);
      const frames = syntheticStack(given).filter((_, i) => i !== gone);
      assertOnly(frames, given, 'missing-slices', [gone - 1, gone + 1]);
    });
  });

  it('is found to have a slice twice, and nothing else', () => {
    forAll(place, (given, part) => {
      const frames = syntheticStack(given);
      const index = Math.floor(part * given.count);
      const twin = { ...(frames[index] as FrameMetadata), imageId: 'synthetic:1000' };
      assertOnly([...frames, twin], given, 'duplicate-position', [index, 1000]);
    });
  });

  it('is found to have a slice that is moved along the normal, and nothing else', () => {
    const jitter = fc.tuple(place, millimetres(0.02, 0.45), fc.constantFrom(1, -1));
    forAll(jitter, (given, [part, size, sign]) => {
      const index = inside(part, given.count);
      const frames = movedAlong(syntheticStack(given), index, size * sign);
      assertOnly(frames, given, 'irregular-spacing', [index - 1, index, index + 1]);
    });
  });

  it('is found to be tilted, with all its frames, and nothing else', () => {
    const tilt = fc.tuple(millimetres(2.5, 45), fraction);
    forAll(tilt, (given, [degrees, towards]) => {
      const drift = given.sliceSpacing * Math.tan((degrees * Math.PI) / 180);
      const angle = towards * 2 * Math.PI;
      const frames = syntheticStack({
        ...given,
        drift: [drift * Math.cos(angle), drift * Math.sin(angle)],
      });
      assertOnly(frames, given, 'gantry-tilt', [...frames.keys()]);
      const found = checkFrames(frames).stack?.tiltInDegrees ?? NaN;
      assertNear([found], [degrees], 'tilt');
    });
  });

  it('is found to have one frame that differs in a field, and nothing else', () => {
    const fault = fc.tuple(
      place,
      fc.constantFrom<[EligibilityCode, Partial<FrameMetadata>]>(
        ['frame-of-reference', { frameOfReferenceUID: '9' }],
        ['series', { seriesInstanceUID: '9' }],
        ['modality', { modality: 'MR' }],
        ['dimensions', { rows: 4 }],
        ['dimensions', { columns: 5 }],
        ['pixel-format', { bitsStored: 16 }],
        ['pixel-format', { pixelRepresentation: 1 }],
        ['pixel-format', { photometricInterpretation: 'MONOCHROME1' }],
        ['pixel-format', { samplesPerPixel: 3 }],
        ['pixel-spacing', { pixelSpacing: [0.8, 0.71] }],
        ['orientation-not-orthonormal', { imageOrientationPatient: [1, 0, 0, 0.5, 0.5, 0] }],
      ),
    );
    forAll(fault, (given, [part, [code, fields]]) => {
      const index = Math.floor(part * given.count);
      const frames = withFrame(syntheticStack(given), index, fields);
      assertOnly(frames, given, code, [index]);
    });
  });

  it('is found to have one frame in another plane, and nothing else', () => {
    forAll(place, (given, part) => {
      const index = Math.floor(part * given.count);
      const [rx, ry, rz, cx, cy, cz] = given.orientation;
      const turned = { imageOrientationPatient: [cx, cy, cz, rx, ry, rz] as const };
      assertOnly(withFrame(syntheticStack(given), index, turned), given, 'orientation', [index]);
    });
  });

  it('is found to have one frame that is moved in its plane, and nothing else', () => {
    forAll(fc.tuple(place, millimetres(0.3, 200)), (given, [part, mm]) => {
      const index = Math.floor(part * given.count);
      const [x, y, z] = given.orientation;
      const frames = syntheticStack(given).map((frame, i) =>
        i === index ? moved(frame, [x * mm, y * mm, z * mm]) : frame,
      );
      assertOnly(frames, given, 'positions-not-in-line', [index]);
    });
  });
});
