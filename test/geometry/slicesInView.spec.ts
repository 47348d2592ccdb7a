import { slicesInView } from '../../src/geometry/planeAxes.js';
import type { Vector3, VolumeGeometry } from '../../src/base/types.js';

describe('slicesInView', () => {
  /** 100 slices of 2 mm along the patient's y axis, each 50 x 50 mm. */
  const coronal: VolumeGeometry = {
    dimensions: [100, 50, 100],
    spacing: [0.5, 1, 2],
    origin: [-25, 10, 25],
    direction: [1, 0, 0, 0, 0, -1, 0, 1, 0],
  };

  function look(focalPoint: Vector3, viewPlaneNormal: Vector3, slabThicknessInMm = 0) {
    return slicesInView(coronal, { focalPoint, viewPlaneNormal, slabThicknessInMm });
  }

  it('finds the slice at the focal point, from either side', () => {
    expect(look([0, 10 + 2 * 42, 3], [0, 1, 0])).toEqual({ sliceIndex: 42, radius: 0 });
    expect(look([9, 10 + 2 * 42.4, 3], [0, -3, 0])).toEqual({ sliceIndex: 42, radius: 0 });
  });

  it('takes the end for a point beyond it', () => {
    expect(look([0, -500, 0], [0, 1, 0])?.sliceIndex).toBe(0);
    expect(look([0, 500, 0], [0, 1, 0])?.sliceIndex).toBe(99);
  });

  it('reaches as far as the slab', () => {
    expect(look([0, 110, 0], [0, 1, 0], 0.05)?.radius).toBe(0);
    expect(look([0, 110, 0], [0, 1, 0], 12)).toEqual({ sliceIndex: 50, radius: 3 });
  });

  it('reaches as far as a tilted plane within the slices', () => {
    const degrees = (angle: number): Vector3 => [
      0,
      Math.cos((angle * Math.PI) / 180),
      Math.sin((angle * Math.PI) / 180),
    ];
    // Half the diagonal is 35.4 mm; at 10 degrees that is 6.2 mm, 3 slices.
    expect(look([0, 110, 0], degrees(10))).toEqual({ sliceIndex: 50, radius: 3 });
    expect(look([0, 110, 0], degrees(-10))).toEqual({ sliceIndex: 50, radius: 3 });
    expect(look([0, 110, 0], degrees(60))).toBeUndefined();
  });

  it('finds none for planes across the slices', () => {
    expect(look([0, 110, 0], [1, 0, 0])).toBeUndefined();
    expect(look([0, 110, 0], [0, 0, 1])).toBeUndefined();
  });
});
