import { frameText, placeOf, timePointText } from '../../../demo/src/time/timeText.js';

describe('placeOf', () => {
  it('finds time point and slice of a frame', () => {
    expect(placeOf(0, 20)).toEqual({ timePoint: 0, slice: 0 });
    expect(placeOf(19, 20)).toEqual({ timePoint: 0, slice: 19 });
    expect(placeOf(45, 20)).toEqual({ timePoint: 2, slice: 5 });
  });
});

describe('frameText', () => {
  it('names the slice, and the time point where there are several', () => {
    expect(frameText(5, 20, 20)).toBe('Slice 6');
    expect(frameText(45, 20, 240)).toBe('Time point 3 · slice 6');
  });
});

describe('timePointText', () => {
  it('counts from 1', () => {
    expect(timePointText(3, 12)).toBe('Time point 3 of 12');
  });
});
