import { cache, eventTarget, imageLoader } from '@cornerstonejs/core';
import { prefetchPart10Instance, wadouri } from '@cornerstonejs/dicom-image-loader';
import { VOLUME_WIDENED } from '../../src/index.js';
import type { StreamingImageVolume, VolumeWidened } from '../../src/index.js';
import { createVolume } from '../support/createVolume.js';
import { startCornerstone, stopCornerstone } from '../support/cornerstone.js';
import {
  clearRequests,
  countFrameRequests,
  dicomText,
  dicomWebRoot,
  fetchSeries,
} from '../support/dicomWebSeries.js';
import { encodeRle } from '../support/encodeRle.js';
import { firstWrongOf } from '../support/expectVoxels.js';
import { karmaFixtures } from '../support/karmaFixtures.js';
import { addWadorsSeries } from '../support/pixelSeries.js';
import { SyntheticSeries } from '../support/SyntheticSeries.js';
import { firstWrongVoxel } from '../support/testSeriesTruth.js';
import { showPlane } from '../rendering/support/Pane.js';
import { startDrawing, stopDrawing } from '../rendering/support/drawing.js';
import { itDraws } from '../support/itDraws.js';

const RLE = '1.2.840.10008.1.2.5';
const [COLUMNS, ROWS, SLICES] = [64, 48, 24];
const VOXELS = COLUMNS * ROWS * SLICES;

/** What each series begins with, and what the line in its middle makes of it. */
const SERIES = [
  // 60000 - 1024 is above 32767, and air is below 0.
  ['ct-uint16-late', Int16Array, Float32Array],
  // -32768 - 1024 is below -32768.
  ['ct-int16-late', Int16Array, Float32Array],
  // The headers say 0 to 255, and 40000 comes.
  ['mr-uint16-extremes', Uint8Array, Uint16Array],
] as const;

