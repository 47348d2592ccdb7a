import { cache, imageLoader } from '@cornerstonejs/core';
import { startCornerstone, stopCornerstone } from '../../support/cornerstone.js';
import { paletteElements, toWords } from '../../support/colorFrames.js';
import { createVolume } from '../../support/createVolume.js';
import { encodeFiles, wadouriIds } from '../../support/pixelSeries.js';

/** High bytes; the low ones are others. */
const HIGH = [9, 80, 160, 250];

describe('Files with a palette that dicom-image-loader has loaded', () => {
  beforeEach(() => {
    startCornerstone();
  });

  afterEach(() => {
    stopCornerstone();
  });

  it('become a volume of the colours of the palette', async () => {
    const data = toWords(HIGH.map((high) => 256 * high + 77));
    const table = { count: 4, first: 10, bits: 16, data };
    const format = {
      rows: 1,
      columns: 4,
      bitsAllocated: 8,
      bitsStored: 8,
      highBit: 7,
      pixelRepresentation: 0,
      photometricInterpretation: 'PALETTE COLOR',
      more: paletteElements([table, table, table]),
    } as const;
    const frames = Array.from({ length: 3 }, () => Uint8Array.of(10, 11, 12, 200));
    const imageIds = wadouriIds(await encodeFiles(format, frames));
    for (const imageId of imageIds) {
      await imageLoader.loadAndCacheImage(imageId);
    }
    expect(cache.isLoaded(imageIds[0] as string)).toBeTrue();
    const volume = await createVolume(imageIds);
    expect((await volume.load()).failed).toEqual([]);
    const colors = HIGH.flatMap((high) => [high, high, high]);
    expect([...volume.getScalarData()]).toEqual([...colors, ...colors, ...colors]);
  });
});
