import { imageLoader } from '@cornerstonejs/core';
import { prefetchPart10Instance, wadors } from '@cornerstonejs/dicom-image-loader';
import { createVolume } from '../support/createVolume.js';
import { startCornerstone, stopCornerstone } from '../support/cornerstone.js';
import { startDataSetCache, stopDataSetCache } from '../support/dataSetCache.js';
import { encodeRle } from '../support/encodeRle.js';
import { errorOf } from '../support/errorOf.js';
import { firstWrong, firstWrongOf } from '../support/expectVoxels.js';
import { writeCells } from '../support/pixelCells.js';
import {
  addSeries,
  addWadorsSeries,
  dicomfileIds,
  encodeFiles,
  headersOf,
  SOURCES,
  wadouriIds,
  workersOf,
} from '../support/pixelSeries.js';
import type { StoredFormat } from '../support/pixelSeries.js';
import { seededRandom } from '../support/seededRandom.js';

const [ROWS, COLUMNS, SLICES] = [4, 5, 3];
const SIZE = { rows: ROWS, columns: COLUMNS };

const CT: StoredFormat & { bitsStored: number } = {
  ...SIZE,
  bitsAllocated: 16,
  bitsStored: 12,
  highBit: 11,
  pixelRepresentation: 0,
  slope: 1,
  intercept: -1024,
};
const SIGNED = { ...CT, pixelRepresentation: 1 as const };

/** Whether a voxel lies in the square whose cells have another bit. */
const isInSquare = (i: number): boolean => i % COLUMNS > 1 && i % COLUMNS < 4 && i > COLUMNS;

/** Frames that hold one value everywhere, and in a square also these bits that are not stored. */
function withBits(stored: number, bits: number): Uint8Array[] {
  const words = Uint16Array.from({ length: ROWS * COLUMNS }, (_, i) =>
    isInSquare(i) ? stored | bits : stored,
  );
  return Array.from({ length: SLICES }, () => new Uint8Array(words.slice().buffer));
}

const everywhere = (value: number): number[][] =>
  Array.from({ length: SLICES }, () => new Array<number>(ROWS * COLUMNS).fill(value));

/** Values from one end of 12 bits to the other, and their cells. */
function ramp(format: StoredFormat & { readonly bitsStored: number }) {
  const low = format.pixelRepresentation === 1 ? -(2 ** (format.bitsStored - 1)) : 0;
  const step = (2 ** format.bitsStored - 1) / (ROWS * COLUMNS - 1);
  const values = Array.from({ length: ROWS * COLUMNS }, (_, i) => low + Math.round(i * step));
  const frames = Array.from({ length: SLICES }, () => values);
  return {
    frames: frames.map((each) => writeCells(each, format, seededRandom(7))),
    voxels: frames.map((each) =>
      each.map((value) => value * (format.slope ?? 1) + (format.intercept ?? 0)),
    ),
  };
}

