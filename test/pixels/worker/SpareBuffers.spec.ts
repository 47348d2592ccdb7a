import { SpareBuffers } from '../../../src/pixels/worker/FrameWorkerPool.js';

describe('SpareBuffers', () => {
  it('gives memory of the size that is asked for, each only once', () => {
    const spare = new SpareBuffers();
    expect(spare.take(8)).toBeUndefined();
    const buffers = [new ArrayBuffer(8), new ArrayBuffer(8)];
    buffers.forEach((buffer) => {
      spare.give(buffer);
    });
    const taken = new Set([spare.take(8), spare.take(8)]);
    expect(taken).toEqual(new Set(buffers));
    expect(spare.take(8)).toBeUndefined();
  });

  it('keeps nothing of a series whose frames have another size', () => {
    const spare = new SpareBuffers();
    spare.give(new ArrayBuffer(8));
    spare.give(new ArrayBuffer(8));
    expect(spare.take(16)).toBeUndefined();
    expect(spare.take(8)).toBeUndefined();
  });

  it('keeps nothing that was cleared', () => {
    const spare = new SpareBuffers();
    spare.give(new ArrayBuffer(8));
    spare.clear();
    expect(spare.take(8)).toBeUndefined();
  });
});
