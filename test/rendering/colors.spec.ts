import { Enums, imageLoader, setUseCPURendering } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import type { StreamingImageVolume } from '../../src/index.js';
import {
  byPair,
  byPixel,
  byPlane,
  encodeColorJpeg,
  JFIF_SEGMENT,
  paletteElements,
  rgbOf,
  toWords,
} from '../support/colorFrames.js';
import type { Triple } from '../support/colorFrames.js';
import { createVolume } from '../support/createVolume.js';
import type { TestSyntax } from '../support/encodePart10.js';
import { addSeries } from '../support/pixelSeries.js';
import type { StoredFormat } from '../support/pixelSeries.js';
import { startDrawing, stopDrawing } from './support/drawing.js';
import { Pane, showPlane } from './support/Pane.js';

const [COLUMNS, ROWS, SLICES] = [16, 16, 3];
/** Columns and rows of one colour, so that interpolation in a picture does not matter inside. */
const BLOCK_SIZE = 4;
const MIDDLE = 1;
/** Of the series, in mm. */
const SPACING = 0.5;
const DISTANCE = 2;
const FULL_RANGE = { lower: 0, upper: 255 };

interface Kind {
  readonly format: StoredFormat;
  readonly write: (slice: number) => Uint8Array;
  readonly color: (column: number, row: number, slice: number) => Triple;
  readonly syntax?: TestSyntax;
}

const BYTES = { bitsAllocated: 8, bitsStored: 8, highBit: 7, pixelRepresentation: 0 } as const;
const SIZE = { rows: ROWS, columns: COLUMNS };

/** Makes a function of blocks one of voxels. */
const inBlocks =
  <T>(of: (column: number, row: number, slice: number) => T) =>
  (column: number, row: number, slice: number): T =>
    of(Math.floor(column / BLOCK_SIZE), Math.floor(row / BLOCK_SIZE), slice);

/** Colours that differ between columns, rows and slices. */
const ybr = inBlocks((column, row, slice): Triple => [
  60 + 24 * column + 10 * row,
  90 + 20 * column + 3 * slice,
  100 + 20 * row + 4 * slice,
]);
const rgb = inBlocks((column, row, slice): Triple => [
  20 + 56 * column,
  10 + 60 * row,
  80 * slice + 10 * column,
]);
const index = inBlocks((column, row, slice) => 1000 + column + 4 * row + 50 * slice);
const paletteEntry = (entry: number): Triple => [
  (entry * 7) & 0xff,
  (entry * 13 + 90) & 0xff,
  255 - ((entry * 3) & 0xff),
];

function pixelsOf(color: Kind['color'], slice: number, rows: number = ROWS): Triple[] {
  return Array.from({ length: rows * COLUMNS }, (_, i) =>
    color(i % COLUMNS, Math.floor(i / COLUMNS), slice),
  );
}

const toRgb =
  (color: Kind['color']): Kind['color'] =>
  (...voxel) =>
    rgbOf(color(...voxel));

const blockOf = (slice: number): Triple => [120 + 40 * slice, 90, 180];

const KINDS: Readonly<Record<string, Kind>> = {
  'RGB by plane': {
    format: { ...BYTES, ...SIZE, samplesPerPixel: 3, planarConfiguration: 1 },
    write: (slice) => byPlane(pixelsOf(rgb, slice)),
    color: rgb,
  },
  YBR_FULL: {
    format: { ...BYTES, ...SIZE, samplesPerPixel: 3, photometricInterpretation: 'YBR_FULL' },
    write: (slice) => byPixel(pixelsOf(ybr, slice)),
    color: toRgb(ybr),
  },
  YBR_FULL_422: {
    format: { ...BYTES, ...SIZE, samplesPerPixel: 3, photometricInterpretation: 'YBR_FULL_422' },
    write: (slice) => byPair(pixelsOf(ybr, slice)),
    color: toRgb(ybr),
  },
  'a palette of 16 bits': {
    format: {
      bitsAllocated: 16,
      bitsStored: 16,
      highBit: 15,
      pixelRepresentation: 0,
      ...SIZE,
      photometricInterpretation: 'PALETTE COLOR',
      more: paletteElements(
        [0, 1, 2].map((sample) => ({
          count: 256,
          first: 1000,
          bits: 16,
          data: toWords(
            Array.from({ length: 256 }, (_, i) => (paletteEntry(i)[sample] as number) * 257),
          ),
        })) as never,
      ),
    },
    write: (slice) =>
      toWords(
        Array.from({ length: ROWS * COLUMNS }, (_, i) =>
          index(i % COLUMNS, Math.floor(i / COLUMNS), slice),
        ),
      ),
    color: (...voxel) => paletteEntry(index(...voxel) - 1000),
  },
  'a JPEG': {
    format: {
      ...BYTES,
      rows: 8,
      columns: COLUMNS,
      samplesPerPixel: 3,
      photometricInterpretation: 'YBR_FULL_422',
    },
    write: (slice) => encodeColorJpeg([blockOf(slice), blockOf(slice)], { segments: JFIF_SEGMENT }),
    color: (_column, _row, slice) => rgbOf(blockOf(slice)),
    syntax: 'jpeg',
  },
};