for (const source of SOURCES) {
  describe(`R1: Bits above Bits Stored, over ${source},`, () => {
    beforeEach(() => {
      startCornerstone(workersOf(source));
    });

    afterEach(() => {
      stopCornerstone();
    });

    it('are no part of the value of a CT of 12 bits', async () => {
      const imageIds = await addSeries(source, CT, withBits(1100, 0x1000));
      expect(await firstWrongOf(imageIds, everywhere(76))).toBe('none');
    });

    it('are no part of it where they are an overlay plane', async () => {
      // Retired: Overlay Bits Allocated 16, Overlay Bit Position 12 (PS3.3 2004 C.9.2).
      const more = [
        { tag: 0x60000100, vr: 'US', value: [16] },
        { tag: 0x60000102, vr: 'US', value: [12] },
      ];
      const imageIds = await addSeries(source, { ...CT, more }, withBits(24, 0xf000));
      expect(await firstWrongOf(imageIds, everywhere(-1000))).toBe('none');
    });

    it('are no part of a signed value, whatever they are', async () => {
      // 0x83E is 2110 - 4096 in 12 bits.
      for (const bits of [0x1000, 0x7000, 0xf000]) {
        const imageIds = await addSeries(source, SIGNED, withBits(0x83e, bits));
        expect(await firstWrongOf(imageIds, everywhere(2110 - 4096 - 1024))).toBe('none');
      }
    });

    for (const [what, format] of [
      ['bytes', { ...CT, bitsAllocated: 8, bitsStored: 7, highBit: 6 }],
      ['signed bytes', { ...SIGNED, bitsAllocated: 8, bitsStored: 7, highBit: 6 }],
      ['signed bytes that are full', { ...SIGNED, bitsAllocated: 8, bitsStored: 8, highBit: 7 }],
      ['values without a High Bit in the header', { ...CT, highBit: undefined }],
      ['values at the top of their words', { ...CT, highBit: 15 }],
      ['signed values at the top of their words', { ...SIGNED, highBit: 15 }],
      ['values in the middle of their words', { ...SIGNED, highBit: 13 }],
      [
        'values of 24 bits at the top of 32',
        { ...CT, bitsAllocated: 32, bitsStored: 20, highBit: 31 },
      ],
    ] as [string, typeof CT][]) {
      it(`are left out of ${what}`, async () => {
        const { frames, voxels } = ramp(format);
        for (const multiFrame of [false, true]) {
          const imageIds = await addSeries(source, format, frames, { multiFrame });
          expect(await firstWrongOf(imageIds, voxels)).toBe('none');
        }
      });
    }

    it('are not guessed where the header contradicts itself', async () => {
      for (const highBit of [10, 16]) {
        const imageIds = await addSeries(source, { ...CT, highBit }, withBits(1100, 0x1000));
        const { code, reasons } = await errorOf(createVolume(imageIds));
        expect(code).toBe('not-a-volume');
        expect(reasons.map((reason) => reason.code)).toEqual(['unreadable-pixels']);
      }
    });

    it('are in no Image that is made of the volume', async () => {
      const imageIds = await addSeries(source, CT, withBits(1100, 0x1000));
      const volume = await createVolume(imageIds);
      await volume.load();
      const image = volume.convertToCornerstoneImage(imageIds[1] as string, 1);
      expect([...image.getPixelData()]).toEqual(everywhere(76)[1] as number[]);
      expect([image.minPixelValue, image.maxPixelValue]).toEqual([76, 76]);
    });
  });
}

