import { resampleStack } from '../../src/geometry/resampleStack.js';
import type { FrameMetadata } from '../../src/base/types.js';
import { syntheticFrame } from '../support/syntheticFrames.js';

const OPTIONS = {
  spacingInMm: 2,
  inPlaceInMm: 0.015,
  samePositionInPixels: 0.01,
  isSheared: false,
};

function framesAt(...positions: [number, number, number][]): FrameMetadata[] {
  return positions.map((imagePositionPatient, index) =>
    syntheticFrame({ imageId: `synthetic:${index}`, imagePositionPatient }),
  );
}

describe('resampleStack', () => {
  it('lays a grid from the first frame to the last, and names the frames beside each slice', () => {
    const frames = framesAt([1, 2, 9], [1, 2, 1], [1, 2, 3.01], [1, 2, 6], [1, 2, 6]);
    const { geometry, slices, leftOut, worstOffsetInMm } = resampleStack(frames, OPTIONS);
    expect(geometry.dimensions).toEqual([4, 3, 5]);
    expect(geometry.spacing).toEqual([0.7, 0.8, 2]);
    expect(geometry.origin).toEqual([1, 2, 1]);
    expect(slices.map(({ position }) => position[2])).toEqual([1, 3, 5, 7, 9]);
    const parts = slices.map(({ sources }) =>
      sources.map(({ sourceIndex, weight }) => [sourceIndex, Number(weight.toFixed(6))]),
    );
    expect(parts).toEqual([
      [[1, 1]],
      [[2, 1]],
      [
        [2, 0.334448],
        [3, 0.665552],
      ],
      [
        [3, 0.666667],
        [0, 0.333333],
      ],
      [[0, 1]],
    ]);
    expect(slices.map(({ isFrame }) => isFrame)).toEqual([true, true, false, false, true]);
    expect(leftOut).toEqual([4]);
    expect(worstOffsetInMm).toBeCloseTo(0.01, 9);
  });

  it('fits the distance between slices so that the last frame has one', () => {
    const { geometry, slices } = resampleStack(
      framesAt([0, 0, 0], [0, 0, 2], [0, 0, 6.6]),
      OPTIONS,
    );
    expect(geometry.dimensions[2]).toBe(4);
    expect(geometry.spacing[2]).toBeCloseTo(2.2, 9);
    expect(slices.at(-1)?.sources).toEqual([{ sourceIndex: 2, weight: 1, shift: [0, 0] }]);
  });

  it('makes an upright box around all frames of a sheared stack', () => {
    // 1.2 mm along a column of 0.8 mm, and back 0.35 mm along a row of 0.7 mm, for each slice.
    const frames = framesAt([10, 5, 0], [9.65, 6.2, 2], [9.3, 7.4, 4]);
    const { geometry, slices } = resampleStack(frames, { ...OPTIONS, isSheared: true });
    expect(geometry.dimensions).toEqual([5, 6, 3]);
    expect(geometry.origin.map((mm) => Number(mm.toFixed(9)))).toEqual([9.3, 5, 0]);
    const shifts = slices.map(({ sources }) =>
      sources.map(({ shift }) => shift.map((pixels) => Number(pixels.toFixed(9)))),
    );
    expect(shifts).toEqual([[[1, 0]], [[0.5, 1.5]], [[0, 3]]]);
    expect(slices.every(({ isFrame }) => !isFrame)).toBeTrue();
    expect(slices[2]?.position[0]).toBeCloseTo(9.3, 9);
    expect(slices[2]?.position[1]).toBeCloseTo(5, 9);
  });

  it('does not take less than two frames', () => {
    expect(() => resampleStack(framesAt([0, 0, 0]), OPTIONS)).toThrowError(TypeError, /at least 2/);
  });
});
