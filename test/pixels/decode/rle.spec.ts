import { decodeRle, rleFault } from '../../../src/pixels/decode/rle.js';
import type { PixelLayout } from '../../../src/pixels/pixelLayout.js';
import { startCornerstone, stopCornerstone } from '../../support/cornerstone.js';
import { encodeRle } from '../../support/encodeRle.js';
import { errorOf } from '../../support/errorOf.js';
import { firstWrongOf } from '../../support/expectVoxels.js';
import { createVolume } from '../../support/createVolume.js';
import { writeCells } from '../../support/pixelCells.js';
import { addWadorsSeries, workersOf } from '../../support/pixelSeries.js';
import type { StoredFormat } from '../../support/pixelSeries.js';
import { seededRandom } from '../../support/seededRandom.js';

const RLE = '1.2.840.10008.1.2.5';
const SLICES = 3;

function formatOf(bitsAllocated: number, pixelRepresentation: 0 | 1): StoredFormat {
  const bitsStored = bitsAllocated;
  const highBit = bitsStored - 1;
  return { rows: 9, columns: 17, bitsAllocated, bitsStored, highBit, pixelRepresentation };
}

const layoutOf = (bitsAllocated: number, valueCount: number): PixelLayout => ({
  valueCount,
  bitsAllocated,
  bitsStored: bitsAllocated,
  highBit: bitsAllocated - 1,
  isSigned: false,
  isFloat: false,
});

describe('RLE of 32 bits', () => {
  afterEach(() => {
    stopCornerstone();
  });

  for (const source of ['wadors in frame workers', 'wadors on the main thread'] as const) {
    for (const pixelRepresentation of [0, 1] as const) {
      it(`is exact, ${pixelRepresentation === 1 ? 'signed' : 'unsigned'}, over ${source}`, async () => {
        startCornerstone(workersOf(source));
        const format = formatOf(32, pixelRepresentation);
        const slices = Array.from({ length: SLICES }, (_, slice) =>
          Array.from(
            { length: 9 * 17 },
            (__, i) => (i - 70 * pixelRepresentation) * 65_537 + slice,
          ),
        );
        const frames = slices.map((values) =>
          encodeRle(
            writeCells(values, format, () => 0),
            4,
          ),
        );
        const imageIds = addWadorsSeries(format, frames, { syntax: RLE });
        expect(await firstWrongOf(imageIds, slices)).toBe('none');
      });
    }
  }

  it('is read with runs, literal bytes and codes without bytes, and padding behind', () => {
    // Highest byte first: a run of 0, a run of 1, literal bytes, and bytes with a code that stands for none.
    const segments = [
      [0xfd, 0],
      [0xfd, 1],
      [3, 5, 6, 7, 8],
      [0x80, 1, 9, 10, 0x80, 0xff, 11, 0x80, 0],
    ];
    const header = new Uint32Array(16);
    header[0] = 4;
    let offset = 64;
    segments.forEach((segment, i) => {
      header[i + 1] = offset;
      offset += segment.length;
    });
    const bytes = Uint8Array.from([...new Uint8Array(header.buffer), ...segments.flat()]);
    const native = decodeRle(bytes, layoutOf(32, 4), 'id:1');
    const values = new Uint32Array(native.slice().buffer);
    expect([...values]).toEqual([0x010509, 0x01060a, 0x01070b, 0x01080b]);
  });
});

describe('Damaged RLE', () => {
  afterEach(() => {
    stopCornerstone();
  });

  const good = encodeRle(
    Uint8Array.from({ length: 2 * 9 * 17 }, (_, i) => i & 0xff),
    2,
  );

  function damaged(change: (view: DataView<ArrayBuffer>) => void): Uint8Array {
    const copy = good.slice();
    change(new DataView(copy.buffer));
    return copy;
  }

  const DAMAGES: Readonly<Record<string, Uint8Array>> = {
    'billions of segments': damaged((view) => {
      view.setUint32(0, 0x7fff_ffff, true);
    }),
    'a segment too few': damaged((view) => {
      view.setUint32(0, 1, true);
    }),
    'an offset far beyond the frame': damaged((view) => {
      view.setUint32(8, 0x7fff_fff0, true);
    }),
    'an offset in the header': damaged((view) => {
      view.setUint32(4, 3, true);
    }),
    'offsets in the wrong order': damaged((view) => {
      view.setUint32(4, view.getUint32(8, true) + 9, true);
    }),
    'a cut end': good.slice(0, good.length - 20),
    'no header': good.slice(0, 40),
    'nothing but zeros': new Uint8Array(200),
  };

  it('has a fault, which a good frame has not', () => {
    expect(rleFault(good, 2, 9 * 17)).toBeUndefined();
    for (const [name, bytes] of Object.entries(DAMAGES)) {
      expect(rleFault(bytes, 2, 9 * 17))
        .withContext(name)
        .toMatch(/RLE frame/);
    }
  });

  for (const [bits, name] of [
    [16, 'worker'],
    [32, 'own decoder'],
  ] as const) {
    it(`ends as the error of its frames, and others are decoded afterwards, for the ${name}`, async () => {
      startCornerstone();
      const format = formatOf(bits, 0);
      for (const bytes of Object.values(DAMAGES)) {
        const imageIds = addWadorsSeries(format, [bytes, bytes], { syntax: RLE });
        const volume = await createVolume(imageIds, { retries: 0 });
        const { failed } = await volume.load();
        expect(failed.map(({ error }) => error.code)).toEqual(['frame-decode', 'frame-decode']);
      }
      const values = Array.from({ length: 9 * 17 }, (_, i) => i);
      const frame = encodeRle(writeCells(values, format, seededRandom(1)), bits / 8);
      const imageIds = addWadorsSeries(format, [frame, frame], { syntax: RLE });
      expect(await firstWrongOf(imageIds, [values, values])).toBe('none');
    });
  }

  it('throws frame-decode', async () => {
    const decode = async () => {
      await Promise.resolve();
      decodeRle(new Uint8Array(64), layoutOf(32, 4), 'id:1');
    };
    const error = await errorOf(decode());
    expect([error.code, error.imageIds]).toEqual(['frame-decode', ['id:1']]);
  });
});
