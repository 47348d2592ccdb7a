import { FrameStore } from '../../../src/base/voxels/FrameStore.js';
import { PartialPixels } from '../../../src/loading/frame/PartialPixels.js';
import { FrameStates } from '../../../src/loading/FrameStates.js';
import type { FrameSlot } from '../../../src/loading/LoadContext.js';
import { createDecodedFrame } from '../../../src/pixels/DecodedFrame.js';
import type { DecodedFrame } from '../../../src/pixels/DecodedFrame.js';

const IDENTITY = { rescale: { slope: 1, intercept: 0 }, lut: undefined };

describe('PartialPixels', () => {
  let store: FrameStore;
  let states: FrameStates;
  let pixels: PartialPixels;
  let slot: FrameSlot;

  beforeEach(() => {
    store = new FrameStore({
      dataType: 'Uint8Array',
      widestType: 'Float32Array',
      frameCount: 2,
      valuesPerFrame: 4,
      shared: false,
    });
    states = new FrameStates(2);
    states.enqueue(1);
    states.start(1);
    pixels = new PartialPixels(states);
    const frame = { imageId: 'a:1' } as FrameSlot['frame'];
    slot = { frame, store, slotIndex: 1, sliceIndex: 1 };
  });

  function partial(values: number[], missingLevels: number, imageQualityStatus = 6): DecodedFrame {
    return createDecodedFrame({
      imageId: 'a:1',
      pixelData: Int16Array.from(values),
      inPlace: false,
      scaled: false,
      range: undefined,
      imageQualityStatus,
      missing: { missingLevels, missingLayers: 0 },
    });
  }

  function show(frame: DecodedFrame, scale = IDENTITY): number {
    const quality = pixels.show(slot, frame, scale);
    states.show(1, quality);
    return quality;
  }

  it('writes rescaled values, and measures them', () => {
    const scale = { rescale: { slope: 0.5, intercept: 10 }, lut: undefined };
    expect(show(partial([0, 2, 4, 7], 2), scale)).toBe(6);
    expect([...store.data]).toEqual([0, 0, 0, 0, 10, 11, 12, 14]);
    expect(store.getFrameRange(1)).toEqual({ min: 10, max: 14 });
  });

  it('maps values by a table', () => {
    const lut = { firstValue: 0, entries: Uint16Array.of(5, 6, 7, 8) };
    show(partial([3, 2, 1, 0], 1), { ...IDENTITY, lut } as never);
    expect([...store.frame(1)]).toEqual([8, 7, 6, 5]);
  });

  it('takes the nearest values that the type holds, and never widens the volume', () => {
    show(partial([-3, 300, 255, 7], 1));
    expect([...store.frame(1)]).toEqual([0, 255, 255, 7]);
    expect(store.dataType).toBe('Uint8Array');
  });

  it('replaces pixels by better ones only', () => {
    show(partial([1, 1, 1, 1], 2));
    show(partial([2, 2, 2, 2], 1));
    expect(show(partial([3, 3, 3, 3], 2))).toBe(6);
    expect([...store.frame(1)]).toEqual([2, 2, 2, 2]);
    expect(show(partial([4, 4, 4, 4], 0, 7))).toBe(7);
    expect(show(partial([5, 5, 5, 5], 1))).toBe(7);
    expect([...store.frame(1)]).toEqual([4, 4, 4, 4]);
  });

  it('replaces the copy of a neighbour', () => {
    states.show(1, 3);
    expect(show(partial([9, 9, 9, 9], 3))).toBe(6);
    expect([...store.frame(1)]).toEqual([9, 9, 9, 9]);
  });

  it('keeps the columns and rows of a volume with a part of them', () => {
    const pick = {
      columns: 4,
      rows: 4,
      components: 1,
      firstColumn: 1,
      firstRow: 0,
      columnStep: 2,
      rowStep: 2,
      keptColumns: 2,
      keptRows: 2,
    };
    slot = { ...slot, pick };
    show(
      partial(
        Array.from({ length: 16 }, (_, i) => i),
        1,
      ),
    );
    expect([...store.frame(1)]).toEqual([1, 3, 9, 11]);
  });
});
