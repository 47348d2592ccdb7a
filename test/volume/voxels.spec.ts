import { cache } from '@cornerstonejs/core';
import type { StreamingImageVolume } from '../../src/index.js';
import { createVolume } from '../support/createVolume.js';
import { startCornerstone, stopCornerstone } from '../support/cornerstone.js';
import { SyntheticSeries } from '../support/SyntheticSeries.js';
import type { SyntheticSeriesOptions } from '../support/SyntheticSeries.js';
import { until } from '../support/until.js';

describe('The voxels of a volume', () => {
  let series: SyntheticSeries;

  beforeEach(() => {
    startCornerstone();
  });

  afterEach(() => {
    series.dispose();
    stopCornerstone();
  });

  async function load(options: SyntheticSeriesOptions): Promise<StreamingImageVolume> {
    series = new SyntheticSeries(options);
    const volume = await createVolume(series.imageIds);
    await volume.load();
    return volume;
  }

  it('D1: are the newest ones written, also after they were read while the volume was empty', async () => {
    series = new SyntheticSeries({ count: 5, held: true });
    const volume = await createVolume(series.imageIds);
    const { voxelManager } = volume;
    const loaded = volume.load();
    expect(voxelManager?.getAtIJK(1, 0, 4)).toBe(0);
    expect(voxelManager?.getCompleteScalarDataArray?.()[4 * 15 + 1]).toBe(0);
    series.answer(2);
    await until(() => volume.framesLoaded === 1);
    expect(voxelManager?.getAtIJK(1, 0, 2)).toBe(series.voxel(2, 1));
    await until(() => {
      series.answer();
      return volume.framesLoaded === 5;
    });
    await loaded;
    for (let slice = 0; slice < 5; slice++) {
      expect(voxelManager?.getAtIJK(1, 2, slice)).toBe(series.voxel(slice, 2 * 5 + 1));
      expect(voxelManager?.getCompleteScalarDataArray?.()[slice * 15 + 1]).toBe(
        series.voxel(slice, 1),
      );
    }
  });

  it('D10: do not wrap when 16 bits unsigned have a negative intercept', async () => {
    const volume = await load({
      count: 3,
      intercept: () => -1024,
      pixels: () => Uint16Array.from({ length: 15 }, (_, i) => (i === 7 ? 65000 : i)),
    });
    expect(volume.voxelManager?.getAtIJK(2, 1, 1)).toBe(63976);
    expect(volume.voxelManager?.getAtIJK(0, 0, 1)).toBe(-1024);
  });

  it('D10: do not wrap when 8 bits have a fractional slope and a negative intercept', async () => {
    const volume = await load({
      count: 3,
      bitsAllocated: 8,
      slope: () => 0.5,
      intercept: () => -100,
      pixels: () => Uint8Array.from({ length: 15 }, (_, i) => i),
    });
    expect([...volume.getScalarData().subarray(0, 3)]).toEqual([-100, -99.5, -99]);
  });

  it('D10: that do not fit fail their frame instead of wrapping', async () => {
    series = new SyntheticSeries({
      count: 3,
      bitsStored: 12,
      intercept: () => -1024,
      pixels: (slice) => Uint16Array.from({ length: 15 }, () => (slice === 1 ? 65000 : 2000)),
    });
    const volume = await createVolume(series.imageIds);
    const { failed } = await volume.load();
    expect(volume.getScalarData()).toBeInstanceOf(Int16Array);
    expect(failed.map(({ imageIdIndex, error }) => [imageIdIndex, error.code])).toEqual([
      [1, 'value-out-of-range'],
    ]);
    expect(failed[0]?.error.imageIds).toEqual([series.imageIds[1] as string]);
    expect([...volume.getScalarData().subarray(15, 30)]).toEqual(new Array(15).fill(0));
  });

  it('D22: have the type of the headers, not of the slices that happen to be cached', async () => {
    series = new SyntheticSeries({
      count: 5,
      bitsStored: 12,
      intercept: () => -1024,
      pixels: (slice) =>
        slice % 2 === 0
          ? Uint8Array.from({ length: 15 }, () => 124)
          : Uint16Array.from({ length: 15 }, () => 3000),
    });
    for (const slice of [0, 2, 4]) {
      cache.putImageSync(series.imageIds[slice] as string, series.image(slice));
    }
    const volume = await createVolume(series.imageIds);
    await volume.load();
    expect(volume.getScalarData()).toBeInstanceOf(Int16Array);
    expect([0, 1, 2, 3, 4].map((k) => volume.voxelManager?.getAtIJK(0, 0, k) as number)).toEqual([
      -900, 1976, -900, 1976, -900,
    ]);
    expect(series.requests.map(({ slice }) => slice).toSorted((a, b) => a - b)).toEqual([1, 3]);
  });

  it('D23: keep the fractions of a slope that a single slice has', async () => {
    const volume = await load({ count: 7, slope: (slice) => (slice === 1 ? 0.25 : 1) });
    expect(volume.getScalarData()).toBeInstanceOf(Float32Array);
    expect(volume.voxelManager?.getAtIJK(1, 0, 1)).toBe(201 * 0.25);
  });

  it('D13: come whole as the middle slice of a colour volume', async () => {
    const volume = await load({
      count: 3,
      columns: 4,
      rows: 4,
      bitsAllocated: 8,
      samplesPerPixel: 3,
      pixels: (slice) => Uint8Array.from({ length: 48 }, (_, i) => 50 * slice + i),
    });
    const middle = volume.voxelManager?.getMiddleSliceData() as ArrayLike<number>;
    expect(Array.from(middle)).toEqual(Array.from({ length: 48 }, (_, i) => 50 + i));
    expect(volume.voxelManager?.getAtIJK(1, 0, 1) as unknown).toEqual([53, 54, 55]);
  });

  it('give no middle slice before it is loaded, because zeros would freeze window/level', async () => {
    series = new SyntheticSeries({ count: 3, held: true });
    const volume = await createVolume(series.imageIds);
    expect(volume.voxelManager?.getMiddleSliceData().length).toBe(0);
  });

  it('have the range of the frames that are loaded, and of what is written to them', async () => {
    series = new SyntheticSeries({ count: 3, held: true });
    const volume = await createVolume(series.imageIds);
    const { voxelManager } = volume;
    expect(voxelManager?.getRange()).toEqual([0, 0]);
    const loaded = volume.load();
    series.answer(1);
    await until(() => volume.framesLoaded === 1);
    expect(voxelManager?.getRange()).toEqual([200, 214]);
    series.answer();
    await loaded;
    expect(voxelManager?.getRange()).toEqual([100, 314]);
    voxelManager?.setAtIJK(0, 0, 0, 9);
    expect(voxelManager?.getRange()).toEqual([9, 314]);
  });

  it('have no range but 0 after they were cleared', async () => {
    const volume = await load({ count: 3 });
    expect(volume.voxelManager?.getRange()).toEqual([100, 314]);
    volume.voxelManager?.clear();
    expect(volume.getScalarData().every((value) => value === 0)).toBeTrue();
    expect(volume.voxelManager?.getRange()).toEqual([0, 0]);
  });

  it('give slices of all three planes', async () => {
    const volume = await load({ count: 3 });
    const slice = (sliceIndex: number, slicePlane: number) =>
      Array.from(volume.voxelManager?.getSliceData({ sliceIndex, slicePlane }) ?? []);
    expect(slice(1, 2)).toEqual(Array.from({ length: 15 }, (_, i) => series.voxel(1, i)));
    expect(slice(2, 1).slice(5, 10)).toEqual([10, 11, 12, 13, 14].map((i) => series.voxel(1, i)));
    expect(slice(4, 0).slice(6, 9)).toEqual([4, 9, 14].map((i) => series.voxel(2, i)));
  });

  it('are SUV where a PET series has the factor', async () => {
    const volume = await load({
      count: 3,
      modality: 'PT',
      slope: (slice) => 0.5 + slice,
      intercept: () => 0,
      suvbw: 0.001,
    });
    const expected = series.voxel(2, 3) * 0.001;
    expect(volume.voxelManager?.getAtIJK(3, 0, 2)).toBeCloseTo(expected, 4);
    expect(volume.scaling).toEqual({ PT: { suvbw: 0.001 } } as never);
    expect(volume.isPreScaled).toBeTrue();
  });
});
