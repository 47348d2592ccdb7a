import { curvePicture } from '../../../demo/src/time/curvePath.js';

const ROOM = { width: 120, height: 60, margin: 10 };

describe('curvePicture', () => {
  it('spreads the time points over the width, and the values over the height', () => {
    const picture = curvePicture([0, 50, 100], ROOM);

    expect(picture?.path).toBe('M10.0 50.0L60.0 30.0L110.0 10.0');
    expect(picture?.lowest).toBe(0);
    expect(picture?.highest).toBe(100);
  });

  it('interrupts the line where a time point is not loaded', () => {
    const picture = curvePicture([0, 100, undefined, 100, 0], ROOM);

    expect(picture?.path).toBe('M10.0 50.0L35.0 10.0M85.0 10.0L110.0 50.0');
    expect(picture?.points.map(({ timePoint }) => timePoint)).toEqual([0, 1, 3, 4]);
  });

  it('draws equal values in the middle', () => {
    expect(curvePicture([7, 7], ROOM)?.path).toBe('M10.0 30.0L110.0 30.0');
    expect(curvePicture([7], ROOM)?.points).toEqual([{ x: 10, y: 30, timePoint: 0 }]);
  });

  it('has no picture without a value', () => {
    expect(curvePicture([], ROOM)).toBeUndefined();
    expect(curvePicture([undefined, undefined], ROOM)).toBeUndefined();
  });
});
