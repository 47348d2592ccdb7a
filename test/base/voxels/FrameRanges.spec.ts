import { FrameRanges } from '../../../src/base/voxels/FrameRanges.js';

function measureNothing(frameIndex: number): never {
  throw new Error(`Frame ${frameIndex} is not stale`);
}

describe('FrameRanges', () => {
  it('merges the frames that are written', () => {
    const ranges = new FrameRanges(3, measureNothing);
    expect(ranges.merged()).toBeUndefined();
    ranges.set(2, { min: 5, max: 9 });
    expect(ranges.merged()).toEqual({ min: 5, max: 9 });
    ranges.set(0, { min: -4, max: 6 });
    expect(ranges.merged()).toEqual({ min: -4, max: 9 });
    ranges.set(2, { min: 1, max: 2 });
    expect(ranges.merged()).toEqual({ min: -4, max: 6 });
    ranges.forget(0);
    expect(ranges.merged()).toEqual({ min: 1, max: 2 });
    expect([0, 1, 2].map((index) => ranges.has(index))).toEqual([false, false, true]);
  });

  it('measures a stale frame once, and only when asked', () => {
    const measured: number[] = [];
    const ranges = new FrameRanges(3, (index) => {
      measured.push(index);
      return { min: 10 * index, max: 10 * index + 1 };
    });
    ranges.set(0, { min: 0, max: 0 });
    ranges.set(1, { min: 0, max: 0 });
    ranges.invalidate(1);
    expect(measured).toEqual([]);
    expect(ranges.merged()).toEqual({ min: 0, max: 11 });
    expect(ranges.get(1)).toEqual({ min: 10, max: 11 });
    expect(ranges.get(0)).toEqual({ min: 0, max: 0 });
    expect(measured).toEqual([1]);
  });

  it('does not measure a stale frame that is set or forgotten meanwhile', () => {
    const ranges = new FrameRanges(2, measureNothing);
    ranges.set(0, { min: 1, max: 1 });
    ranges.set(1, { min: 2, max: 2 });
    ranges.invalidate(0);
    ranges.invalidate(1);
    ranges.set(0, { min: 7, max: 8 });
    ranges.forget(1);
    expect(ranges.merged()).toEqual({ min: 7, max: 8 });
  });

  it('leaves a frame without finite values out, which is written all the same', () => {
    const ranges = new FrameRanges(2, () => undefined);
    ranges.set(0, undefined);
    expect(ranges.has(0)).toBe(true);
    expect(ranges.get(0)).toBeUndefined();
    expect(ranges.merged()).toBeUndefined();
    ranges.set(1, { min: 3, max: 4 });
    expect(ranges.merged()).toEqual({ min: 3, max: 4 });
  });

  it('keeps a frame that is not written so when it is invalidated', () => {
    const ranges = new FrameRanges(1, () => ({ min: 0, max: 0 }));
    ranges.invalidate(0);
    expect(ranges.has(0)).toBe(false);
    expect(ranges.merged()).toBeUndefined();
  });
});
