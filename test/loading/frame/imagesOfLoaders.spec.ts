import { cache, imageLoader, metaData } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import { wadors } from '@cornerstonejs/dicom-image-loader';
import { createVolumeFromImages, prefetchMetadata } from '../../../src/index.js';
import { newVolumeId, startCornerstone, stopCornerstone } from '../../support/cornerstone.js';
import { errorOf } from '../../support/errorOf.js';
import { firstWrong, firstWrongOf } from '../../support/expectVoxels.js';
import { writeCells } from '../../support/pixelCells.js';
import { addSeries } from '../../support/pixelSeries.js';
import type { Source, StoredFormat } from '../../support/pixelSeries.js';

const SLICES = 3;

const SIGNED_BYTES: StoredFormat = {
  rows: 2,
  columns: 4,
  bitsAllocated: 8,
  bitsStored: 8,
  highBit: 7,
  pixelRepresentation: 1,
};
const BYTES = [-128, -1, 0, 1, 127, -100, 50, 3];

const WORDS: StoredFormat = {
  ...SIGNED_BYTES,
  bitsAllocated: 32,
  bitsStored: 32,
  highBit: 31,
  pixelRepresentation: 0,
};

function framesOf(format: StoredFormat, values: readonly number[]): Uint8Array[] {
  return Array.from({ length: SLICES }, () => writeCells(values, format, () => 0));
}

function slicesOf(values: readonly number[]): number[][] {
  return Array.from({ length: SLICES }, () => [...values]);
}

/** The scheme of an application's loader, whose imageIds have those of another loader behind it. */
const SCHEME = 'later';

function provide(type: string, imageId: unknown): unknown {
  return typeof imageId === 'string' && imageId.startsWith(`${SCHEME}:`)
    ? metaData.get(type, imageId.slice(SCHEME.length + 1))
    : undefined;
}

/** Registers a loader that this package does not wrap. */
function registerLater(loader: Types.ImageLoaderFn): void {
  imageLoader.registerImageLoader(SCHEME, (imageId, options) =>
    loader(imageId.slice(SCHEME.length + 1), options),
  );
}