async function loadVolume({ format, write, syntax }: Kind): Promise<StreamingImageVolume> {
  const frames = Array.from({ length: SLICES }, (_, slice) => write(slice));
  const imageIds = await addSeries(
    'wadors in frame workers',
    format,
    frames,
    syntax ? { syntax } : {},
  );
  const volume = await createVolume(imageIds);
  expect((await volume.load()).failed).toEqual([]);
  return volume;
}

/** Largest difference of the colours in the middles of the blocks of a slice from those that were written. */
function largestDifference(
  pane: Pane<Types.IStackViewport> | Awaited<ReturnType<typeof showPlane>>,
  picture: { color: (x: number, y: number) => number[] },
  { color, format: { rows } }: Kind,
): number {
  let largest = 0;
  for (let row = BLOCK_SIZE / 2; row < rows; row += BLOCK_SIZE) {
    for (let column = BLOCK_SIZE / 2; column < COLUMNS; column += BLOCK_SIZE) {
      const world: Types.Point3 = [
        (column - 0.5) * SPACING,
        (row - 0.5) * SPACING,
        MIDDLE * DISTANCE,
      ];
      const [x, y] = pane.viewport.worldToCanvas(world);
      const drawn = picture.color(Math.round(x), Math.round(y));
      color(column, row, MIDDLE).forEach((value, sample) => {
        largest = Math.max(largest, Math.abs(value - (drawn[sample] as number)));
      });
    }
  }
  return largest;
}

describe('D26: a volume in colour', () => {
  beforeEach(() => {
    startDrawing();
  });

  afterEach(() => {
    stopDrawing();
  });

  for (const [name, kind] of Object.entries(KINDS)) {
    it(`of ${name} is drawn with the colours that were written, as in a stack viewport`, async () => {
      const volume = await loadVolume(kind);
      const plane = await showPlane(volume, 'axial', FULL_RANGE);
      const ofVolume = await plane.renderAll(volume);
      const stack = new Pane<Types.IStackViewport>(Enums.ViewportType.STACK, {
        engine: plane.engine,
      });
      await stack.viewport.setStack([...volume.imageIds], MIDDLE);
      const ofStack = await stack.render();
      expect(largestDifference(plane, ofVolume, kind)).toBeLessThanOrEqual(2);
      expect(largestDifference(stack, ofStack, kind)).toBeLessThanOrEqual(2);
      const image = stack.viewport.getCornerstoneImage();
      expect(image.getPixelData().buffer as unknown).toBe(volume.getScalarData().buffer);
    });

    it(`of ${name} is drawn so in a stack viewport of the CPU`, async () => {
      setUseCPURendering(true);
      const volume = await loadVolume(kind);
      const stack = new Pane<Types.IStackViewport>(Enums.ViewportType.STACK);
      await stack.viewport.setStack([...volume.imageIds], MIDDLE);
      expect(largestDifference(stack, await stack.render(), kind)).toBeLessThanOrEqual(2);
    });

    it(`of ${name} gives the same colours to every reader`, async () => {
      const volume = await loadVolume(kind);
      const { rows } = kind.format;
      const { voxelManager } = volume as unknown as {
        voxelManager: Types.IVoxelManager<Types.RGB>;
      };
      const expected = pixelsOf(kind.color, MIDDLE, rows).flat();
      const isClose = (values: ArrayLike<number>): boolean =>
        values.length === expected.length &&
        expected.every((value, i) => Math.abs(value - (values[i] as number)) <= 1);
      expect(isClose(voxelManager.getMiddleSliceData() as unknown as number[])).toBeTrue();
      const at = 3 * (3 + COLUMNS * (2 + rows * MIDDLE));
      expect([...voxelManager.getAtIJK(3, 2, MIDDLE)]).toEqual([
        ...volume.getScalarData().subarray(at, at + 3),
      ]);
      const imageId = volume.imageIds[MIDDLE] as string;
      const converted = volume.convertToCornerstoneImage(imageId, MIDDLE);
      for (const image of [converted, await imageLoader.loadImage(imageId)]) {
        expect([image.color, image.rgba, image.numberOfComponents]).toEqual([true, false, 3]);
        expect([image.windowCenter, image.windowWidth, image.slope, image.intercept]).toEqual([
          128, 256, 1, 0,
        ]);
        expect(isClose(image.getPixelData())).toBeTrue();
        expect(isClose(image.voxelManager?.getScalarData() as never)).toBeTrue();
      }
      for (const [slicePlane, [width, along]] of [
        [0, [rows, COLUMNS]],
        [1, [COLUMNS, rows]],
      ] as const) {
        const place = along - 2;
        const slice = voxelManager.getSliceData({
          sliceIndex: place,
          slicePlane,
        }) as never as Uint8Array;
        const wanted = Array.from({ length: SLICES * width }, (_, i) => {
          const [k, other] = [Math.floor(i / width), i % width];
          return slicePlane === 0 ? kind.color(place, other, k) : kind.color(other, place, k);
        }).flat();
        expect(slice.length).toBe(wanted.length);
        expect(wanted.every((value, i) => Math.abs(value - (slice[i] as number)) <= 1)).toBeTrue();
      }
    });
  }
});
