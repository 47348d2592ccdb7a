import type { Types } from '@cornerstonejs/core';
import type { StreamingImageVolume } from '../../src/index.js';
import { createVolume } from '../support/createVolume.js';
import type { SyntheticSeriesOptions } from '../support/SyntheticSeries.js';
import { startDrawing, stopDrawing } from './support/drawing.js';
import { aim, showPlane, showStack } from './support/Pane.js';
import type { Difference } from './support/Picture.js';
import { planeImage, PLANES } from './support/planeImages.js';
import type { PlaneName } from './support/planeImages.js';
import { LEVELS, level, SIZE, slicePixels, solidSeries, worldOf } from './support/solidSeries.js';

type Value = (column: number, row: number, slice: number, sample: number) => number;

interface VoxelType {
  readonly Type: new (length: number) => Types.PixelDataTypedArray;
  readonly series: Partial<SyntheticSeriesOptions>;
  /** In modality units. */
  readonly value: Value;
  readonly samples?: number;
  readonly voiRange: Types.VOIRange;
}

const colour: Value = (column, row, slice, sample) => level(column + 7 * sample, row, slice);

const VOXEL_TYPES: Readonly<Record<string, VoxelType>> = {
  Int16: {
    Type: Int16Array,
    series: { intercept: () => -1000, bitsStored: 12 },
    value: (...voxel) => level(voxel[0], voxel[1], voxel[2]) - 1000,
    voiRange: { lower: -1000, upper: -800 },
  },
  Uint16: {
    Type: Uint16Array,
    series: {
      pixels: (slice) => slicePixels(Uint16Array, slice, (c, r, s) => 300 * level(c, r, s)),
    },
    value: (c, r, s) => 300 * level(c, r, s),
    voiRange: { lower: 0, upper: 60000 },
  },
  Uint8: {
    Type: Uint8Array,
    series: { bitsAllocated: 8, pixels: (slice) => slicePixels(Uint8Array, slice) },
    value: level,
    voiRange: { lower: 0, upper: LEVELS },
  },
  Float32: {
    Type: Float32Array,
    series: { slope: () => 0.37 },
    value: (c, r, s) => 0.37 * level(c, r, s),
    voiRange: { lower: 0, upper: 74 },
  },
  RGB: {
    Type: Uint8Array,
    series: {
      bitsAllocated: 8,
      samplesPerPixel: 3,
      pixels: (slice) => slicePixels(Uint8Array, slice, colour, 3),
    },
    value: colour,
    samples: 3,
    voiRange: { lower: 0, upper: 255 },
  },
};

const INDEX = 9;

describe('A slice of a volume, beside a stack viewport,', () => {
  beforeEach(() => {
    startDrawing();
  });

  afterEach(() => {
    stopDrawing();
  });

  /** Draws one plane of the volume and the known values of a plane in a stack viewport. */
  async function draw(
    volume: StreamingImageVolume,
    plane: PlaneName,
    { Type, value, samples, voiRange }: VoxelType,
    { stackIndex = INDEX, index = INDEX, tolerance = 2 } = {},
  ): Promise<Difference> {
    const middle = SIZE.map((size) => (size - 1) / 2);
    middle[PLANES[plane].axis] = index;
    const shown = await showPlane(volume, plane, voiRange);
    aim(shown.viewport, { focalPoint: worldOf(middle), parallelScale: 20 });
    const imageId = planeImage(plane, stackIndex, Type, value, samples);
    const stack = await showStack(imageId, shown.viewport.getCamera(), voiRange, shown.engine);
    const [ofVolume, ofStack] = [await shown.renderAll(volume), await stack.render()];
    const last = SIZE.map((size) => size - 1);
    const area = stack.areaBetween(worldOf([0, 0, 0]), worldOf(last), 1);
    expect(ofStack.greys(area).size).toBeGreaterThan(50);
    return ofVolume.compare(ofStack, area, tolerance);
  }

  for (const [name, voxelType] of Object.entries(VOXEL_TYPES)) {
    for (const plane of Object.keys(PLANES) as PlaneName[]) {
      it(`is the same ${plane} picture of ${name} voxels`, async () => {
        const volume = await createVolume(solidSeries(voxelType.series).imageIds);
        await volume.load();
        expect(volume.getScalarData().constructor).toBe(voxelType.Type);
        const difference = await draw(volume, plane, voxelType);
        expect(difference.pixels).toBeGreaterThan(2000);
        expect(difference.alike).toBeGreaterThan(0.995);
      });
    }
  }

  for (const plane of Object.keys(PLANES) as PlaneName[]) {
    it(`is not the picture of the ${plane} plane beside it`, async () => {
      const voxelType = VOXEL_TYPES['Uint8'] as VoxelType;
      const volume = await createVolume(solidSeries(voxelType.series).imageIds);
      await volume.load();
      const { alike } = await draw(volume, plane, voxelType, { stackIndex: INDEX + 1 });
      expect(alike).toBeLessThan(0.2);
    });
  }

  it('is the same picture of a volume that has no other', async () => {
    const voxelType = VOXEL_TYPES['Uint8'] as VoxelType;
    const { imageIds } = solidSeries({ ...voxelType.series, count: 1, sliceThickness: 4 });
    const volume = await createVolume(imageIds, { allowSingleSlice: true });
    await volume.load();
    // Cornerstone's rays end at the edge of the volume, before they have become quite opaque.
    const only = { stackIndex: 0, index: 0, tolerance: 6 };
    const { pixels, alike } = await draw(volume, 'axial', voxelType, only);
    expect(pixels).toBeGreaterThan(2000);
    expect(alike).toBeGreaterThan(0.995);
  });

  it('is black where the series has no frame', async () => {
    const { series, voiRange } = VOXEL_TYPES['Uint8'] as VoxelType;
    const { imageIds } = solidSeries({
      ...series,
      position: (slice) => worldOf([0, 0, slice < INDEX ? slice : slice + 1]),
    });
    const volume = await createVolume(imageIds, { onIrregular: 'nearest' });
    await volume.load();
    const shown = await showPlane(volume, 'axial', voiRange);
    const last = SIZE.map((size) => size - 1);
    const greysAt = async (slice: number): Promise<ReadonlySet<number>> => {
      const middle = [(SIZE[0] - 1) / 2, (SIZE[1] - 1) / 2, slice];
      aim(shown.viewport, { focalPoint: worldOf(middle), parallelScale: 20 });
      const picture = await shown.renderAll(volume);
      return picture.greys(shown.areaBetween(worldOf([0, 0, slice]), worldOf(last), 2));
    };
    expect(volume.frameStates[INDEX]).toBe('absent');
    // Some hundredths of the slices beside it come through.
    expect(Math.max(...(await greysAt(INDEX)))).toBeLessThan(10);
    expect((await greysAt(INDEX + 1)).size).toBeGreaterThan(50);
  });
});
