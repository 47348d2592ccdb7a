import { describeVolume } from '../../src/geometry/describeVolume.js';
import { seededRandom, shuffled } from '../support/seededRandom.js';
import { randomOrientation, syntheticFrame, syntheticStack } from '../support/syntheticFrames.js';

function expectNear(
  actual: readonly number[],
  expected: readonly number[],
  tolerance: number,
): void {
  expect(actual.length).toBe(expected.length);
  const worst = Math.max(...actual.map((value, i) => Math.abs(value - (expected[i] ?? NaN))));
  expect(worst).toBeLessThan(tolerance);
}

describe('describeVolume', () => {
  it('describes an axial stack that is given in reverse', () => {
    const { geometry, order } = describeVolume(syntheticStack({ count: 4 }).reverse());
    expect(geometry).toEqual({
      dimensions: [4, 3, 4],
      spacing: [0.7, 0.8, 2.5],
      origin: [-100, -120, 50],
      direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
    });
    expect(order).toEqual([3, 2, 1, 0]);
  });

  it('gives back any rotation, spacing and origin from any order, to 1e-6 mm', () => {
    const random = seededRandom(42);
    for (let round = 0; round < 200; round++) {
      const count = 2 + Math.floor(random() * 60);
      const orientation = randomOrientation(random);
      const sliceSpacing = 0.1 + random() * 9;
      const origin = [random() * 1000 - 500, random() * 1000 - 500, random() * 1000 - 500] as const;
      const stack = syntheticStack({ count, orientation, sliceSpacing, origin });
      const given = shuffled(stack, random);
      const before = [...given];

      const { geometry, order } = describeVolume(given);

      expect(given).toEqual(before);
      expect(order.map((index) => given[index]?.imageId)).toEqual(stack.map((f) => f.imageId));
      expect(geometry.dimensions).toEqual([4, 3, count]);
      expectNear(geometry.spacing, [0.7, 0.8, sliceSpacing], 1e-6);
      expectNear(geometry.origin, origin, 1e-6);
      expectNear(geometry.direction.slice(0, 6), orientation, 1e-12);
      const normal = geometry.direction.slice(6);
      const last = stack.at(-1)?.imagePositionPatient ?? [];
      expectNear(
        origin.map((mm, axis) => mm + (count - 1) * geometry.spacing[2] * (normal[axis] ?? NaN)),
        last,
        1e-6,
      );
    }
  });

  it('takes the mean of unequal distances', () => {
    const frames = [0, 6.958, 14.029, 21].map((z) =>
      syntheticFrame({ imagePositionPatient: [0, 0, z] }),
    );
    expect(describeVolume(frames).geometry.spacing[2]).toBeCloseTo(7, 12);
  });

  it('makes the normal a unit vector where the cosines are rounded', () => {
    const stack = syntheticStack({
      fields: { imageOrientationPatient: [1, 0, 0, 0, 0.6, 0.8004] },
    });
    const [x, y, z] = describeVolume(stack).geometry.direction.slice(6) as [number, number, number];
    expect(Math.hypot(x, y, z)).toBeCloseTo(1, 15);
  });

  it('refuses fewer than two frames', () => {
    expect(() => describeVolume([])).toThrowError(TypeError, 'Expected at least 2 frames, got 0');
    expect(() => describeVolume([syntheticFrame()])).toThrowError(TypeError);
  });
});
