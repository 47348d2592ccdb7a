import * as fc from 'fast-check';
import type { EligibilityReason } from '../../../src/base/eligibilityReason.js';
import type { FrameMetadata, Orientation } from '../../../src/base/types.js';
import { arrangeOnGrid } from '../../../src/geometry/describeVolume.js';
import { checkFrames } from '../../../src/geometry/eligibility/checkFrames.js';
import { seededRandom, shuffled } from '../../support/seededRandom.js';
import {
  randomOrientation,
  syntheticFrame,
  syntheticStack,
} from '../../support/syntheticFrames.js';

const RUNS = { seed: 20_241_126, numRuns: 500, includeErrorInReport: true };

type Write = (mm: number) => number;

const decimals =
  (count: number): Write =>
  (mm) =>
    Number(mm.toFixed(count));
const digits =
  (count: number): Write =>
  (mm) =>
    Number(mm.toPrecision(count));
/** As Python and C write it: ties to the even number. */
const halfEven: Write = (mm) => {
  const units = mm * 10;
  const low = Math.floor(units);
  const isTie = Math.abs(units - low - 0.5) < 1e-9;
  return (isTie ? low + (low % 2 === 0 ? 0 : 1) : Math.round(units)) / 10;
};

function written(frames: readonly FrameMetadata[], write: Write): FrameMetadata[] {
  return frames.map((frame) => {
    const [x, y, z] = frame.imagePositionPatient;
    return { ...frame, imagePositionPatient: [write(x), write(y), write(z)] as const };
  });
}

function framesAt(places: readonly number[], spacingBetweenSlices?: number): FrameMetadata[] {
  return places.map((z, index) =>
    syntheticFrame({
      imageId: `synthetic:${index}`,
      imagePositionPatient: [-100, -120, z],
      ...(spacingBetweenSlices !== undefined && { spacingBetweenSlices }),
    }),
  );
}

function found(reasons: readonly EligibilityReason[]): string[] {
  return reasons.map(({ code, severity }) => `${code} ${severity}`);
}

const ROUNDED = ['rounded-positions warning'];

