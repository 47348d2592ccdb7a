import type { Orientation, Vector3 } from '../../src/base/types.js';
import { describeVolume } from '../../src/geometry/describeVolume.js';
import {
  angleInDegrees,
  placeFrames,
  planeAxes,
  pointAlong,
} from '../../src/geometry/planeAxes.js';
import { resampleStack } from '../../src/geometry/resampleStack.js';
import { syntheticFrame } from '../support/syntheticFrames.js';

/** About 30 degrees around two axes: no cosine is a number of few bits. */
const OBLIQUE: Orientation = (() => {
  const [a, b] = [0.5236, 0.3491];
  return [
    Math.cos(a),
    Math.sin(a),
    0,
    -Math.sin(a) * Math.cos(b),
    Math.cos(a) * Math.cos(b),
    Math.sin(b),
  ];
})();

/** Single precision has steps of 1e-3 mm there. */
const FAR: Vector3 = [1e4, -1e4, 1e4];
const STEP_IN_MM = 1e-7;
/** A few units in the last place of a double at 1e4. */
const PRECISION_IN_MM = 1e-11;

describe('vectors in double precision', () => {
  const { normal } = planeAxes(OBLIQUE);

  it('make the normal a unit vector of plain numbers', () => {
    expect(Array.isArray(normal)).toBe(true);
    expect(Math.abs(Math.hypot(...normal) - 1)).toBeLessThan(1e-15);
  });

  it('place points that are 1e-7 mm apart, 1e4 mm from the origin', () => {
    const point = pointAlong(FAR, normal, STEP_IN_MM);

    expect(Array.isArray(point)).toBe(true);
    normal.forEach((cosine, axis) => {
      const movedInMm = (point[axis] ?? NaN) - (FAR[axis] ?? NaN);
      expect(Math.abs(movedInMm - cosine * STEP_IN_MM)).toBeLessThan(PRECISION_IN_MM);
    });
  });

  it('tell frames apart whose positions differ by 1e-7 mm', () => {
    const frames = [0, 2, 1].map((steps) =>
      syntheticFrame({
        imagePositionPatient: pointAlong(FAR, normal, steps * STEP_IN_MM),
        imageOrientationPatient: OBLIQUE,
      }),
    );

    const placed = placeFrames(frames, OBLIQUE);

    expect(placed.map(({ sourceIndex }) => sourceIndex)).toEqual([0, 2, 1]);
    placed.forEach(({ along, inPlane }, steps) => {
      expect(Math.abs(along - steps * STEP_IN_MM)).toBeLessThan(PRECISION_IN_MM);
      expect(Math.hypot(...inPlane)).toBeLessThan(PRECISION_IN_MM);
    });
  });

  it('measure the spacing of a volume far from the origin to 1e-11 mm', () => {
    const spacingInMm = 1.25 + STEP_IN_MM;
    const frames = Array.from({ length: 5 }, (_, slice) =>
      syntheticFrame({
        imagePositionPatient: pointAlong(FAR, normal, slice * spacingInMm),
        imageOrientationPatient: OBLIQUE,
      }),
    );

    const { geometry } = describeVolume(frames);
    const resampled = resampleStack(frames, {
      spacingInMm,
      inPlaceInMm: 0,
      samePositionInPixels: 0.01,
      isSheared: false,
    });

    expect(Math.abs(geometry.spacing[2] - spacingInMm)).toBeLessThan(PRECISION_IN_MM);
    resampled.slices.forEach(({ position }, slice) => {
      const expected = pointAlong(FAR, normal, slice * spacingInMm);
      position.forEach((mm, axis) => {
        expect(Math.abs(mm - (expected[axis] ?? NaN))).toBeLessThan(PRECISION_IN_MM);
      });
    });
  });

  it('measure angles of a millionth of a degree, which an arc cosine takes for 0', () => {
    const degrees = 1e-6;
    const radians = (degrees * Math.PI) / 180;

    const angle = angleInDegrees([1, 0, 0], [Math.cos(radians), Math.sin(radians), 0]);

    expect(Math.abs(angle - degrees)).toBeLessThan(1e-15);
  });
});
