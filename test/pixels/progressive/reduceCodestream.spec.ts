import { decodePartial } from '../../../src/pixels/progressive/decodePartial.js';
import { reduceCodestream } from '../../../src/pixels/progressive/reduceCodestream.js';
import type { ReducedCodestream } from '../../../src/pixels/progressive/reduceCodestream.js';
import { startCornerstone, stopCornerstone } from '../../support/cornerstone.js';
import {
  COLUMNS,
  encodeValues,
  frameValues,
  LEVELS,
  lowerResolution,
  ROWS,
} from '../../support/progressiveFrames.js';
import { seededRandom } from '../../support/seededRandom.js';
import { serveSeries } from '../../support/servedSeries.js';

const LAYOUT = {
  valueCount: COLUMNS * ROWS,
  bitsAllocated: 16,
  bitsStored: 16,
  highBit: 15,
  isSigned: false,
  isFloat: false,
};
const NEVER = new AbortController().signal;

describe('The beginning of a codestream', () => {
  const truth = frameValues(0);

  beforeAll(() => {
    startCornerstone();
  });

  afterAll(() => {
    stopCornerstone();
  });

  /** The different codestreams that more and more bytes give, each with the number of bytes. */
  function reductions(whole: Uint8Array): [number, ReducedCodestream][] {
    const found: [number, ReducedCodestream][] = [];
    for (let length = 0; length <= whole.length; length += 3) {
      const reduced = reduceCodestream(whole.subarray(0, length));
      const last = found.at(-1)?.[1];
      const isNew =
        last?.missingLevels !== reduced?.missingLevels ||
        last?.missingLayers !== reduced?.missingLayers;
      if (reduced && isNew) {
        found.push([length, reduced]);
      }
    }
    return found;
  }

  async function imageIdOf(samplesPerPixel: number, bitsAllocated: number): Promise<string> {
    const body = new Uint8Array(0);
    const size = { columns: COLUMNS, rows: ROWS };
    const [imageId] = await serveSeries({ ...size, samplesPerPixel, bitsAllocated, body });
    return imageId as string;
  }

  for (const encoding of ['htj2k', 'htj2kRpcl', 'htj2kTileParts', 'htj2kPrecincts', 'jpeg2000']) {
    it(`gives each resolution of ${encoding}, as soon as its last byte has come`, async () => {
      const whole = await encodeValues(encoding, truth);
      const found = reductions(whole);
      expect(found.map(([, { missingLevels }]) => missingLevels)).toEqual([2, 1]);
      const imageId = await imageIdOf(1, 16);
      for (const [length, reduced] of found) {
        const expected = lowerResolution(truth, reduced.missingLevels);
        expect([reduced.columns, reduced.rows]).toEqual([expected.columns, expected.rows]);
        expect(length).toBeLessThan(whole.length / 2);
        const frame = await decodePartial(imageId, reduced, LAYOUT, NEVER);
        const step = 2 ** reduced.missingLevels;
        const atGrid = expected.values.map((_, i) => {
          const [x, y] = [i % expected.columns, Math.floor(i / expected.columns)];
          return frame?.pixelData[y * step * COLUMNS + x * step];
        });
        expect(atGrid).toEqual(expected.values);
        expect(frame?.imageQualityStatus).toBe(6);
        expect(frame?.missing).toEqual({
          missingLevels: reduced.missingLevels,
          missingLayers: 0,
        });
      }
      expect(reduceCodestream(whole)).toBeUndefined();
      expect(reduceCodestream(whole, 1)?.missingLevels).toBe(1);
      expect(reduceCodestream(whole, 9)?.missingLevels).toBe(LEVELS);
    });
  }

  it('gives the resolutions of the first layer, and then more layers in full size', async () => {
    const whole = await encodeValues('jpeg2000Layers', truth);
    const found = reductions(whole);
    expect(
      found.map(([, { missingLevels, missingLayers }]) => [missingLevels, missingLayers]),
    ).toEqual([
      [2, 2],
      [1, 2],
      [0, 2],
      [0, 1],
    ]);
    const imageId = await imageIdOf(1, 16);
    const errors: number[] = [];
    for (const [, reduced] of found.slice(2)) {
      const frame = await decodePartial(imageId, reduced, LAYOUT, NEVER);
      expect(frame?.imageQualityStatus).toBe(7);
      const pixels = frame?.pixelData ?? [];
      errors.push(truth.reduce((sum, value, i) => sum + Math.abs(value - Number(pixels[i])), 0));
    }
    const [first = 0, second = 0] = errors.map((sum) => sum / truth.length);
    expect(first).toBeLessThan(60);
    expect(second).toBeLessThanOrEqual(first);
  });

  it('gives colours', async () => {
    const colors = Uint8Array.from(
      { length: 3 * COLUMNS * ROWS },
      (_, i) => (i % 3) * 60 + (Math.floor(i / 3) % COLUMNS),
    );
    const color = { space: 'RGB', isPlanar: false, isSubsampled: false } as never;
    const layout = {
      ...LAYOUT,
      color,
      valueCount: 3 * LAYOUT.valueCount,
      bitsAllocated: 8,
      bitsStored: 8,
      highBit: 7,
    };
    const imageId = await imageIdOf(3, 8);
    for (const encoding of ['htj2kRpcl', 'jpeg2000']) {
      const whole = await encodeValues(encoding, colors, 3);
      const reduced = reduceCodestream(whole, 1);
      const frame = reduced && (await decodePartial(imageId, reduced, layout, NEVER));
      expect(frame?.pixelData.length).toBe(colors.length);
      // A ramp stays a ramp, apart from its ends.
      const [red, green, blue] = frame?.pixelData.slice(3 * 30, 3 * 31) ?? [];
      expect(Math.abs(Number(red) - 30)).toBeLessThan(4);
      expect(Math.abs(Number(green) - Number(red) - 60)).toBeLessThan(4);
      expect(Math.abs(Number(blue) - Number(green) - 60)).toBeLessThan(4);
    }
  });

  it('is not decoded where the header states another size', async () => {
    const reduced = reduceCodestream(await encodeValues('htj2kRpcl', truth), 1);
    const layout = { ...LAYOUT, valueCount: LAYOUT.valueCount - 1 };
    const frame = reduced && (await decodePartial('wadors:none', reduced, layout, NEVER));
    expect(frame).toBeUndefined();
  });

  it('gives nothing, and no error, for anything else and for damaged bytes', async () => {
    expect(reduceCodestream(new Uint8Array(0))).toBeUndefined();
    expect(reduceCodestream(Uint8Array.of(0xff, 0xd8, 0xff, 0xd9))).toBeUndefined();
    const random = seededRandom(7);
    for (const encoding of ['htj2kTileParts', 'htj2kPrecincts', 'jpeg2000Layers']) {
      const whole = await encodeValues(encoding, truth);
      for (let trial = 0; trial < 300; trial++) {
        const damaged = whole.slice(0, Math.ceil(random() * whole.length));
        const reach = trial % 2 === 0 ? 200 : damaged.length;
        for (let i = 0; i < 3; i++) {
          damaged[Math.floor(random() * Math.min(reach, damaged.length))] = Math.floor(
            random() * 256,
          );
        }
        const reduced = reduceCodestream(damaged);
        expect(reduced === undefined || reduced.bytes.length < 2 * whole.length).toBeTrue();
      }
    }
  });
});
