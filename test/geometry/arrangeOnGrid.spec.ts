import type { FrameMetadata, Orientation } from '../../src/base/types.js';
import { arrangeOnGrid } from '../../src/geometry/describeVolume.js';
import { syntheticFrame } from '../support/syntheticFrames.js';

// A right angle whose cosine and sine are exact; its normal is (0, -0.6, 0.8).
const OBLIQUE: Orientation = [1, 0, 0, 0, 0.8, 0.6];

function framesAt(places: readonly number[]): FrameMetadata[] {
  return places.map((place, index) =>
    syntheticFrame({
      imageId: `synthetic:${index}`,
      imageOrientationPatient: OBLIQUE,
      imagePositionPatient: [7, -0.6 * place, 0.8 * place],
    }),
  );
}

describe('arrangeOnGrid', () => {
  it('begins at the first frame along the normal and ends at the last', () => {
    const { slices, geometry, leftOut, worstOffsetInMm } = arrangeOnGrid(
      framesAt([10, 0, 4, 2]),
      2,
    );
    expect(slices).toEqual([1, 3, 2, undefined, undefined, 0]);
    expect(geometry.dimensions).toEqual([4, 3, 6]);
    expect(geometry.spacing).toEqual([0.7, 0.8, 2]);
    expect(geometry.origin).toEqual([7, -0, 0]);
    expect(geometry.direction.slice(6).map((cosine) => Number(cosine.toFixed(9)))).toEqual([
      0, -0.6, 0.8,
    ]);
    expect(leftOut).toEqual([]);
    expect(worstOffsetInMm).toBeCloseTo(0, 9);
  });

  it('gives a place to the nearest frame, and to the first given of equally near ones', () => {
    const { slices, leftOut, worstOffsetInMm } = arrangeOnGrid(
      framesAt([0, 2.6, 2.2, 4, 4, 6.4]),
      2,
    );
    expect(slices).toEqual([0, 2, 3, 5]);
    expect(leftOut).toEqual([1, 4]);
    expect(worstOffsetInMm).toBeCloseTo(0.4, 9);
  });

  it('does not take an empty list', () => {
    expect(() => arrangeOnGrid([], 2)).toThrowError(TypeError, /at least 1 frame/);
  });
});