describe('Images of a loader that was registered later', () => {
  beforeEach(() => {
    startCornerstone();
    metaData.addProvider(provide, 1000);
  });

  afterEach(() => {
    metaData.removeProvider(provide);
    imageLoader.registerImageLoader(SCHEME, undefined as never);
    stopCornerstone();
  });

  async function addLater(
    source: Source,
    format: StoredFormat,
    values: readonly number[],
  ): Promise<string[]> {
    const imageIds = await addSeries(source, format, framesOf(format, values));
    if (source.startsWith('wadors')) {
      registerLater(wadors.loadImage);
    } else {
      await prefetchMetadata(imageIds);
      registerLater((imageId, options) => ({
        promise: imageLoader.loadImage(imageId, { ...options, skipCreateImage: false } as never),
      }));
    }
    return imageIds.map((imageId) => `${SCHEME}:${imageId}`);
  }

  for (const source of ['wadors in frame workers', 'wadouri', 'dicomfile'] as const) {
    describe(`and that calls dicom-image-loader, over ${source},`, () => {
      for (const [slope, intercept] of [[], [2, -5], [0.5, 0]] as const) {
        it(`have signed bytes, with slope ${slope ?? 'none'}`, async () => {
          const format = { ...SIGNED_BYTES, slope, intercept };
          const imageIds = await addLater(source, format, BYTES);
          const expected = BYTES.map((value) => value * (slope ?? 1) + (intercept ?? 0));
          expect(await firstWrongOf(imageIds, slicesOf(expected))).toBe('none');
        });
      }

      it('have signed values of 7 bits in 8', async () => {
        const format = { ...SIGNED_BYTES, bitsStored: 7, highBit: 6 };
        const values = [-64, -1, 0, 1, 63, -10, 50, 3];
        const imageIds = await addLater(source, format, values);
        expect(await firstWrongOf(imageIds, slicesOf(values))).toBe('none');
      });

      it('have whole numbers of 32 bits, or are refused where single precision would round', async () => {
        const exact = [0, 1, 2 ** 24, 2 ** 24 + 2, 2 ** 32 - 256, 5, 6, 7];
        expect(await firstWrongOf(await addLater(source, WORDS, exact), slicesOf(exact))).toBe(
          'none',
        );
        const signed = { ...WORDS, pixelRepresentation: 1 as const };
        const negative = [-(2 ** 31), -1, 0, 2 ** 31 - 128, 4, 5, 6, 7];
        const signedIds = await addLater(source, signed, negative);
        expect(await firstWrongOf(signedIds, slicesOf(negative))).toBe('none');
        for (const value of [2 ** 24 + 1, 2 ** 32 - 1]) {
          const found = await firstWrongOf(
            await addLater(source, WORDS, [value, 1, 2, 3, 4, 5, 6, 7]),
            [],
          );
          expect(found).toContain('value-out-of-range');
          expect(found).toContain(String(value));
        }
      });

      it('round a product of 32 bits and a fraction once', async () => {
        const values = [2 ** 24 + 1, 2 ** 31 + 3, 2 ** 32 - 1, 3, 4, 5, 6, 7];
        const slope = 1 / 3e7;
        const imageIds = await addLater(source, { ...WORDS, slope }, values);
        const written = Number(String(slope));
        const expected = values.map((value) => Math.fround(value * written));
        expect(await firstWrongOf(imageIds, slicesOf(expected))).toBe('none');
      });
    });
  }

  describe('and that makes them of arrays of its own', () => {
    async function addOwn(
      format: StoredFormat,
      pixels: Uint8Array | Int8Array | Int32Array | Float32Array,
    ): Promise<string[]> {
      const { rows, columns } = format;
      registerLater((imageId) => ({
        promise: Promise.resolve({
          imageId,
          rows,
          columns,
          color: false,
          sizeInBytes: pixels.byteLength,
          getPixelData: () => pixels,
        } as unknown as Types.IImage),
      }));
      const imageIds = await addSeries('wadors on the main thread', format, framesOf(format, []));
      return imageIds.map((imageId) => `${SCHEME}:${imageId}`);
    }

    it('have signed bytes, also where the array has no sign', async () => {
      for (const pixels of [Int8Array.from(BYTES), Uint8Array.from(BYTES)]) {
        const imageIds = await addOwn(SIGNED_BYTES, pixels);
        expect(await firstWrongOf(imageIds, slicesOf(BYTES))).toBe('none');
      }
    });

    it('have them where the Images are in the cache', async () => {
      const imageIds = await addOwn(SIGNED_BYTES, Uint8Array.from(BYTES));
      await Promise.all(imageIds.map((imageId) => imageLoader.loadAndCacheImage(imageId)));
      const volume = await createVolumeFromImages(newVolumeId(), imageIds);
      expect(firstWrong(volume, slicesOf(BYTES))).toBe('none');
    });

    it('are refused where whole numbers of 32 bits may have been rounded', async () => {
      const values = [2 ** 24, 1, 2, 3, 4, 5, 6, 7];
      const rounded = await addOwn(WORDS, Float32Array.from(values));
      expect(await firstWrongOf(rounded, [])).toContain('value-out-of-range');
      await Promise.all(rounded.map((imageId) => imageLoader.loadAndCacheImage(imageId)));
      const error = await errorOf(createVolumeFromImages(newVolumeId(), rounded));
      expect((error as { code?: string }).code).toBe('frame-not-loaded');
      cache.purgeCache();
      const exact = await addOwn(WORDS, Int32Array.from(values));
      expect(await firstWrongOf(exact, slicesOf(values))).toBe('none');
    });

    it('are taken where they are fractions, whatever the header says', async () => {
      const values = [2 ** 25, 0.5, 2, 3, 4, 5, 6, 7];
      const imageIds = await addOwn(WORDS, Float32Array.from(values));
      expect(await firstWrongOf(imageIds, slicesOf(values))).toBe('none');
    });
  });
});
