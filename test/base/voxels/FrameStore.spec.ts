import { isStreamingVolumeError, type StreamingVolumeErrorCode } from '../../../src/base/errors.js';
import { FrameStore } from '../../../src/base/voxels/FrameStore.js';
import type { LinearRescale, PixelArray, VolumeDataType } from '../../../src/base/types.js';

const SAME: LinearRescale = { slope: 1, intercept: 0 };

function storeOf(dataType: VolumeDataType, valuesPerFrame = 4, frameCount = 3): FrameStore {
  return new FrameStore({ dataType, frameCount, valuesPerFrame, shared: false });
}

/** Writes into a frame that holds 7s already, and checks that a failure leaves them there. */
function expectRefused(
  dataType: VolumeDataType,
  pixels: PixelArray,
  rescale: LinearRescale,
  code: StreamingVolumeErrorCode = 'value-out-of-range',
): string {
  const store = storeOf(dataType);
  store.write(1, new Uint8Array([7, 7, 7, 7]), SAME, 'before');
  let caught: unknown;
  try {
    store.write(1, pixels, rescale, 'wrong');
  } catch (error) {
    caught = error;
  }
  if (!isStreamingVolumeError(caught, code)) {
    fail(`Expected an error ${code}, got ${String(caught)}`);
    return '';
  }
  expect(caught.imageIds).toEqual(['wrong']);
  expect([...store.data]).toEqual([0, 0, 0, 0, 7, 7, 7, 7, 0, 0, 0, 0]);
  expect(store.getRange()).toEqual({ min: 7, max: 7 });
  return caught.message;
}

