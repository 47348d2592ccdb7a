import { Enums } from '@cornerstonejs/core';
import { FrameStates } from '../../../src/loading/FrameStates.js';
import { ProgressivePlan, stagePositions } from '../../../src/loading/schedule/ProgressivePlan.js';
import type { RetrieveStage } from '../../../src/loading/schedule/ProgressivePlan.js';

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

describe('ProgressivePlan', () => {
  function planOf(count: number, stages?: readonly RetrieveStage[]) {
    const states = new FrameStates(count);
    const imageIds = Array.from({ length: count }, (_, index) => `plan:${index}`);
    const load = { volumeId: 'plan', imageIds, states, frameOrder: undefined, priority: 5 };
    const plan = new ProgressivePlan(load, { stages, retrieveOptions: {} });
    return { plan, states };
  }

  const NOTHING = { slices: [], acrossSlices: false };
  const type = (plan: ProgressivePlan, sliceIndex: number): unknown =>
    plan.retrieval(sliceIndex)?.retrieveType;

  it('requests each frame once where there are no stages, from the middle outwards', () => {
    const { plan } = planOf(3);
    expect(plan.order(NOTHING)).toEqual([1, 2, 0]);
    expect(plan.slot(1)).toEqual({ requestType: Enums.RequestType.Prefetch, priority: 5 });
    expect(type(plan, 1)).toBe('single');
    expect(plan.isLastStep(1)).toBeTrue();
  });

  it('orders frames by type, priority, stage and place within the stage', () => {
    const { plan } = planOf(8, [
      { id: 'prefetched', positions: [0, 1], priority: 1 },
      { id: 'later', positions: [7, 2], requestType: 'thumbnail', priority: 9 },
      { id: 'sooner', positions: [5, 4], requestType: 'thumbnail', priority: 3 },
      { id: 'also sooner', positions: [3], requestType: 'thumbnail', priority: 3 },
    ]);
    expect(plan.order(NOTHING)).toEqual([5, 4, 3, 7, 2, 0, 1, 6]);
    expect(plan.slot(7)).toEqual({ requestType: Enums.RequestType.Thumbnail, priority: 9 });
    expect(plan.slot(6).priority).toBe(5);
  });

  it('goes from step to step, and stays at the last', () => {
    const { plan } = planOf(3, [
      { positions: [1], priority: 1, retrieveType: 'first' },
      { priority: 2, retrieveType: 'all' },
      { positions: [1, 2], priority: 3, retrieveType: 'rest' },
    ]);
    expect(plan.order(NOTHING)).toEqual([1, 0, 2]);
    expect(type(plan, 1)).toBe('first');
    expect(plan.isLastStep(0)).toBeTrue();
    plan.advance(1);
    expect(type(plan, 1)).toBe('all');
    expect(plan.order(NOTHING)).toEqual([0, 1, 2]);
    plan.advance(1);
    expect(type(plan, 1)).toBe('rest');
    expect(plan.order(NOTHING)).toEqual([0, 2, 1]);
    expect(plan.isLastStep(1)).toBeTrue();
    plan.advance(1);
    expect(type(plan, 1)).toBe('rest');
  });

  it('keeps what a response leaves for the next part until the frame has ended', () => {
    const { plan, states } = planOf(1, [{ retrieveType: 'lossy' }, { retrieveType: 'final' }]);
    const first = plan.retrieval(0)?.streamingData;
    plan.advance(0);
    expect(plan.retrieval(0)?.streamingData).toBe(first);
    states.take(0);
    plan.advance(0);
    expect(plan.retrieval(0)?.streamingData).not.toBe(first);
    expect(plan.order(NOTHING)).toEqual([]);
  });
});