describe('R14: A series whose headers allow more than its voxels are likely to need', () => {
  let widened: VolumeWidened[];
  const onWidened = ((event: CustomEvent<VolumeWidened>): void => {
    widened.push(event.detail);
  }) as EventListener;

  beforeEach(() => {
    widened = [];
    eventTarget.addEventListener(VOLUME_WIDENED, onWidened);
  });

  afterEach(() => {
    eventTarget.removeEventListener(VOLUME_WIDENED, onWidened);
    stopCornerstone();
  });

  /** Every number that is told of a volume has to be of one type. */
  function expectType(
    volume: StreamingImageVolume,
    Type: { readonly name: string; readonly BYTES_PER_ELEMENT: number },
  ): void {
    const { voxelManager, imageData } = volume;
    const sizeInBytes = VOXELS * Type.BYTES_PER_ELEMENT;
    expect(volume.getScalarData().constructor.name).toBe(Type.name);
    expect(volume.getCompleteScalarDataArray()).toBe(volume.getScalarData());
    expect(voxelManager?.getScalarData() as unknown).toBe(volume.getScalarData());
    expect(voxelManager?.getCompleteScalarDataArray?.() as unknown).toBe(volume.getScalarData());
    expect(voxelManager?.getConstructor().name).toBe(Type.name);
    expect(voxelManager?.bytePerVoxel).toBe(Type.BYTES_PER_ELEMENT);
    expect(voxelManager?.sizeInBytes).toBe(sizeInBytes);
    expect(volume.sizeInBytes).toBe(sizeInBytes);
    expect(volume.dataType).toBe(Type.name as never);
    expect(imageData?.get('dataType')).toEqual({ dataType: Type.name });
    const isShared = !(volume.getScalarData().buffer instanceof ArrayBuffer);
    expect(isShared).toBe(karmaFixtures.isolated);
  }

  async function expectWidens(
    imageIds: readonly string[],
    [format, Before, After]: (typeof SERIES)[number],
  ): Promise<StreamingImageVolume> {
    const before = cache.getCacheSize();
    const volume = await createVolume(imageIds);
    expectType(volume, Before);
    expect(cache.getCacheSize()).toBe(before + VOXELS * Before.BYTES_PER_ELEMENT);
    const { voxelManager } = volume;
    const former = volume.getScalarData();
    expect(await volume.load()).toEqual({ framesLoaded: SLICES, failed: [] });
    expect(firstWrongVoxel(volume, format)).toBe('none');
    expectType(volume, After);
    expect(volume.voxelManager).toBe(voxelManager);
    expect(former.constructor.name).toBe(Before.name);
    expect(former.buffer as unknown).not.toBe(volume.getScalarData().buffer);
    expect(widened).toEqual([
      {
        volumeId: volume.volumeId,
        volume: volume as never,
        from: Before.name as never,
        to: After.name as never,
        imageId: volume.imageIds[11] as string,
      },
    ]);
    for (const slice of [0, 11, 23]) {
      const frame = volume
        .getScalarData()
        .subarray(slice * COLUMNS * ROWS, (slice + 1) * COLUMNS * ROWS);
      const image = volume.convertToCornerstoneImage(volume.imageIds[slice] as string, slice);
      expect(image.getPixelData().constructor.name).toBe(After.name);
      expect([...image.getPixelData()]).toEqual([...frame]);
      const view = cache.getImage(volume.imageIds[slice] as string);
      expect(view?.getPixelData().buffer as unknown).toBe(volume.getScalarData().buffer);
      expect(view?.dataType).toBe(After.name as never);
      expect(voxelManager?.getAtIJK(5, 20, slice)).toBe(frame[20 * COLUMNS + 5] as number);
    }
    expect(cache.getCacheSize()).toBe(before + VOXELS * After.BYTES_PER_ELEMENT);
    return volume;
  }

  function remove(volume: StreamingImageVolume, before: number): void {
    cache.removeVolumeLoadObject(volume.volumeId);
    expect(cache.getCacheSize()).toBe(before);
  }

  for (const series of SERIES) {
    const [format] = series;
    for (const [place, frameWorkers] of [
      ['in frame workers', 2],
      ['on the main thread', 0],
    ] as const) {
      it(`has every voxel of ${format} over wadors, fetched ${place} once`, async () => {
        startCornerstone({ frameWorkers });
        const { imageIds } = await fetchSeries(dicomWebRoot(`synthetic/${format}`) as string);
        const before = cache.getCacheSize();
        await clearRequests();
        const volume = await expectWidens(imageIds, series);
        expect(await countFrameRequests()).toBe(SLICES);
        expect(volume.transport?.thread).toBe(frameWorkers === 2 ? 'worker' : 'main thread');
        remove(volume, before);
      });
    }

    // Cornerstone's metadata of instances that it has fetched beforehand lacks the extremes.
    for (const isThere of format === 'mr-uint16-extremes' ? [false] : [true, false]) {
      it(`has every voxel of ${format} over wadouri, of files that ${isThere ? 'are there' : 'nobody has looked into'}`, async () => {
        startCornerstone();
        const { instances } = await fetchSeries(dicomWebRoot(`synthetic/${format}`) as string);
        const files = `${String(karmaFixtures['origin'])}/data/synthetic/${format}/files`;
        const imageIds = await Promise.all(
          instances.map(async (instance) => {
            const url = `${files}/${dicomText(instance, '00080018')}.dcm?of=widening-${isThere}`;
            if (isThere) {
              await prefetchPart10Instance(
                `wadouri:${url}`,
                await (await fetch(url)).arrayBuffer(),
              );
            }
            return `wadouri:${url}`;
          }),
        );
        const before = cache.getCacheSize();
        remove(await expectWidens(imageIds, series), before);
      });
    }

    it(`has every voxel of ${format} of local files`, async () => {
      startCornerstone();
      const { instances } = await fetchSeries(dicomWebRoot(`synthetic/${format}`) as string);
      const files = `${String(karmaFixtures['origin'])}/data/synthetic/${format}/files`;
      const imageIds = await Promise.all(
        instances.map(async (instance) => {
          const response = await fetch(`${files}/${dicomText(instance, '00080018')}.dcm`);
          return wadouri.fileManager.add(await response.blob());
        }),
      );
      expect(imageIds[0]).toMatch(/^dicomfile:/);
      const before = cache.getCacheSize();
      remove(await expectWidens(imageIds, series), before);
    });
  }

  it('has every voxel through an image loader that makes Images, asked once for each frame', async () => {
    startCornerstone();
    const gradient = (i: number, slice: number): number =>
      (i % COLUMNS) * 3 + Math.floor(i / COLUMNS) * 7 + slice * 29;
    const series = new SyntheticSeries({
      count: SLICES,
      columns: COLUMNS,
      rows: ROWS,
      intercept: () => -1024,
      pixels: (slice) =>
        Uint16Array.from({ length: COLUMNS * ROWS }, (_, i) =>
          slice === 11 && i % COLUMNS === 5 ? 60000 : gradient(i, slice),
        ),
    });
    const before = cache.getCacheSize();
    const volume = await expectWidens(series.imageIds, SERIES[0]);
    expect(series.requests.length).toBe(SLICES);
    remove(volume, before);
    series.dispose();
  });

  it('keeps its small type, without an event, where every voxel fits', async () => {
    startCornerstone();
    const { imageIds } = await fetchSeries(dicomWebRoot('synthetic/ct-tilted') as string);
    const upright = await createVolume(imageIds, { onIrregular: 'resample' });
    await upright.load();
    expect(upright.getScalarData()).toBeInstanceOf(Int16Array);
    expect(widened).toEqual([]);
  });

  it("is a Float32Array from the beginning with voxelType 'headers'", async () => {
    startCornerstone();
    const { imageIds } = await fetchSeries(dicomWebRoot('synthetic/ct-uint16-late') as string);
    const volume = await createVolume(imageIds, { voxelType: 'headers' });
    expectType(volume, Float32Array);
    const former = volume.getScalarData();
    expect((await volume.load()).failed).toEqual([]);
    expect(volume.getScalarData()).toBe(former);
    expect(firstWrongVoxel(volume, 'ct-uint16-late')).toBe('none');
    expect(widened).toEqual([]);
  });

  for (const frameWorkers of [0, 2]) {
    it(`refuses the frame that does not fit a type that was asked for, with ${frameWorkers} workers`, async () => {
      startCornerstone({ frameWorkers });
      const { imageIds } = await fetchSeries(dicomWebRoot('synthetic/ct-uint16-late') as string);
      const volume = await createVolume(imageIds, { voxelType: 'Int16Array' });
      const former = volume.getScalarData();
      const { framesLoaded, failed } = await volume.load();
      expect(framesLoaded).toBe(SLICES - 1);
      expect(failed.map(({ error, imageId }) => [error.code, imageId])).toEqual([
        ['value-out-of-range', volume.imageIds[11] as string],
      ]);
      expect(volume.getScalarData()).toBe(former);
      const slot = former.subarray(11 * COLUMNS * ROWS, 12 * COLUMNS * ROWS);
      expect(slot.every((value) => value === 0)).toBeTrue();
      expect(widened).toEqual([]);
    });
  }

  itDraws('is drawn while it widens, and right afterwards', async () => {
    startDrawing();
    try {
      const { imageIds } = await fetchSeries(dicomWebRoot('synthetic/ct-uint16-late') as string);
      const volume = await createVolume(imageIds);
      const wide = await createVolume(imageIds, {
        voxelType: 'headers',
        publishFrameViews: false,
      });
      const range = { lower: -1024, upper: 0 };
      const pane = await showPlane(volume, 'sagittal', range);
      await volume.load();
      expect(widened.length).toBe(1);
      const picture = await pane.renderAll(volume);
      await wide.load();
      const reference = await showPlane(wide, 'sagittal', range);
      const expected = await reference.renderAll(wide);
      expect(expected.brightest()).toBeGreaterThan(100);
      expect(picture.compare(expected, expected.area, 1).largest).toBeLessThanOrEqual(1);
    } finally {
      stopDrawing();
    }
  });

  it('is taken from the image cache by a stack viewport, as the Images follow', async () => {
    startCornerstone();
    const { imageIds } = await fetchSeries(dicomWebRoot('synthetic/ct-int16-late') as string);
    const volume = await createVolume(imageIds);
    const seen = await imageLoader.loadAndCacheImage(volume.imageIds[3] as string);
    expect(seen.dataType).toBe('Int16Array');
    const before = [...seen.getPixelData()];
    await volume.load();
    expect(widened.length).toBe(1);
    expect(seen.dataType).toBe('Float32Array');
    expect(seen.getPixelData().buffer as unknown).toBe(volume.getScalarData().buffer);
    expect([...seen.getPixelData()]).toEqual(before);
    expect(seen.voxelManager?.getScalarData().buffer as unknown).toBe(
      volume.getScalarData().buffer,
    );
    expect(seen.voxelManager?.getAtIndex(70)).toBe(before[70] as number);
  });

  for (const frameWorkers of [0, 2]) {
    it(`widens for compressed frames, with ${frameWorkers} frame workers`, async () => {
      startCornerstone({ frameWorkers });
      const [rows, columns, late] = [16, 16, 2];
      const slices = Array.from({ length: 5 }, (_, slice) =>
        Array.from({ length: rows * columns }, (__, i) =>
          slice === late && i === 40 ? 60000 : 100 * slice + i,
        ),
      );
      const bodies = slices.map((values) =>
        encodeRle(new Uint8Array(Uint16Array.from(values).buffer), 2),
      );
      const format = {
        rows,
        columns,
        bitsAllocated: 16,
        pixelRepresentation: 0,
        slope: 1,
      } as const;
      const imageIds = addWadorsSeries({ ...format, intercept: -1024 }, bodies, { syntax: RLE });
      const voxels = slices.map((values) => values.map((value) => value - 1024));
      expect(await firstWrongOf(imageIds, voxels)).toBe('none');
      expect(widened.map(({ from, to }) => [from, to])).toEqual([['Int16Array', 'Float32Array']]);
    });
  }
});
