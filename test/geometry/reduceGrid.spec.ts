import {
  boxOfWorld,
  decimationThatFits,
  keptDimensions,
  reduceGeometry,
  wholeBox,
} from '../../src/geometry/reduceGrid.js';
import type { Box, Decimation } from '../../src/geometry/reduceGrid.js';
import type { Vector3, VolumeGeometry } from '../../src/base/types.js';

/** Rotated about two axes, so that no axis is one of the patient. */
const [C, S, C2, S2] = [Math.cos(0.4), Math.sin(0.4), Math.cos(1.1), Math.sin(1.1)];
const OBLIQUE: VolumeGeometry = {
  dimensions: [13, 9, 7],
  spacing: [0.7, 0.8, 2.5],
  origin: [-31.25, 12.5, 100.125],
  direction: [C, S, 0, -S * C2, C * C2, S2, S * S2, -C * S2, C2],
};
const AXIAL: VolumeGeometry = {
  dimensions: [10, 8, 6],
  spacing: [0.5, 1, 2],
  origin: [-10, -20, 5],
  direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
};

/** The centre of a voxel, written out. */
function centre({ origin, spacing, direction }: VolumeGeometry, [i, j, k]: Vector3): number[] {
  const d = (place: number): number => direction[place] as number;
  return [0, 1, 2].map(
    (axis) =>
      (origin[axis] as number) +
      i * spacing[0] * d(axis) +
      j * spacing[1] * d(3 + axis) +
      k * spacing[2] * d(6 + axis),
  );
}

describe('reduceGeometry', () => {
  it('lets each voxel that is kept lie where it lies in the whole volume', () => {
    const box: Box = [
      [2, 12],
      [1, 6],
      [3, 6],
    ];
    const decimation: Decimation = [3, 2, 2];
    const reduced = reduceGeometry(OBLIQUE, { box, decimation });
    expect(reduced.dimensions).toEqual([4, 3, 2]);
    for (const place of [
      [0, 0, 0],
      [3, 2, 1],
      [1, 2, 0],
    ] as const) {
      const inWhole: Vector3 = [2 + 3 * place[0], 1 + 2 * place[1], 3 + 2 * place[2]];
      const distances = centre(reduced, place).map(
        (at, axis) => at - (centre(OBLIQUE, inWhole)[axis] as number),
      );
      expect(Math.hypot(...distances)).toBeLessThan(1e-9);
    }
  });

  it('keeps the first of the last voxels where a step does not divide a size', () => {
    const box = wholeBox(AXIAL);
    expect(keptDimensions({ box, decimation: [3, 3, 4] })).toEqual([4, 3, 2]);
    expect(keptDimensions({ box, decimation: [100, 8, 6] })).toEqual([1, 1, 1]);
  });
});

describe('boxOfWorld', () => {
  it('has the voxels whose centres lie in the box, both ends included', () => {
    expect(
      boxOfWorld(AXIAL, [
        [-9, -7.5],
        [-17.2, -13],
        [7, 10.9],
      ]),
    ).toEqual([
      [2, 5],
      [3, 7],
      [1, 2],
    ]);
  });

  it('takes what lies beyond the volume for its end, and nothing beside the volume', () => {
    const all = [-Infinity, Infinity] as const;
    expect(boxOfWorld(AXIAL, [[-1000, 1000], [-19, -18], all])).toEqual([
      [0, 9],
      [1, 2],
      [0, 5],
    ]);
    const wide = [-100, 100] as const;
    expect(boxOfWorld(AXIAL, [wide, wide, [15.1, 17]])).toBeUndefined();
    expect(boxOfWorld(AXIAL, [wide, wide, [7.1, 8.9]])).toBeUndefined();
  });

  it('has every voxel of an oblique volume whose centre lies in the box', () => {
    const [x, y, z] = centre(OBLIQUE, [6, 4, 3]) as [number, number, number];
    const world: Box = [
      [x - 1.5, x + 1.5],
      [y - 1.2, y + 1.2],
      [z - 3, z + 3],
    ];
    const box = boxOfWorld(OBLIQUE, world) as Box;
    const inside: Vector3[] = [];
    for (let k = 0; k < 7; k++) {
      for (let j = 0; j < 9; j++) {
        for (let i = 0; i < 13; i++) {
          const isIn = centre(OBLIQUE, [i, j, k]).every((at, axis) => {
            const [min, max] = world[axis] as Box[0];
            return at >= min && at <= max;
          });
          if (isIn) {
            inside.push([i, j, k]);
          }
        }
      }
    }
    expect(inside.length).toBeGreaterThan(3);
    for (const voxel of inside) {
      voxel.forEach((at, axis) => {
        const [min, max] = box[axis] as Box[0];
        expect(at).toBeGreaterThanOrEqual(min);
        expect(at).toBeLessThanOrEqual(max);
      });
    }
    expect(keptDimensions({ box, decimation: [1, 1, 1] }).every((size) => size < 13)).toBeTrue();
  });
});

describe('decimationThatFits', () => {
  const kept = (
    dimensions: readonly [number, number, number],
    decimation: Decimation = [1, 1, 1],
  ) => ({
    box: wholeBox({ ...AXIAL, dimensions }),
    decimation,
  });
  const atMost =
    (voxels: number) =>
    ([columns, rows, slices]: readonly [number, number, number]): boolean =>
      columns * rows * slices <= voxels;

  it('raises the factor of the finest voxels first, columns and rows together', () => {
    expect(decimationThatFits(kept([100, 100, 100]), [1, 1, 1], atMost(250_000))).toEqual([
      2, 2, 1,
    ]);
    expect(decimationThatFits(kept([100, 100, 100]), [1, 1, 0.25], atMost(250_000))).toEqual([
      1, 1, 4,
    ]);
  });

  it('leaves no factor that could be lower', () => {
    for (const voxels of [999_999, 400_000, 120_000, 7000, 50, 1]) {
      const fits = atMost(voxels);
      const found = decimationThatFits(kept([100, 90, 80]), [0.7, 0.7, 1.1], fits) as Decimation;
      const { box } = kept([100, 90, 80]);
      expect(fits(keptDimensions({ box, decimation: found }))).toBeTrue();
      for (const axis of [0, 1, 2] as const) {
        const lower = found.map((factor, at) => (at === axis ? factor - 1 : factor));
        const isPossible = lower.every((factor) => factor >= 1);
        const decimation = lower as unknown as Decimation;
        expect(isPossible && fits(keptDimensions({ box, decimation }))).toBeFalse();
      }
    }
  });

  it('begins with the factors that are asked for, and keeps them where they fit', () => {
    expect(decimationThatFits(kept([100, 100, 100], [2, 2, 5]), [1, 1, 1], atMost(50_000))).toEqual(
      [2, 2, 5],
    );
    const fits = ([columns]: readonly number[]): boolean => (columns as number) <= 20;
    expect(decimationThatFits(kept([100, 10, 10], [2, 1, 1]), [1, 1, 1], fits)).toEqual([5, 1, 1]);
  });

  it('finds nothing where no voxel fits', () => {
    expect(decimationThatFits(kept([10, 10, 10]), [1, 1, 1], atMost(0))).toBeUndefined();
  });
});
