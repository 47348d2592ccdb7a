import {
  centerOut,
  coarseToFine,
  followViewports,
  outwards,
  topToBottom,
} from '../../../src/loading/schedule/frameOrder.js';

describe('centerOut', () => {
  it('begins in the middle and goes to both sides in turn', () => {
    expect(centerOut(5)).toEqual([2, 3, 1, 4, 0]);
    expect(centerOut(4)).toEqual([2, 3, 1, 0]);
    expect(centerOut(2)).toEqual([1, 0]);
    expect(centerOut(1)).toEqual([0]);
    expect(centerOut(0)).toEqual([]);
  });
});

describe('outwards', () => {
  it('begins at the frame that it is given', () => {
    expect(outwards(5, 0)).toEqual([0, 1, 2, 3, 4]);
    expect(outwards(5, 3)).toEqual([3, 4, 2, 1, 0]);
    expect(outwards(3, 9)).toEqual([2, 1, 0]);
    expect(outwards(3, -1)).toEqual([0, 1, 2]);
  });

  it('has each frame once, never a farther one before a nearer', () => {
    for (let count = 1; count < 30; count++) {
      for (let centre = 0; centre < count; centre++) {
        const order = outwards(count, centre);
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

describe('coarseToFine', () => {
  it('has every 16th frame first, then every 8th, 4th and 2nd', () => {
    expect(coarseToFine(34).slice(0, 9)).toEqual([0, 16, 32, 8, 24, 4, 12, 20, 28]);
    expect(coarseToFine(6)).toEqual([0, 4, 2, 1, 3, 5]);
  });

  it('has each frame once', () => {
    expect(coarseToFine(50).sort((a, b) => a - b)).toEqual(topToBottom(50));
  });
});

describe('followViewports', () => {
  const nothing = { slices: [], acrossSlices: false };
  const at = (frameIndex: number, direction: -1 | 0 | 1 = 0, radius = 0) => ({
    frameIndex,
    direction,
    radius,
  });

  it('is centerOut when nobody looks', () => {
    expect(followViewports(9, nothing)).toEqual(centerOut(9));
  });

  it('begins with the slice that is looked at and its neighbours', () => {
    const order = followViewports(100, { slices: [at(70)], acrossSlices: false });
    expect(order.slice(0, 11)).toEqual([70, 71, 69, 72, 68, 73, 67, 74, 66, 75, 65]);
  });

  it('has the neighbours after the coarse steps while nobody scrolls, and before them then', () => {
    const still = followViewports(64, { slices: [at(30, 0, 1)], acrossSlices: true });
    expect(still.slice(0, 6)).toEqual([30, 31, 29, 0, 16, 32]);
    expect(still.slice(19, 24)).toEqual([33, 27, 34, 26, 35]);
    const scrolling = followViewports(64, { slices: [at(30, 1)], acrossSlices: true });
    expect(scrolling.slice(0, 12)).toEqual([30, 31, 32, 33, 34, 35, 36, 37, 38, 0, 16, 48]);
  });

  it('goes on in scroll direction', () => {
    const order = followViewports(100, { slices: [at(70, -1)], acrossSlices: false });
    expect(order.slice(0, 11)).toEqual([70, 69, 68, 67, 66, 65, 64, 63, 62, 71, 72]);
  });

  it('has all slices of a thick slab', () => {
    const order = followViewports(100, { slices: [at(50, 0, 2)], acrossSlices: false });
    expect(order.slice(0, 7)).toEqual([50, 51, 49, 52, 48, 53, 47]);
  });

  it('serves several viewports, the one that moved last first', () => {
    const order = followViewports(100, { slices: [at(10, 1), at(90, -1)], acrossSlices: false });
    expect(order.slice(0, 18)).toEqual([
      10, 11, 12, 13, 14, 15, 16, 17, 18, 90, 89, 88, 87, 86, 85, 84, 83, 82,
    ]);
    expect(order[18]).toBe(9);
  });

  it('has every 16th frame early when somebody looks across the slices', () => {
    const order = followViewports(64, { slices: [], acrossSlices: true });
    expect(order.slice(0, 8)).toEqual([0, 16, 32, 48, 8, 24, 40, 56]);
    expect(order[16]).toBe(33);
  });

  it('has each frame once, whatever is looked at', () => {
    for (const slices of [[at(0, -1)], [at(63, 1, 5)], [at(5), at(5)], [at(200)], [at(-3)]]) {
      for (const acrossSlices of [true, false]) {
        const order = followViewports(64, { slices, acrossSlices });
        expect(order.toSorted((a, b) => a - b)).toEqual(topToBottom(64));
      }
    }
  });
});
