import { centerOut, topToBottom } from '../../src/frames/frameOrder.js';

describe('centerOut', () => {
  it('begins in the middle and goes to both sides in turn', () => {
    expect(centerOut(5)).toEqual([2, 3, 1, 4, 0]);
    expect(centerOut(4)).toEqual([2, 3, 1, 0]);
    expect(centerOut(2)).toEqual([1, 0]);
    expect(centerOut(1)).toEqual([0]);
    expect(centerOut(0)).toEqual([]);
  });

  it('begins at the frame that is looked at', () => {
    expect(centerOut(5, 0)).toEqual([0, 1, 2, 3, 4]);
    expect(centerOut(5, 3)).toEqual([3, 4, 2, 1, 0]);
    expect(centerOut(3, 9)).toEqual([2, 1, 0]);
    expect(centerOut(3, -1)).toEqual([0, 1, 2]);
  });

  it('has each frame once, never a farther one before a nearer', () => {
    for (let count = 1; count < 30; count++) {
      for (let centre = 0; centre < count; centre++) {
        const order = centerOut(count, centre);
        expect([...order].sort((a, b) => a - b)).toEqual(topToBottom(count));
        const distances = order.map((index) => Math.abs(index - centre));
        expect(distances).toEqual([...distances].sort((a, b) => a - b));
      }
    }
  });
});

describe('topToBottom', () => {
  it('counts up', () => {
    expect(topToBottom(4)).toEqual([0, 1, 2, 3]);
    expect(topToBottom(0)).toEqual([]);
  });
});