describe('Positions written with few decimals', () => {
  for (const [what, write] of [
    ['rounded', decimals(1)],
    ['rounded with ties to even', halfEven],
    ['cut off', (mm: number) => Math.floor(mm * 10) / 10],
  ] as const) {
    it(`are those of a regular stack of 0.625 mm, ${what}`, () => {
      const frames = written(syntheticStack({ count: 16, sliceSpacing: 0.625 }), write);
      const { eligible, reasons, stack } = checkFrames(frames);
      expect(eligible).toBeTrue();
      expect(found(reasons)).toEqual(ROUNDED);
      expect(reasons[0]?.message).toMatch(/^The positions are written with 1 decimal\./);
      expect(Math.abs((stack?.spacingInMm ?? NaN) - 0.625)).toBeLessThan(0.1 / 15);
      expect(stack?.roundingInMm).toBeCloseTo(0.05, 9);
      const { slices, leftOut } = arrangeOnGrid(frames, stack?.spacingInMm ?? NaN);
      expect(slices).toEqual([...frames.keys()]);
      expect(leftOut).toEqual([]);
    });
  }

  it('are no reason for a word where the tolerances pass them', () => {
    expect(checkFrames(written(syntheticStack(), decimals(1))).reasons).toEqual([]);
    const thin = written(syntheticStack({ count: 40, sliceSpacing: 0.625 }), decimals(2));
    expect(checkFrames(thin).reasons).toEqual([]);
  });

  it('still show a slice that is missing, and no other', () => {
    const whole = written(syntheticStack({ count: 16, sliceSpacing: 0.625 }), decimals(1));
    const frames = whole.filter((_, index) => index !== 5);
    const { reasons, stack } = checkFrames(frames);
    expect(found(reasons)).toEqual(['missing-slices error', ...ROUNDED]);
    expect(reasons[0]?.imageIds).toEqual(['synthetic:4', 'synthetic:6']);
    expect(reasons[0]?.message).toMatch(/^About 1 slice is missing/);
    const { slices } = arrangeOnGrid(frames, stack?.spacingInMm ?? NaN);
    expect(slices.flatMap((index, slice) => (index === undefined ? [slice] : []))).toEqual([5]);
    expect(slices.length).toBe(16);
  });

  it('still show a slice that was moved by more than rounding does', () => {
    const frames = written(syntheticStack({ count: 16, sliceSpacing: 0.625 }), decimals(1));
    const [x, y, z] = frames[7]?.imagePositionPatient ?? [0, 0, 0];
    const moved = frames.with(7, {
      ...(frames[7] as FrameMetadata),
      imagePositionPatient: [x, y, z + 0.2],
    });
    expect(found(checkFrames(moved).reasons)).toEqual(['irregular-spacing error']);
  });

  it('are whole millimetres', () => {
    expect(found(checkFrames(framesAt([0, 3, 5, 8, 10, 13, 15])).reasons)).toEqual(ROUNDED);
    // One slice beside its place, as no rounding of equal distances makes it.
    expect(found(checkFrames(framesAt([0, 5, 10, 16, 20, 25, 30])).reasons)).toEqual([
      'irregular-spacing error',
    ]);
  });

  it('are taken for rounded ones that look like gaps only where the header states the distance', () => {
    const places = [0, 1.25, 2.5, 3.75, 5, 6.25, 7.5, 8.75].map((mm) => Math.round(mm));
    expect(found(checkFrames(framesAt(places)).reasons)).toContain('missing-slices error');
    expect(found(checkFrames(framesAt(places, 1)).reasons)).toContain('missing-slices error');
    const { reasons, stack } = checkFrames(framesAt(places, 1.25));
    expect(found(reasons)).toEqual(ROUNDED);
    expect(stack?.spacingInMm).toBeCloseTo(9 / 7, 9);
    // The same distances in an order that equal ones do not have.
    expect(found(checkFrames(framesAt([0, 1, 2, 3, 5, 7, 8, 9], 1.25)).reasons)).toContain(
      'missing-slices error',
    );
  });

  it('are counted in digits where they have an exponent', () => {
    const stack = syntheticStack({ count: 40, sliceSpacing: 0.625, origin: [-100, -120, 92] });
    const { reasons } = checkFrames(written(stack, digits(4)));
    expect(found(reasons)).toEqual(ROUNDED);
    expect(reasons[0]?.message).toContain('4 significant digits');
  });

  it('change nothing where a header contradicts positions that are regular', () => {
    const { reasons, stack } = checkFrames(framesAt([0, 2.5, 5, 7.5, 10], 2));
    expect(reasons).toEqual([]);
    expect(stack?.spacingInMm).toBe(2.5);
  });

  it('go with cosines that are written with two or three decimals', () => {
    const random = seededRandom(12);
    for (const count of [2, 3]) {
      for (let round = 0; round < 200; round++) {
        const orientation = randomOrientation(random);
        const frames = syntheticStack({ orientation, count: 20 }).map((frame) => ({
          ...frame,
          imageOrientationPatient: orientation.map(decimals(count)) as unknown as Orientation,
        }));
        const { reasons } = checkFrames(written(frames, decimals(count)));
        const errors = reasons.filter(({ severity }) => severity === 'error');
        expect(errors.map(({ message }) => message)).toEqual([]);
      }
    }
  });

  it('do not go with cosines that no rounding makes', () => {
    const skewed: Orientation = [1, 0, 0, 0, 0.97, 0.21];
    const { reasons } = checkFrames(
      syntheticStack({ fields: { imageOrientationPatient: skewed } }),
    );
    expect(found(reasons)).toEqual(['orientation-not-orthonormal error']);
  });

  const rounded = fc
    .record({
      count: fc.integer({ min: 6, max: 60 }),
      turn: fc.tuple(
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
      ),
      isOblique: fc.boolean(),
      origin: fc.tuple(
        fc.double({ min: -300, max: 300, noNaN: true }),
        fc.double({ min: -300, max: 300, noNaN: true }),
        fc.double({ min: -300, max: 300, noNaN: true }),
      ),
      count10: fc.integer({ min: 0, max: 2 }),
      // In units of the last decimal.
      units: fc.double({ min: 4, max: 60, noNaN: true }),
      sign: fc.constantFrom(1, -1),
      order: fc.integer(),
    })
    .map(({ turn, isOblique, units, sign, count10, ...rest }) => ({
      ...rest,
      count10,
      sliceSpacing: sign * units * 10 ** -count10,
      ...(isOblique && {
        orientation: randomOrientation(() => (turn as number[]).shift() ?? 0.5),
      }),
    }));

  it('never make a regular stack irregular, nor give it an absent slice (any stack)', () => {
    expect(() => {
      fc.assert(
        fc.property(rounded, ({ order, count10, ...given }) => {
          const frames = shuffled(
            written(syntheticStack(given), decimals(count10)),
            seededRandom(order),
          );
          const { reasons, stack } = checkFrames(frames);
          const bad = reasons.filter(({ severity }) => severity === 'error');
          if (bad.length > 0 || !stack) {
            throw new Error(bad.map(({ message }) => message).join(' '));
          }
          const { slices } = arrangeOnGrid(frames, stack.spacingInMm);
          if (slices.length !== given.count || slices.includes(undefined)) {
            throw new Error(`Got ${slices.length} slices of ${given.count}`);
          }
        }),
        RUNS,
      );
    }).not.toThrow();
  });

  it('never hide a slice that is missing (any stack)', () => {
    expect(() => {
      fc.assert(
        fc.property(rounded, fc.double({ min: 0, max: 0.999, noNaN: true }), (each, part) => {
          const { order, count10, ...given } = each;
          const gone = 1 + Math.floor(part * (given.count - 2));
          const whole = written(syntheticStack(given), decimals(count10));
          const frames = shuffled(
            whole.filter((_, index) => index !== gone),
            seededRandom(order),
          );
          const { reasons, stack } = checkFrames(frames);
          const missing = reasons.find(({ code }) => code === 'missing-slices');
          const expected = [`synthetic:${gone - 1}`, `synthetic:${gone + 1}`].sort().join();
          if ([...(missing?.imageIds ?? [])].sort().join() !== expected) {
            throw new Error(`Expected ${expected}, got ${JSON.stringify(missing)}`);
          }
          const { slices } = arrangeOnGrid(frames, stack?.spacingInMm ?? NaN);
          const absent = slices.filter((index) => index === undefined).length;
          if (slices.length !== given.count || absent !== 1) {
            throw new Error(`Got ${slices.length} slices of ${given.count}, ${absent} absent`);
          }
        }),
        RUNS,
      );
    }).not.toThrow();
  });

  it('never explain a slice that lies two units beside its place (any stack)', () => {
    const unit = (count10: number) => 10 ** -count10;
    expect(() => {
      fc.assert(
        fc.property(
          fc.integer({ min: 8, max: 40 }),
          fc.integer({ min: 0, max: 1 }),
          fc.double({ min: 4, max: 20, noNaN: true }),
          fc.double({ min: 0, max: 0.999, noNaN: true }),
          (count, count10, units, part) => {
            const sliceSpacing = units * unit(count10);
            const frames = written(syntheticStack({ count, sliceSpacing }), decimals(count10));
            const at = 1 + Math.floor(part * (count - 2));
            const frame = frames[at] as FrameMetadata;
            const [x, y, z] = frame.imagePositionPatient;
            const moved = frames.with(at, {
              ...frame,
              imagePositionPatient: [x, y, decimals(count10)(z + 2 * unit(count10))],
            });
            const codes = checkFrames(moved).reasons.map(({ code }) => code);
            if (!codes.includes('irregular-spacing') && !codes.includes('missing-slices')) {
              throw new Error(`Got ${codes.join()}`);
            }
          },
        ),
        RUNS,
      );
    }).not.toThrow();
  });
});
