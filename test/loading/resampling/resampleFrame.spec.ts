import { IDENTITY_RESCALE } from '../../../src/base/voxels/rescale.js';
import type { VolumeArray, VolumeDataType } from '../../../src/base/types.js';
import { resampleFrame } from '../../../src/loading/resampling/resampleFrame.js';
import type { SourceVoxels } from '../../../src/loading/resampling/resampleFrame.js';

describe('resampleFrame', () => {
  const SIZE = { columns: 3, rows: 2, components: 1 };

  function source(values: VolumeArray, fields: Partial<SourceVoxels> = {}): SourceVoxels {
    return { values, weight: 1, shift: [0, 0], rescale: IDENTITY_RESCALE, ...fields };
  }

  function resampled(
    sources: readonly SourceVoxels[],
    values: VolumeArray,
    size = SIZE,
    dataType: VolumeDataType = 'Int16Array',
  ): number[] {
    resampleFrame(sources, SIZE, { dataType, values, size, padding: -9 });
    return [...values];
  }

  it('copies one frame that lies in its place', () => {
    const frame = Int16Array.of(1, -2, 3, -4, 5, -6);
    expect(resampled([source(frame)], new Int16Array(6))).toEqual([...frame]);
  });

  it('lays frames between each other by their weights, and rounds once', () => {
    const [a, b] = [Int16Array.of(0, 1, 2, 3, -3, -10), Int16Array.of(10, 2, 2, 0, 0, 0)];
    const sources = [source(a, { weight: 0.75 }), source(b, { weight: 0.25 })];
    expect(resampled(sources, new Int16Array(6))).toEqual([3, 1, 2, 2, -2, -7]);
    const floats = [
      source(Float32Array.from(a), { weight: 0.75 }),
      source(Float32Array.from(b), { weight: 0.25 }),
    ];
    expect(resampled(floats, new Float32Array(6), SIZE, 'Float32Array')).toEqual([
      2.5, 1.25, 2, 2.25, -2.25, -7.5,
    ]);
  });

  it('moves a frame by whole pixels, and pads what it does not cover', () => {
    const frame = Int16Array.of(1, 2, 3, 4, 5, 6);
    const size = { columns: 4, rows: 4, components: 1 };
    expect(resampled([source(frame, { shift: [1, 2] })], new Int16Array(16), size)).toEqual([
      -9, -9, -9, -9, -9, -9, -9, -9, -9, 1, 2, 3, -9, 4, 5, 6,
    ]);
  });

  it('interpolates bilinearly where a frame is moved by parts of a pixel', () => {
    const frame = Float32Array.of(0, 1, 2, 10, 11, 12);
    const size = { columns: 4, rows: 3, components: 1 };
    const moved = resampled(
      [source(frame, { shift: [0.25, 0.5] })],
      new Float32Array(12),
      size,
      'Float32Array',
    );
    // One row and two columns have a pixel of the frame on each side.
    expect(moved).toEqual([-9, -9, -9, -9, -9, 5.75, 6.75, -9, -9, -9, -9, -9]);
  });

  it('pads where one of two frames has no pixel, and keeps the components of colours together', () => {
    const size = { columns: 2, rows: 1, components: 3 };
    const [a, b] = [Uint8Array.of(0, 10, 20, 30, 40, 50), Uint8Array.of(100, 100, 100, 0, 0, 0)];
    const values = new Uint8Array(9);
    resampleFrame([source(a, { weight: 0.5, shift: [1, 0] }), source(b, { weight: 0.5 })], size, {
      dataType: 'Uint8Array',
      values,
      size: { ...size, columns: 3 },
      padding: 7,
    });
    expect([...values]).toEqual([7, 7, 7, 0, 5, 10, 7, 7, 7]);
  });

  it('brings stored values into one scale, and never wraps', () => {
    const sources = [
      source(Uint8Array.of(250, 0, 4, 0, 0, 0), {
        weight: 0.5,
        rescale: { slope: 2, intercept: 20 },
      }),
      source(Uint8Array.of(250, 0, 0, 0, 0, 9), { weight: 0.5 }),
    ];
    expect(resampled(sources, new Uint8Array(6), SIZE, 'Uint8Array')).toEqual([
      255, 10, 14, 10, 10, 15,
    ]);
  });
});
