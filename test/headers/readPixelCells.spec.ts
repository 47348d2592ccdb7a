import { metaData } from '@cornerstonejs/core';
import { checkVolumeEligibility, prefetchMetadata } from '../../src/index.js';
import { startCornerstone, stopCornerstone } from '../support/cornerstone.js';
import { createVolume } from '../support/createVolume.js';
import { errorOf } from '../support/errorOf.js';
import { firstWrongOf } from '../support/expectVoxels.js';
import { writeCells } from '../support/pixelCells.js';
import {
  addSeries,
  addWadorsSeries,
  encodeFiles,
  SOURCES,
  wadouriIds,
} from '../support/pixelSeries.js';
import type { StoredFormat } from '../support/pixelSeries.js';

const SLICES = 3;

function format(bitsAllocated: number, more: Partial<StoredFormat> = {}): StoredFormat {
  const [bitsStored, pixelRepresentation] = [bitsAllocated, 0 as const];
  const highBit = bitsStored - 1;
  return { rows: 3, columns: 5, bitsAllocated, bitsStored, highBit, pixelRepresentation, ...more };
}

function blank({ rows, columns, bitsAllocated }: StoredFormat): Uint8Array[] {
  const length = Math.ceil((rows * columns * bitsAllocated) / 8);
  return Array.from({ length: SLICES }, () => new Uint8Array(length));
}

describe('Pixels that are not read', () => {
  beforeEach(() => {
    startCornerstone();
  });

  afterEach(() => {
    stopCornerstone();
  });

  async function expectRefused(imageIds: readonly string[], why: string, count = SLICES) {
    const error = await errorOf(createVolume(imageIds));
    expect(error.code).toBe('not-a-volume');
    expect(error.reasons.map(({ code }) => code)).toEqual(['unreadable-pixels']);
    expect(error.message).toContain(why);
    expect(error.imageIds.length).toBe(count);
  }

  it('are refused where the headers name a video or JPIP, in every transfer syntax of these', async () => {
    const chosen = format(8);
    const imageIds = await addSeries('wadouri', chosen, blank(chosen));
    await prefetchMetadata(imageIds);
    const JPEG = '1.2.840.10008.1.2.4';
    const videos = [100, 101, 102, 103, 104, 105, 106].flatMap((id) => [
      `${JPEG}.${id}`,
      `${JPEG}.${id}.1`,
    ]);
    videos.push(
      `${JPEG}.107`,
      `${JPEG}.108`,
      ...[1, 2, 3].map((id) => `1.2.840.10008.1.2.7.${id}`),
    );
    const jpip = [94, 95, 204, 205].map((id) => `${JPEG}.${id}`);
    let transferSyntaxUID = '';
    const provider = (type: string): unknown =>
      type === 'transferSyntax' ? { transferSyntaxUID } : undefined;
    metaData.addProvider(provider, 10_000);
    for (const uid of [...videos, ...jpip]) {
      transferSyntaxUID = uid;
      const { reasons } = checkVolumeEligibility(imageIds);
      const why = jpip.includes(uid) ? 'on a JPIP server' : 'a video is one stream';
      expect(reasons.map(({ code }) => code)).toEqual(['unreadable-pixels']);
      expect(reasons[0]?.message).toContain(why);
      expect(reasons[0]?.message).toContain(uid);
    }
    // JPEG XL and HTJ2K, whose UIDs begin alike.
    for (const uid of ['110', '112', '201', '203'].map((id) => `${JPEG}.${id}`)) {
      transferSyntaxUID = uid;
      expect(checkVolumeEligibility(imageIds).eligible).withContext(uid).toBeTrue();
    }
    metaData.removeProvider(provider);
  });

  for (const [what, chosen, why] of [
    ['whole numbers of 64 bits', format(64), '64 bits'],
    ['signed whole numbers of 64 bits', format(64, { pixelRepresentation: 1 }), '64 bits'],
    ['cells of 12 bits', format(12), '12 bits'],
    ['cells of 24 bits', format(24), '24 bits'],
    ['more bits stored than allocated', format(8, { bitsStored: 12, highBit: 11 }), '12 bits'],
    ['a high bit beyond the cell', format(16, { highBit: 16 }), 'bit 16'],
  ] as const) {
    for (const source of SOURCES) {
      it(`are refused before a frame is requested: ${what}, over ${source}`, async () => {
        const imageIds = await addSeries(source, chosen, blank(chosen));
        await expectRefused(imageIds, why);
      });
    }
  }

  it('are refused: frames of one bit over wadors that begin within a byte', async () => {
    const bits = format(1);
    await expectRefused(addWadorsSeries(bits, blank(bits), { multiFrame: true }), 'one bit', 2);
    const bytes = format(1, { columns: 8 });
    expect(
      checkVolumeEligibility(addWadorsSeries(bytes, blank(bytes), { multiFrame: true })).eligible,
    ).toBeTrue();
  });

  it('are refused: compressed cells of 32 bits, and shifted ones, of a file', async () => {
    for (const [chosen, why] of [
      [format(32), '32 bits'],
      [format(16, { bitsStored: 12, highBit: 15 }), 'up to bit 15'],
    ] as const) {
      const files = await encodeFiles(chosen, blank(chosen), { syntax: 'jpeg-ls' });
      await expectRefused(wadouriIds(files), why);
    }
  });

  it('are refused: big-endian whole numbers of 32 bits', async () => {
    const words = format(32);
    const imageIds = wadouriIds(await encodeFiles(words, blank(words), { syntax: 'big-endian' }));
    await prefetchMetadata(imageIds);
    await expectRefused(imageIds, 'big-endian');
  });
});

describe('Frames of one bit', () => {
  beforeEach(() => {
    startCornerstone();
  });

  afterEach(() => {
    stopCornerstone();
  });

  for (const source of ['wadouri', 'dicomfile'] as const) {
    it(`may begin within a byte of a file, over ${source}`, async () => {
      const bits = format(1);
      const slices = Array.from({ length: SLICES }, (_, slice) =>
        Array.from({ length: 15 }, (__, i) => ((i * 7 + slice * 5) % 3 === 0 ? 1 : 0)),
      );
      // All frames are packed together: the second begins at bit 15 (PS3.5 8.1.1).
      const packed = writeCells(slices.flat(), bits, () => 0);
      const frames = [packed, new Uint8Array(0), new Uint8Array(0)];
      const imageIds = await addSeries(source, bits, frames, { multiFrame: true });
      expect(await firstWrongOf(imageIds, slices)).toBe('none');
    });
  }
});
