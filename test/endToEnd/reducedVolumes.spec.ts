import { volumeLoader } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import { decimatedVolumeLoader, unregisterStreamingImageVolumeLoader } from '../../src/index.js';
import type { CreateVolumeOptions, StreamingImageVolume } from '../../src/index.js';
import { startCornerstone, stopCornerstone } from '../support/cornerstone.js';
import { createVolume } from '../support/createVolume.js';
import { encodeRle } from '../support/encodeRle.js';
import { firstWrong } from '../support/expectVoxels.js';
import { writeCells } from '../support/pixelCells.js';
import { seededRandom } from '../support/seededRandom.js';
import { addSeries, addWadorsSeries, SOURCES, workersOf } from '../support/pixelSeries.js';
import type { Source, StoredFormat } from '../support/pixelSeries.js';

const [COLUMNS, ROWS, SLICES] = [13, 9, 7];
const RLE = '1.2.840.10008.1.2.5';

interface Kind {
  readonly format: Omit<StoredFormat, 'rows' | 'columns'>;
  /** Stored value of one sample. */
  readonly stored: (place: number, slice: number) => number;
}

const KINDS: Readonly<Record<string, Kind>> = {
  '16 bits with a sign and a rescale': {
    format: {
      bitsAllocated: 16,
      bitsStored: 12,
      highBit: 11,
      pixelRepresentation: 1,
      slope: 2,
      intercept: -7,
    },
    stored: (place, slice) => ((place * 37 + slice * 211) % 4096) - 2048,
  },
  '16 bits with fractions': {
    format: {
      bitsAllocated: 16,
      bitsStored: 16,
      highBit: 15,
      pixelRepresentation: 0,
      slope: 0.5,
      intercept: 0.25,
    },
    stored: (place, slice) => (place * 401 + slice * 7919) % 65536,
  },
  '8 bits': {
    format: { bitsAllocated: 8, bitsStored: 8, highBit: 7, pixelRepresentation: 0 },
    stored: (place, slice) => (place * 7 + slice * 31) % 256,
  },
  'three components': {
    format: {
      bitsAllocated: 8,
      bitsStored: 8,
      highBit: 7,
      pixelRepresentation: 0,
      samplesPerPixel: 3,
    },
    stored: (place, slice) => (place * 5 + slice * 17) % 256,
  },
};

/** What is kept: first index, step and number along columns, rows and slices. */
interface Part {
  readonly options: Pick<CreateVolumeOptions, 'bounds' | 'ijkDecimation'>;
  readonly first: readonly [number, number, number];
  readonly step: readonly [number, number, number];
  readonly count: readonly [number, number, number];
}

const PARTS: Readonly<Record<string, Part>> = {
  'every second column, third row and second slice': {
    options: { ijkDecimation: [2, 3, 2] },
    first: [0, 0, 0],
    step: [2, 3, 2],
    count: [7, 3, 4],
  },
  'a box': {
    options: {
      bounds: {
        index: [
          [3, 11],
          [2, 5],
          [1, 4],
        ],
      },
    },
    first: [3, 2, 1],
    step: [1, 1, 1],
    count: [9, 4, 4],
  },
  'every second column of a box': {
    options: {
      bounds: [
        [1, 12],
        [0, 8],
        [2, 6],
      ],
      ijkDecimation: [2, 1, 3],
    },
    first: [1, 0, 2],
    step: [2, 1, 3],
    count: [6, 9, 2],
  },
};

