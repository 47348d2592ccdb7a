import { FrameStates, type FrameState } from '../../src/loading/FrameStates.js';

const STATES: readonly FrameState[] = [
  'idle',
  'queued',
  'loading',
  'partial',
  'loaded',
  'failed',
  'absent',
];

/** One frame, brought to a state. */
function frameIn(state: FrameState): FrameStates {
  const states = new FrameStates(1, [], state === 'absent' ? [0] : []);
  if (state !== 'idle' && state !== 'absent') {
    states.enqueue(0);
  }
  if (!['idle', 'queued', 'absent'].includes(state)) {
    states.start(0);
  }
  if (state === 'partial') {
    states.show(0, 3);
  }
  if (state === 'loaded') {
    states.endStep(0, { quality: 8 }, true);
  }
  if (state === 'failed') {
    states.endStep(0, { failure: 'broken' }, true);
  }
  expect(states.get(0)).toBe(state);
  return states;
}

describe('FrameStates', () => {
  it('begins with all frames idle', () => {
    const states = new FrameStates(3);
    expect(STATES.map((state) => states.count(state))).toEqual([3, 0, 0, 0, 0, 0, 0]);
    expect(states.ended).toBe(0);
    expect(states.isComplete).toBe(false);
  });

  const transitions: [string, (states: FrameStates) => void, FrameState[], FrameState][] = [
    ['enqueue', (states) => states.enqueue(0), ['idle'], 'queued'],
    ['start', (states) => states.start(0), ['queued', 'partial'], 'loading'],
    ['show', (states) => states.show(0, 6), ['idle', 'queued', 'loading', 'partial'], 'partial'],
    ['succeed', (states) => states.endStep(0, { quality: 8 }, true), ['loading'], 'loaded'],
    ['fail', (states) => states.endStep(0, { failure: 'new error' }, true), ['loading'], 'failed'],
    ['cancel', (states) => states.cancel(0), ['queued', 'partial', 'loading'], 'idle'],
    ['reset', (states) => states.reset(0), ['failed'], 'idle'],
  ];
  for (const [name, move, legalFrom, to] of transitions) {
    for (const from of STATES) {
      if (legalFrom.includes(from)) {
        it(`${name} takes a frame from ${from} to ${to}`, () => {
          const states = frameIn(from);
          move(states);
          expect(states.get(0)).toBe(to);
          expect(STATES.filter((state) => states.count(state) !== 0)).toEqual([to]);
          expect(states.count(to)).toBe(1);
        });
      } else {
        it(`${name} of a frame that is ${from} throws and changes nothing`, () => {
          const states = frameIn(from);
          const failures = [...states.failures];
          expect(() => move(states)).toThrowError(Error, `Cannot ${name} frame 0: it is ${from}`);
          expect(states.get(0)).toBe(from);
          expect(STATES.filter((state) => states.count(state) !== 0)).toEqual([from]);
          expect([...states.failures]).toEqual(failures);
        });
      }
    }
  }

  it('D2: counts a frame that ends twice once, and completes with the last frame only', () => {
    const states = new FrameStates(10);
    for (let index = 0; index < 9; index++) {
      states.enqueue(index);
      states.start(index);
      if (index === 3) {
        states.endStep(index, { failure: new Error('not found') }, true);
        expect(() => states.endStep(index, { failure: new Error('again') }, true)).toThrowError(
          /it is failed/,
        );
        expect(() => states.endStep(index, { quality: 8 }, true)).toThrowError(/it is failed/);
      } else {
        states.endStep(index, { quality: 8 }, true);
        expect(() => states.endStep(index, { failure: new Error('late') }, true)).toThrowError(
          /it is loaded/,
        );
      }
      expect(states.ended).toBe(index + 1);
      expect(states.isComplete).toBe(false);
    }
    states.enqueue(9);
    states.start(9);
    states.endStep(9, { quality: 8 }, true);
    expect(states.ended).toBe(10);
    expect(states.count('loaded')).toBe(9);
    expect(states.isComplete).toBe(true);
    expect([...states.failures]).toEqual([[3, new Error('not found')]]);
  });

  it('ends a step that is not the last one with what the next one begins from', () => {
    const states = new FrameStates(3);
    for (const sliceIndex of [0, 1, 2]) {
      states.enqueue(sliceIndex);
      states.start(sliceIndex);
    }
    expect(states.endStep(0, { failure: new Error('no answer') }, false)).toBe('queued');
    expect(states.endStep(1, { quality: 3 }, false)).toBe('partial');
    expect(states.endStep(2, { quality: 8 }, false)).toBe('loaded');
    expect([0, 1, 2].map((index) => states.quality(index))).toEqual([undefined, 3, 8]);
    expect(states.failures.size).toBe(0);
    states.start(1);
    expect(states.endStep(1, { quality: 3 }, true)).toBe('loaded');
    expect(states.ended).toBe(2);
  });

  it('keeps each error until its frame is reset', () => {
    const states = new FrameStates(2);
    const error = new Error('not found');
    states.enqueue(1);
    states.start(1);
    states.endStep(1, { failure: error }, true);
    expect(states.failures.get(1)).toBe(error);
    states.reset(1);
    expect(states.failures.size).toBe(0);
    expect(states.ended).toBe(0);
  });

  it('counts absent frames as ended, and needs no others to be loaded', () => {
    const states = new FrameStates(3, [0], [1]);
    expect([states.ended, states.count('loaded'), states.count('absent')]).toEqual([2, 1, 1]);
    expect(states.hasEnded(1)).toBeTrue();
    expect([states.isLoaded, states.isComplete]).toEqual([false, false]);
    states.enqueue(2);
    states.start(2);
    states.endStep(2, { quality: 8 }, true);
    expect([states.isLoaded, states.isComplete]).toEqual([true, true]);
    expect(states.quality(1)).toBeUndefined();
  });

  it('refuses frames that do not exist', () => {
    const states = new FrameStates(2);
    for (const index of [-1, 2, 0.5, Number.NaN]) {
      expect(() => states.get(index)).toThrowError(RangeError);
      expect(() => states.enqueue(index)).toThrowError(RangeError);
    }
    expect(states.count('idle')).toBe(2);
  });
});
