import { allocatedBytes } from '../../support/allocatedBytes.js';
import { ResponseMemory } from '../../../src/pixels/worker/ResponseMemory.js';

describe('ResponseMemory', () => {
  it('holds the pieces of a response, one after the other, also when they are more than was thought', () => {
    const memory = new ResponseMemory();
    memory.begin(1);
    const piece = new Uint8Array(3000).map((_, i) => i % 251);
    memory.append(piece);
    memory.append(piece.subarray(0, 2));
    memory.append(piece);
    memory.append(piece);
    expect(memory.bytes.length).toBe(9002);
    expect([0, 2999, 3000, 3001, 3002, 9001].map((i) => memory.bytes[i])).toEqual([
      0,
      2999 % 251,
      0,
      1,
      0,
      2999 % 251,
    ]);
  });

  it('is used again for the next response', () => {
    const memory = new ResponseMemory();
    memory.begin(8);
    memory.append(new Uint8Array([1, 2, 3]));
    const { buffer } = memory.bytes;
    memory.begin(8);
    expect(memory.bytes.length).toBe(0);
    memory.append(new Uint8Array([4]));
    expect(memory.bytes).toEqual(new Uint8Array([4]));
    expect(memory.bytes.buffer).toBe(buffer);
  });

  it('drops memory that a response was far too long for, and keeps that of a frame', () => {
    const memory = new ResponseMemory();
    memory.begin(1000);
    memory.append(new Uint8Array(1000));
    const { buffer } = memory.bytes;
    memory.trim(1000);
    memory.begin(1000);
    expect(memory.bytes.buffer).toBe(buffer);
    memory.append(new Uint8Array(1e6));
    memory.trim(1000);
    expect(memory.bytes.buffer.byteLength).toBe(0);
    memory.begin(1000);
    memory.append(Uint8Array.of(1, 2));
    expect([...memory.bytes]).toEqual([1, 2]);
  });

  it('allocates no more for a frame than is read of a response', () => {
    const memory = new ResponseMemory();
    const allocated = allocatedBytes(() => {
      memory.begin(65_535 * 65_535 * 2, 1000);
    });
    expect(allocated).toBeLessThan(10_000);
  });
});