describe('FrameStore', () => {
  const layouts: [VolumeDataType, number][] = [
    ['Uint8Array', 1],
    ['Uint16Array', 2],
    ['Int16Array', 2],
    ['Float32Array', 4],
  ];
  for (const [dataType, bytesPerValue] of layouts) {
    it(`lays ${dataType} frames one behind the other in one buffer`, () => {
      const store = storeOf(dataType, 5, 3);
      expect(store.data.constructor.name).toBe(dataType);
      expect(store.data.length).toBe(15);
      expect(store.sizeInBytes).toBe(15 * bytesPerValue);
      expect(store.bytesPerFrame).toBe(5 * bytesPerValue);
      for (const index of [0, 1, 2]) {
        const frame = store.frame(index);
        expect(frame.buffer).toBe(store.data.buffer);
        expect(frame.byteOffset).toBe(store.byteOffset(index));
        expect(frame.length).toBe(5);
        frame.fill(index + 1);
      }
      expect([...store.data]).toEqual([1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3]);
    });
  }

  it('is not shared unless asked', () => {
    expect(storeOf('Uint8Array').data.buffer).toBeInstanceOf(ArrayBuffer);
  });

  if (typeof SharedArrayBuffer === 'function') {
    it('is shared when asked', () => {
      const options = { dataType: 'Uint8Array', frameCount: 2, valuesPerFrame: 3 } as const;
      const store = new FrameStore({ ...options, shared: true });
      expect(store.data.buffer as unknown).toBeInstanceOf(SharedArrayBuffer);
      store.write(1, new Uint8Array([1, 2, 3]), SAME, 'a');
      expect([...store.data]).toEqual([0, 0, 0, 1, 2, 3]);
    });
  }

  it('refuses frames that do not exist', () => {
    const store = storeOf('Uint8Array');
    for (const index of [-1, 3, 0.5, Number.NaN]) {
      expect(() => store.frame(index)).toThrowError(RangeError);
      expect(() => store.byteOffset(index)).toThrowError(RangeError);
      expect(() => store.write(index, new Uint8Array(4), SAME, 'a')).toThrowError(RangeError);
      expect(() => store.setRange(index, { min: 0, max: 1 })).toThrowError(RangeError);
      expect(() => store.getFrameRange(index)).toThrowError(RangeError);
      expect(() => store.invalidateRange(index)).toThrowError(RangeError);
      expect(() => store.isWritten(index)).toThrowError(RangeError);
      expect(() => store.clearFrame(index)).toThrowError(RangeError);
    }
  });

  describe('write', () => {
    it('touches one slot and gives its range', () => {
      const store = storeOf('Int16Array');
      expect(store.write(1, new Int16Array([5, -3, 2, 0]), SAME, 'a')).toEqual({ min: -3, max: 5 });
      expect([...store.data]).toEqual([0, 0, 0, 0, 5, -3, 2, 0, 0, 0, 0, 0]);
    });

    const accepted: [VolumeDataType, PixelArray, LinearRescale, number[]][] = [
      ['Uint8Array', new Int32Array([0, 255, 1, 2]), SAME, [0, 255, 1, 2]],
      ['Uint8Array', new Uint8ClampedArray([0, 255, 1, 2]), SAME, [0, 255, 1, 2]],
      [
        'Uint8Array',
        new Uint8Array([0, 255, 1, 2]),
        { slope: -1, intercept: 255 },
        [255, 0, 254, 253],
      ],
      ['Uint16Array', new Uint32Array([65535, 0, 1, 2]), SAME, [65535, 0, 1, 2]],
      [
        'Uint16Array',
        new Int16Array([-32768, 32767, 0, 1]),
        { slope: 1, intercept: 32768 },
        [0, 65535, 32768, 32769],
      ],
      [
        'Int16Array',
        new Uint16Array([0, 4095, 1, 2]),
        { slope: 1, intercept: -1024 },
        [-1024, 3071, -1023, -1022],
      ],
      [
        'Int16Array',
        new Int8Array([-128, 127, 0, 1]),
        { slope: 2, intercept: 1 },
        [-255, 255, 1, 3],
      ],
      ['Int16Array', new Float32Array([-32768, 32767, 0, 1]), SAME, [-32768, 32767, 0, 1]],
      ['Int16Array', new Uint8Array([0, 2, 4, 200]), { slope: 0.5, intercept: 0 }, [0, 1, 2, 100]],
      [
        'Float32Array',
        new Uint16Array([0, 1, 2, 3]),
        { slope: 0.5, intercept: -1 },
        [-1, -0.5, 0, 0.5],
      ],
      [
        'Float32Array',
        new Float64Array([0.1, -1e30, 2, 3]),
        SAME,
        [Math.fround(0.1), Math.fround(-1e30), 2, 3],
      ],
      [
        'Float32Array',
        new Float32Array([1, NaN, Infinity, -Infinity]),
        SAME,
        [1, NaN, Infinity, -Infinity],
      ],
    ];
    for (const [dataType, pixels, rescale, expected] of accepted) {
      const given = `${pixels.constructor.name} [${pixels.join(', ')}]`;
      it(`takes ${given} * ${rescale.slope} + ${rescale.intercept} as ${dataType}`, () => {
        const store = storeOf(dataType);
        const range = store.write(2, pixels, rescale, 'a');
        expect([...store.frame(2)]).toEqual(expected);
        const finite = expected.filter(Number.isFinite);
        expect(range).toEqual({ min: Math.min(...finite), max: Math.max(...finite) });
        expect(store.getRange()).toEqual(range);
      });
    }

    it('D10: refuses 65000 - 1024 as Int16Array instead of wrapping it to -1560', () => {
      const pixels = new Uint16Array([0, 65000, 1, 2]);
      const message = expectRefused('Int16Array', pixels, { slope: 1, intercept: -1024 });
      expect(message).toContain(
        'The value 63976 does not fit the Int16Array of the volume (wrong)',
      );
    });

    it('D10: refuses 8 bits * 0.5 - 100 as Uint8Array instead of wrapping it to 156', () => {
      const message = expectRefused('Uint8Array', new Uint8Array(4), {
        slope: 0.5,
        intercept: -100,
      });
      expect(message).toContain('-100');
    });

    it('D22: refuses -900 as Uint8Array instead of wrapping it to 124', () => {
      expectRefused('Uint8Array', new Int16Array([0, 0, -900, 0]), SAME);
    });

    const refused: [VolumeDataType, PixelArray, LinearRescale][] = [
      ['Uint8Array', new Uint16Array([0, 0, 0, 256]), SAME],
      ['Uint16Array', new Int16Array([0, 0, 0, -1]), SAME],
      ['Uint16Array', new Uint32Array([0, 0, 0, 65536]), SAME],
      ['Int16Array', new Int32Array([0, 0, 0, -32769]), SAME],
      ['Int16Array', new Float32Array([0, 0, 0, 0.5]), SAME],
      ['Int16Array', new Float32Array([0, 0, 0, NaN]), SAME],
      ['Int16Array', new Float32Array([0, 0, 0, -Infinity]), SAME],
      ['Int16Array', new Uint8Array([2, 2, 2, 3]), { slope: 0.5, intercept: 0 }],
      ['Uint8Array', new Uint8Array([0, 0, 0, 1]), { slope: -1, intercept: 0 }],
      ['Float32Array', new Float64Array([0, 0, 0, 1e39]), SAME],
    ];
    for (const [dataType, pixels, rescale] of refused) {
      const given = `${pixels.constructor.name} [${pixels.join(', ')}]`;
      it(`refuses ${given} * ${rescale.slope} as ${dataType} and writes nothing`, () => {
        expectRefused(dataType, pixels, rescale);
      });
    }

    it('refuses another number of values and writes nothing', () => {
      for (const length of [0, 3, 5, 8]) {
        const message = expectRefused('Uint8Array', new Uint8Array(length), SAME, 'frame-size');
        expect(message).toContain(`Expected 4 values for a frame, got ${length} (wrong)`);
      }
    });

    it('keeps its type when it may not widen', () => {
      const store = storeOf('Int16Array');
      expect([store.mayWiden, store.isWhole]).toEqual([false, true]);
      expect(store.makeRoom({ range: { min: 0, max: 40000 }, isWhole: true }, 'a')).toBeFalse();
      expect(store.dataType).toBe('Int16Array');
    });

    it('rescales a frame within its own slot', () => {
      const store = storeOf('Int16Array');
      store.frame(1).set([1, 2, 3, 4]);
      store.write(1, store.frame(1), { slope: 2, intercept: -1 }, 'a');
      expect([...store.frame(1)]).toEqual([1, 3, 5, 7]);
    });

    it('gives no range for a frame without finite values', () => {
      const store = storeOf('Float32Array');
      expect(store.write(0, new Float32Array(4).fill(NaN), SAME, 'a')).toBeUndefined();
      expect(store.isWritten(0)).toBe(true);
      expect(store.getRange()).toBeUndefined();
    });
  });

  describe('ranges', () => {
    it('cover the written frames only', () => {
      const store = storeOf('Int16Array');
      expect(store.getRange()).toBeUndefined();
      store.write(0, new Int16Array([5, 6, 7, 8]), SAME, 'a');
      store.write(2, new Int16Array([9, 10, 11, 12]), SAME, 'b');
      expect(store.getRange()).toEqual({ min: 5, max: 12 });
      expect(store.getFrameRange(2)).toEqual({ min: 9, max: 12 });
      expect(store.getFrameRange(1)).toBeUndefined();
      expect([0, 1, 2].map((index) => store.isWritten(index))).toEqual([true, false, true]);
    });

    it('trust a loader that states that it wrote in place', () => {
      const store = storeOf('Int16Array');
      store.frame(1).fill(3);
      store.setRange(1, { min: 3, max: 3 });
      expect(store.isWritten(1)).toBe(true);
      expect(store.getRange()).toEqual({ min: 3, max: 3 });
    });

    it('are measured again after an edit in place', () => {
      const store = storeOf('Int16Array');
      store.write(0, new Int16Array([1, 2, 3, 4]), SAME, 'a');
      store.write(1, new Int16Array([1, 2, 3, 4]), SAME, 'b');
      store.data[0] = -50;
      store.data[7] = 50;
      expect(store.getRange()).toEqual({ min: 1, max: 4 });
      store.invalidateRange(0);
      expect(store.getRange()).toEqual({ min: -50, max: 4 });
      store.invalidateRange();
      expect(store.getRange()).toEqual({ min: -50, max: 50 });
    });

    it('forget a frame that is cleared', () => {
      const store = storeOf('Int16Array');
      store.write(0, new Int16Array([1, 2, 3, 4]), SAME, 'a');
      store.write(1, new Int16Array([5, 6, 7, 8]), SAME, 'b');
      store.clearFrame(0);
      expect([...store.data.subarray(0, 8)]).toEqual([0, 0, 0, 0, 5, 6, 7, 8]);
      expect(store.isWritten(0)).toBe(false);
      expect(store.getRange()).toEqual({ min: 5, max: 8 });
    });
  });

  describe('that may widen', () => {
    const wideStore = (dataType: VolumeDataType, widestType: VolumeDataType = 'Float32Array') =>
      new FrameStore({ dataType, widestType, frameCount: 3, valuesPerFrame: 2, shared: false });

    // What is there, what comes, and the smallest type that holds both.
    const steps: [VolumeDataType, number[], number[], VolumeDataType][] = [
      ['Int16Array', [-1, 5], [0, 32767], 'Int16Array'],
      ['Int16Array', [-1, 5], [0, 32768], 'Float32Array'],
      ['Int16Array', [0, 5], [0, 65535], 'Uint16Array'],
      ['Int16Array', [0, 5], [0, 65536], 'Float32Array'],
      ['Uint16Array', [0, 32767], [-32768, 0], 'Int16Array'],
      ['Uint16Array', [0, 32768], [-1, 0], 'Float32Array'],
      ['Uint16Array', [0, 5], [-32769, 0], 'Float32Array'],
      ['Uint8Array', [0, 255], [256, 0], 'Uint16Array'],
      ['Uint8Array', [0, 255], [-1, 0], 'Int16Array'],
      ['Uint8Array', [0, 255], [-1, 40000], 'Float32Array'],
      ['Uint8Array', [0, 255], [0.5, 0], 'Float32Array'],
      ['Uint8Array', [0, 255], [NaN, 0], 'Float32Array'],
    ];
    for (const [dataType, former, coming, expected] of steps) {
      it(`becomes ${expected} from ${dataType} with ${former.join()} for ${coming.join()}`, () => {
        const store = wideStore(dataType);
        store.write(2, Float64Array.from(former), SAME, 'a');
        store.write(0, Float64Array.from(coming), SAME, 'b');
        expect(store.dataType).toBe(expected);
        expect(store.data.constructor.name).toBe(expected);
        expect([...store.data]).toEqual([...coming, 0, 0, ...former]);
        expect(store.sizeInBytes).toBe(6 * store.data.BYTES_PER_ELEMENT);
        expect(store.bytesPerFrame).toBe(2 * store.data.BYTES_PER_ELEMENT);
        expect([0, 1, 2].map((index) => store.isWritten(index))).toEqual([true, false, true]);
        expect(store.isWhole).toBe(coming.every(Number.isInteger));
      });
    }

    it('asks its owner first, and says what it was', () => {
      const store = wideStore('Int16Array');
      const former = store.data;
      const calls: unknown[] = [];
      store.owner = {
        reserve: (bytes, imageId) => {
          calls.push(['reserve', bytes, imageId, store.dataType]);
          return () => calls.push('given back');
        },
        onWidened: (widening) => calls.push(['widened', widening, store.dataType]),
      };
      store.write(0, Int32Array.of(-1, 5), SAME, 'a');
      store.write(1, Int32Array.of(-1, 70000), SAME, 'b');
      expect(calls).toEqual([
        ['reserve', 12, 'b', 'Int16Array'],
        [
          'widened',
          { from: 'Int16Array', to: 'Float32Array', former, imageId: 'b' },
          'Float32Array',
        ],
      ]);
      expect([...former]).toEqual([-1, 5, 0, 0, 0, 0]);
    });

    it('stays as it is when its owner refuses', () => {
      const store = wideStore('Int16Array');
      store.owner = {
        reserve: () => {
          throw new Error('no room');
        },
        onWidened: fail,
      };
      store.write(0, Int32Array.of(-1, 5), SAME, 'a');
      const { data } = store;
      expect(() => store.write(1, Int32Array.of(-1, 70000), SAME, 'b')).toThrowError('no room');
      expect(store.data).toBe(data);
      expect([...data]).toEqual([-1, 5, 0, 0, 0, 0]);
      expect(store.isWritten(1)).toBeFalse();
    });

    it('goes no farther than its widest type', () => {
      const store = wideStore('Uint8Array', 'Int16Array');
      store.write(0, Int32Array.of(-1, 5), SAME, 'a');
      expect(store.dataType).toBe('Int16Array');
      expect(() => store.write(1, Int32Array.of(0, 40000), SAME, 'b')).toThrowError(/40000/);
      expect(store.dataType).toBe('Int16Array');
      expect([...store.data]).toEqual([-1, 5, 0, 0, 0, 0]);
    });

    it('keeps values that were written in place, also of frames that are not written', () => {
      const store = wideStore('Uint16Array');
      store.data[5] = 60000;
      store.invalidateRange(2);
      store.write(0, Int32Array.of(-1, 5), SAME, 'a');
      expect(store.dataType).toBe('Float32Array');
      expect([...store.data]).toEqual([-1, 5, 0, 0, 0, 60000]);
    });

    it('fails what even floats do not hold', () => {
      const store = wideStore('Int16Array');
      expect(() => store.write(0, Float64Array.of(0, 1e39), SAME, 'a')).toThrowError(/1e\+39/);
      expect(store.dataType).toBe('Int16Array');
    });
  });
});
