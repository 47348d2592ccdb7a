import { RetrievePlan, stagePositions } from '../../../src/loading/schedule/ProgressivePlan.js';

describe('stagePositions', () => {
  it('takes indices, parts of the way and places from the end', () => {
    expect(stagePositions(21, { positions: [0.5, 0, -1, 3] })).toEqual([10, 0, 20, 3]);
  });

  it('names each frame once', () => {
    expect(stagePositions(2, { positions: [0.5, 0, -1, 1] })).toEqual([0, 1]);
  });

  it('takes every so many frames from an offset on', () => {
    expect(stagePositions(11, { decimate: 4, offset: 3 })).toEqual([3, 7]);
    expect(stagePositions(3, {})).toEqual([0, 1, 2]);
    expect(stagePositions(3, { decimate: 4, offset: 3 })).toEqual([]);
  });

  for (const positions of [[3], [-4], [1.5], [Number.NaN]]) {
    it(`refuses position ${String(positions[0])} of 3 frames`, () => {
      expect(() => stagePositions(3, { id: 'first', positions })).toThrowError(
        TypeError,
        `Expected positions of stage first to be those of 3 frames, got ${String(positions[0])}`,
      );
    });
  }

  it('refuses a decimation that would never end', () => {
    expect(() => stagePositions(3, { id: 'half', decimate: 0 })).toThrowError(
      TypeError,
      /stage half .* got 0 and 0/,
    );
  });
});

describe('RetrievePlan', () => {
  it('requests each frame once where there are no stages', () => {
    const plan = new RetrievePlan(3);
    expect(plan.hasStages).toBeFalse();
    expect(plan.order()).toEqual([0, 1, 2]);
    expect(plan.stage(1)).toBeUndefined();
    expect(plan.isLastStep(1)).toBeTrue();
  });

  it('orders frames by type, priority, stage and place within the stage', () => {
    const plan = new RetrievePlan(8, [
      { id: 'prefetched', positions: [0, 1], priority: 1 },
      { id: 'later', positions: [7, 2], requestType: 'thumbnail', priority: 9 },
      { id: 'sooner', positions: [5, 4], requestType: 'thumbnail', priority: 3 },
      { id: 'also sooner', positions: [3], requestType: 'thumbnail', priority: 3 },
    ]);
    expect(plan.order()).toEqual([5, 4, 3, 7, 2, 0, 1, 6]);
    expect(plan.stage(6)).toBeUndefined();
  });

  it('goes from step to step, and stays at the last', () => {
    const stages = [
      { id: 'first', positions: [1], priority: 1 },
      { id: 'all', priority: 2 },
      { id: 'rest', positions: [1, 2], priority: 3 },
    ];
    const plan = new RetrievePlan(3, stages);
    expect(plan.order()).toEqual([1, 0, 2]);
    expect(plan.stage(1)).toBe(stages[0]);
    expect(plan.isLastStep(0)).toBeTrue();
    plan.advance(1);
    expect(plan.stage(1)).toBe(stages[1]);
    expect(plan.order()).toEqual([0, 1, 2]);
    plan.advance(1);
    expect(plan.stage(1)).toBe(stages[2]);
    expect(plan.order()).toEqual([0, 2, 1]);
    expect(plan.isLastStep(1)).toBeTrue();
    plan.advance(1);
    expect(plan.stage(1)).toBe(stages[2]);
  });
});
