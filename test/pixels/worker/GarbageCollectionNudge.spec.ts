import { GarbageCollectionNudge } from '../../../src/pixels/worker/ResponseMemory.js';

const MIB = 2 ** 20;

describe('GarbageCollectionNudge', () => {
  const PageArrayBuffer = window.ArrayBuffer;
  let allocated: number[];
  let pressure: GarbageCollectionNudge;

  beforeEach(() => {
    allocated = [];
    pressure = new GarbageCollectionNudge();
    window.ArrayBuffer = function allocate(length: number) {
      allocated.push(length);
      return {};
    } as unknown as typeof ArrayBuffer;
  });

  afterEach(() => {
    window.ArrayBuffer = PageArrayBuffer;
  });

  it('makes 8 MiB of garbage count as the 64 MiB that the collector waits for', () => {
    for (let received = 0; received < 8; received += 0.5) {
      pressure.add(0.5 * MIB);
    }
    expect(allocated).toEqual([28 * MIB, 28 * MIB]);
  });

  it('takes nothing for a few small frames', () => {
    for (let frame = 0; frame < 20; frame++) {
      pressure.add(0.1 * MIB);
    }
    expect(allocated).toEqual([]);
  });

  it('does without where there is no memory', () => {
    window.ArrayBuffer = function refuse() {
      throw new RangeError('Array buffer allocation failed');
    } as unknown as typeof ArrayBuffer;
    expect(() => {
      pressure.add(4 * MIB);
    }).not.toThrow();
  });
});