describe('A volume with a part of its frames voxels', () => {
  let imageIds: readonly string[];

  afterEach(() => {
    stopCornerstone();
  });

  function framesOf({ format, stored }: Kind): Uint8Array[] {
    const samples = format.samplesPerPixel ?? 1;
    const { bitsAllocated, bitsStored = bitsAllocated, highBit = bitsStored - 1 } = format;
    return Array.from({ length: SLICES }, (_, slice) =>
      writeCells(
        Array.from({ length: COLUMNS * ROWS * samples }, (__, place) => stored(place, slice)),
        { bitsAllocated, bitsStored, highBit },
        seededRandom(slice + 1),
      ),
    );
  }

  /** The voxels that are kept, by slice, from what the frames were written with. */
  function truthOf({ format, stored }: Kind, { first, step, count }: Part): number[][] {
    const samples = format.samplesPerPixel ?? 1;
    const { slope = 1, intercept = 0 } = format;
    return Array.from({ length: count[2] }, (_, k) => {
      const values: number[] = [];
      for (let j = 0; j < count[1]; j++) {
        for (let i = 0; i < count[0]; i++) {
          const pixel = (first[1] + j * step[1]) * COLUMNS + first[0] + i * step[0];
          for (let sample = 0; sample < samples; sample++) {
            const value = stored(pixel * samples + sample, first[2] + k * step[2]);
            values.push(value * slope + intercept);
          }
        }
      }
      return values;
    });
  }

  function expectPart(volume: StreamingImageVolume, kind: Kind, part: Part): void {
    expect(volume.dimensions).toEqual([...part.count]);
    expect(firstWrong(volume, truthOf(kind, part))).toBe('none');
    expect(volume.framesLoaded).toBe(part.count[2]);
    const { min, max } = volume.voxelManager?.getMinMax() ?? {};
    const all = truthOf(kind, part).flat();
    expect([min, max]).toEqual([Math.min(...all), Math.max(...all)]);
  }

  async function open(source: Source, kind: Kind, multiFrame: boolean): Promise<void> {
    startCornerstone(workersOf(source));
    const format = { ...kind.format, columns: COLUMNS, rows: ROWS };
    imageIds = await addSeries(source, format, framesOf(kind), { multiFrame });
  }

  for (const source of SOURCES) {
    for (const [kindName, kind] of Object.entries(KINDS)) {
      for (const [partName, part] of Object.entries(PARTS)) {
        it(`of ${kindName}, ${source}: ${partName}`, async () => {
          await open(source, kind, false);
          const volume = await createVolume(imageIds, part.options);
          const { failed } = await volume.load();
          expect(failed).toEqual([]);
          expectPart(volume, kind, part);
        });
      }
    }

    it(`of a multi-frame image, ${source}`, async () => {
      const kind = KINDS['16 bits with a sign and a rescale'] as Kind;
      const part = PARTS['every second column of a box'] as Part;
      await open(source, kind, true);
      const volume = await createVolume(imageIds, part.options);
      await volume.load();
      expectPart(volume, kind, part);
    });
  }

  for (const source of ['wadors on the main thread', 'wadouri', 'dicomfile'] as const) {
    it(`without the image loaders of this package, ${source}`, async () => {
      const kind = KINDS['16 bits with fractions'] as Kind;
      const format = { ...kind.format, columns: COLUMNS, rows: ROWS };
      startCornerstone();
      imageIds = await addSeries(source, format, framesOf(kind));
      unregisterStreamingImageVolumeLoader();
      volumeLoader.registerVolumeLoader('ownScheme', decimatedVolumeLoader as never);
      let count = 0;
      for (const part of Object.values(PARTS)) {
        count += 1;
        const volumeId = `ownScheme:${source}-${count}`;
        const volume = await createVolume(imageIds, { ...part.options, volumeId });
        const { failed } = await volume.load();
        expect(failed).toEqual([]);
        expectPart(volume, kind, part);
      }
    });
  }

  it('of compressed frames', async () => {
    startCornerstone();
    const kind = KINDS['16 bits with a sign and a rescale'] as Kind;
    const frames = framesOf(kind).map((frame) => encodeRle(frame, 2));
    imageIds = addWadorsSeries({ ...kind.format, columns: COLUMNS, rows: ROWS }, frames, {
      syntax: RLE,
    });
    for (const part of Object.values(PARTS)) {
      const volume = await createVolume(imageIds, part.options);
      await volume.load();
      expectPart(volume, kind, part);
    }
  });

  for (const source of SOURCES) {
    it(`is loaded at once with the whole volume and other parts of it, ${source}`, async () => {
      const kind = KINDS['16 bits with a sign and a rescale'] as Kind;
      await open(source, kind, false);
      const parts = [
        ...Object.values(PARTS),
        { options: {}, first: [0, 0, 0], step: [1, 1, 1], count: [COLUMNS, ROWS, SLICES] },
      ] as const;
      for (const order of [parts, parts.toReversed()]) {
        const volumes = await Promise.all(
          order.map(({ options }) => createVolume(imageIds, { ...options, maxInFlight: 1 })),
        );
        await Promise.all(volumes.map((volume) => volume.load()));
        order.forEach((part, index) => {
          expectPart(volumes[index] as StreamingImageVolume, kind, part);
        });
        volumes.forEach((volume) => {
          volume.decache(true);
        });
      }
    });

    it(`gives whole frames on request, ${source}`, async () => {
      const kind = KINDS['16 bits with fractions'] as Kind;
      await open(source, kind, true);
      const part = PARTS['every second column of a box'] as Part;
      const volume = await createVolume(imageIds, part.options);
      await volume.load();
      const whole: Part = {
        options: {},
        first: [0, 0, 0],
        step: [1, 1, 1],
        count: [COLUMNS, ROWS, SLICES],
      };
      const frames = truthOf(kind, whole);
      // Slices 2 and 5 are in the volume, and frame 3 is not.
      for (const slice of [2, 3, 5]) {
        const image = await volume.convertToCornerstoneImage<Promise<Types.IImage>>(
          imageIds[slice] as string,
        );
        expect([...image.getPixelData()]).toEqual(frames[slice] as number[]);
        expect([image.rows, image.columns]).toEqual([ROWS, COLUMNS]);
      }
    });
  }
});