describe('R1: Bits above Bits Stored', () => {
  beforeEach(() => {
    startCornerstone();
  });

  afterEach(() => {
    stopCornerstone();
  });

  async function deflate(bytes: Uint8Array): Promise<Uint8Array> {
    const stream = new Blob([bytes as Uint8Array<ArrayBuffer>])
      .stream()
      .pipeThrough(new CompressionStream('deflate-raw'));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  }

  const swapped = (bytes: Uint8Array, unit: number): Uint8Array =>
    bytes.map((_, i) => bytes[i - (i % unit) + unit - 1 - (i % unit)] as number);

  for (const [name, syntax, encode] of [
    ['Implicit VR Little Endian', '1.2.840.10008.1.2', (frame) => frame],
    ['Encapsulated Uncompressed', '1.2.840.10008.1.2.1.98', (frame) => frame],
    ['Explicit VR Big Endian', '1.2.840.10008.1.2.2', (frame) => swapped(frame, 2)],
    ['RLE Lossless', '1.2.840.10008.1.2.5', (frame) => encodeRle(frame, 2)],
    ['Deflated Image Frame', '1.2.840.10008.1.2.8.1', deflate],
  ] as [string, string, (frame: Uint8Array) => Uint8Array | Promise<Uint8Array>][]) {
    for (const [what, format] of [
      ['unsigned', CT],
      ['signed', SIGNED],
      ['shifted', { ...SIGNED, highBit: 15 }],
    ] as [string, typeof CT][]) {
      it(`are left out of ${what} frames in ${name} over wadors`, async () => {
        const { frames, voxels } = ramp(format);
        const encoded = await Promise.all(frames.map(async (frame) => encode(frame)));
        const imageIds = addWadorsSeries(format, encoded, { syntax });
        expect(await firstWrongOf(imageIds, voxels)).toBe('none');
      });
    }
  }

  for (const [syntax, encode] of [
    ['implicit', (frame: Uint8Array) => frame],
    ['deflated', (frame: Uint8Array) => frame],
    ['big-endian', (frame: Uint8Array) => swapped(frame, 2)],
  ] as const) {
    it(`are left out of files in ${syntax}`, async () => {
      for (const format of [CT, SIGNED, { ...SIGNED, highBit: 15 }]) {
        const { frames, voxels } = ramp(format);
        const files = await encodeFiles(format, frames.map(encode), { syntax });
        expect(await firstWrongOf(wadouriIds(files), voxels)).toBe('none');
        expect(await firstWrongOf(dicomfileIds(files), voxels)).toBe('none');
      }
    });
  }

  it('are left out of big-endian bytes, which change places two by two', async () => {
    const format = { ...CT, bitsAllocated: 8, bitsStored: 7, highBit: 6 };
    const { frames, voxels } = ramp(format);
    const words = await encodeFiles(
      format,
      frames.map((frame) => swapped(frame, 2)),
      {
        syntax: 'big-endian',
        vr: 'OW',
      },
    );
    const bytes = await encodeFiles(format, frames, { syntax: 'big-endian', vr: 'OB' });
    expect(await firstWrongOf(wadouriIds(words), voxels)).toBe('none');
    expect(await firstWrongOf(wadouriIds(bytes), voxels)).toBe('none');
  });

  it('are not guessed of samples of a codec whose High Bit is not the highest', async () => {
    const imageIds = addWadorsSeries({ ...CT, highBit: 15 }, withBits(1100, 0), {
      syntax: '1.2.840.10008.1.2.4.90',
    });
    expect(await firstWrongOf(imageIds, everywhere(76))).toContain('frame-decode');
  });

  for (const [what, format] of [
    ['unsigned', CT],
    ['signed', SIGNED],
    ['8 bit signed', { ...SIGNED, bitsAllocated: 8, bitsStored: 8, highBit: 7 }],
    ['shifted', { ...SIGNED, highBit: 15 }],
  ] as [string, typeof CT][]) {
    it(`are left out of ${what} frames that Cornerstone's metadata holds`, async () => {
      const { frames, voxels } = ramp(format);
      const files = await encodeFiles(format, frames);
      const imageIds = wadouriIds(files);
      await Promise.all(
        imageIds.map((imageId, i) =>
          prefetchPart10Instance(imageId, (files[i] as Uint8Array).slice().buffer),
        ),
      );
      expect(await firstWrongOf(imageIds, voxels)).toBe('none');
    });

    it(`are left out of ${what} frames whose Images are in the cache`, async () => {
      const { frames, voxels } = ramp(format);
      for (const imageIds of [
        wadouriIds(await encodeFiles(format, frames)),
        dicomfileIds(await encodeFiles(format, frames)),
        addWadorsSeries(format, frames),
      ]) {
        await Promise.all(imageIds.map((imageId) => imageLoader.loadAndCacheImage(imageId)));
        expect(await firstWrongOf(imageIds, voxels)).toBe('none');
      }
    });
  }

  for (const [what, format] of [
    ['unsigned', CT],
    ['signed', SIGNED],
    ['8 bit signed', { ...SIGNED, bitsAllocated: 8, bitsStored: 8, highBit: 7 }],
  ] as [string, typeof CT][]) {
    it(`are left out of ${what} files whose headers come from elsewhere`, async () => {
      const { frames, voxels } = ramp(format);
      const imageIds = wadouriIds(await encodeFiles(format, frames));
      headersOf(format, SLICES).forEach((header, i) => {
        wadors.metaDataManager.add(imageIds[i] as string, header as never);
      });
      expect(await firstWrongOf(imageIds, voxels)).toBe('none');
    });
  }

  describe('with the data set cache of dicom-image-loader', () => {
    beforeEach(() => {
      startDataSetCache();
      startCornerstone();
    });

    afterEach(() => {
      stopCornerstone();
      stopDataSetCache();
    });

    it('are left out, or the frame is refused', async () => {
      for (const [format, isRead] of [
        [CT, true],
        [SIGNED, true],
        [{ ...SIGNED, highBit: 15 }, false],
      ] as const) {
        const { frames, voxels } = ramp(format);
        const imageIds = dicomfileIds(await encodeFiles(format, frames));
        await Promise.all(imageIds.map((imageId) => imageLoader.loadImage(imageId)));
        const volume = await createVolume(imageIds);
        const { failed } = await volume.load();
        expect(failed.map(({ error }) => error.code)).toEqual(
          isRead ? [] : frames.map(() => 'frame-decode'),
        );
        expect(isRead ? firstWrong(volume, voxels) : 'refused').toBe(isRead ? 'none' : 'refused');
      }
    });
  });
});
