import { FrameStore } from '../../src/base/voxels/FrameStore.js';
import { IDENTITY_RESCALE } from '../../src/base/voxels/rescale.js';
import type { VolumeDataType } from '../../src/base/types.js';
import { interpolateAbsent } from '../../src/loading/fillAbsent.js';
import { FrameStates } from '../../src/loading/FrameStates.js';

describe('interpolateAbsent', () => {
  function framesOf(count: number, absent: readonly number[], dataType: VolumeDataType) {
    const store = new FrameStore({ dataType, frameCount: count, valuesPerFrame: 2, shared: false });
    const states = new FrameStates(count, [], absent);
    const load = (frameIndex: number, ...values: number[]): number[] => {
      states.enqueue(frameIndex);
      states.start(frameIndex);
      store.write(frameIndex, Float32Array.from(values), IDENTITY_RESCALE, 'frame');
      states.endStep(frameIndex, { quality: 8 }, true);
      return interpolateAbsent({ states, store }, frameIndex);
    };
    return { store, states, load };
  }

  it('fills what lies between two loaded frames, by distance', () => {
    const { store, load } = framesOf(6, [1, 2, 4], 'Float32Array');
    expect(load(3, 3, -9)).toEqual([]);
    expect(load(0, 0, 9)).toEqual([1, 2]);
    expect([...store.frame(1), ...store.frame(2)]).toEqual([1, 3, 2, -3]);
    expect(store.getFrameRange(1)).toEqual({ min: 1, max: 3 });
    expect(load(5, 4, 1)).toEqual([4]);
    expect([...store.frame(4)]).toEqual([3.5, -4]);
  });

  it('rounds where the volume holds whole numbers', () => {
    const { store, load } = framesOf(4, [1, 2], 'Int16Array');
    load(0, 0, -10);
    load(3, 10, 0);
    expect([...store.frame(1), ...store.frame(2)]).toEqual([3, -7, 7, -3]);
  });

  it('fills nothing beside a frame that failed', () => {
    const { store, states, load } = framesOf(3, [1], 'Uint8Array');
    states.enqueue(0);
    states.start(0);
    states.endStep(0, { failure: new Error('gone') }, true);
    expect(load(2, 1, 2)).toEqual([]);
    expect(store.isWritten(1)).toBeFalse();
  });
});
