import { checkFrames } from '../../../src/geometry/eligibility/checkFrames.js';
import type { EligibilityCode, EligibilityReason } from '../../../src/base/eligibilityReason.js';
import type { FrameMetadata, Orientation } from '../../../src/base/types.js';
import { seededRandom, shuffled } from '../../support/seededRandom.js';
import {
  moved,
  randomOrientation,
  syntheticFrame,
  syntheticStack,
  withFrame,
} from '../../support/syntheticFrames.js';

function idsOf(...indices: number[]): string[] {
  return indices.map((index) => `synthetic:${index}`);
}

function codesOf(frames: readonly FrameMetadata[]): string[] {
  return checkFrames(frames).reasons.map(({ code }) => code);
}

const REGULAR = { eligible: true, reasons: [], stack: jasmine.anything() };

function onlyReason(frames: readonly FrameMetadata[]): EligibilityReason {
  const { eligible, reasons } = checkFrames(frames);
  expect(eligible).toBe(reasons[0]?.severity === 'warning');
  expect(reasons.length)
    .withContext(reasons.map(({ message }) => message).join(' '))
    .toBe(1);
  return reasons[0] ?? { code: 'metadata-missing', severity: 'error', message: '', imageIds: [] };
}

/** The orientation, turned about the row direction. */
function axialTiltedBy(degrees: number): Orientation {
  const radians = (degrees * Math.PI) / 180;
  return [1, 0, 0, 0, Math.cos(radians), Math.sin(radians)];
}

describe('checkFrames', () => {
  it('finds nothing wrong with a regular stack', () => {
    expect(checkFrames(syntheticStack())).toEqual(REGULAR);
  });

  it('needs two frames', () => {
    expect(checkFrames([]).reasons).toEqual([
      {
        code: 'not-enough-frames',
        severity: 'error',
        message: 'A volume needs at least 2 frames, got 0.',
        imageIds: [],
      },
    ]);
    expect(onlyReason([syntheticFrame()])).toEqual({
      code: 'not-enough-frames',
      severity: 'error',
      message: 'A volume needs at least 2 frames, got 1.',
      imageIds: idsOf(0),
    });
    expect(checkFrames(syntheticStack({ count: 2 })).eligible).toBe(true);
  });

  it('passes any orientation, spacing and order, and does not change the array', () => {
    const random = seededRandom(17);
    for (let round = 0; round < 100; round++) {
      const frames = shuffled(
        syntheticStack({
          count: 2 + Math.floor(random() * 40),
          origin: [random() * 400 - 200, random() * 400 - 200, random() * 400 - 200],
          orientation: randomOrientation(random),
          sliceSpacing: 0.2 + random() * 8,
        }),
        random,
      );
      const before = [...frames];
      expect(checkFrames(frames)).toEqual(REGULAR);
      expect(frames).toEqual(before);
    }
  });

  it('passes positions and cosines that headers have rounded', () => {
    const random = seededRandom(5);
    const round = (digits: number) => (value: number) => Number(value.toFixed(digits));
    for (let i = 0; i < 50; i++) {
      const frames = syntheticStack({ count: 60, orientation: randomOrientation(random) }).map(
        (frame) => ({
          ...frame,
          imagePositionPatient: frame.imagePositionPatient.map(
            round(2),
          ) as unknown as FrameMetadata['imagePositionPatient'],
          imageOrientationPatient: frame.imageOrientationPatient.map(
            round(5),
          ) as unknown as Orientation,
        }),
      );
      expect(codesOf(frames)).toEqual([]);
    }
  });

  it('passes an oblique MR head whose positions are rounded to a tenth of a mm', () => {
    const positions = [
      [-78.3063, -72.7575],
      [-79.3063, -65.7575],
      [-80.2063, -58.8575],
      [-81.2063, -51.9575],
      [-82.1063, -44.9575],
      [-83.0063, -38.0575],
      [-84.0063, -31.1575],
      [-84.9063, -24.1575],
      [-85.9063, -17.2575],
      [-86.8063, -10.2575],
    ];
    const frames = positions.map(([y, z], index) =>
      syntheticFrame({
        imageId: `synthetic:${index}`,
        imageOrientationPatient: [1, 0, 0, 0, 0.99096, 0.134158],
        imagePositionPatient: [-110.5, y ?? 0, z ?? 0],
        pixelSpacing: [0.859375, 0.859375],
      }),
    );
    expect(checkFrames(frames)).toEqual(REGULAR);
  });

  describe('fields that differ (D17)', () => {
    const cases: [EligibilityCode, Partial<FrameMetadata>, string][] = [
      ['frame-of-reference', { frameOfReferenceUID: '9.9' }, '9.9 in 1 frame'],
      ['frame-of-reference', { frameOfReferenceUID: undefined }, 'none in 1 frame'],
      ['series', { seriesInstanceUID: '9.9' }, '9.9 in 1 frame'],
      ['modality', { modality: 'PT' }, 'CT in 9 frames, PT in 1 frame'],
      ['dimensions', { rows: 5 }, '4 x 3 pixels in 9 frames, 4 x 5 pixels in 1 frame'],
      ['dimensions', { columns: 5 }, '5 x 3 pixels in 1 frame'],
      ['pixel-format', { bitsAllocated: 8 }, '12 unsigned bits in 8 in 1 frame'],
      ['pixel-format', { bitsStored: 16 }, '16 unsigned bits in 16 in 1 frame'],
      ['pixel-format', { pixelRepresentation: 1 }, '12 signed bits in 16 in 1 frame'],
      ['pixel-format', { samplesPerPixel: 3 }, '3 samples'],
      ['pixel-format', { photometricInterpretation: 'MONOCHROME1' }, 'MONOCHROME1 with'],
      ['pixel-spacing', { pixelSpacing: [0.8, 0.9] }, '0.8 x 0.7 mm'],
      ['orientation', { imageOrientationPatient: axialTiltedBy(1) }, '1.000 degrees'],
      ['orientation', { imageOrientationPatient: [1, 0, 0, 0, -1, 0] }, '180.000 degrees'],
      ['orientation-not-orthonormal', { imageOrientationPatient: [1, 0, 0, 0, 0.9, 0] }, '0.9, 0)'],
      ['orientation-not-orthonormal', { imageOrientationPatient: [1, 0, 0, 0.1, 0.995, 0] }, '0.1'],
      ['orientation-not-orthonormal', { imageOrientationPatient: [0, 0, 0, 0, 0, 0] }, '0, 0)'],
    ];
    for (const [code, fields, words] of cases) {
      it(`gives only ${code} for ${JSON.stringify(fields)} of one frame in the middle`, () => {
        const reason = onlyReason(withFrame(syntheticStack(), 4, fields));
        expect(reason.code).toBe(code);
        expect(reason.imageIds).toEqual(idsOf(4));
        expect(reason.message).toContain(words);
      });
    }

    it('passes differences that come from rounding', () => {
      const frames = withFrame(syntheticStack(), 0, {
        pixelSpacing: [0.80004, 0.7],
        imageOrientationPatient: [1, 0, 0, 0, 1, 0.00006],
      });
      expect(checkFrames(frames).eligible).toBe(true);
    });

    it('passes frames around a common value wherever the first lies', () => {
      const spread = [1.00008, 1.00008, 1.00008, 1, 0.99997, 0.99997, 0.99997].map((factor, i) => ({
        ...syntheticFrame({ pixelSpacing: [factor, 1], imageId: `synthetic:${i}` }),
        imagePositionPatient: [0, 0, i] as const,
      }));
      expect(codesOf(spread)).toEqual([]);
      expect(codesOf([...spread].reverse())).toEqual([]);
    });

    it('names the minority also when it comes first', () => {
      const frames = syntheticStack().map((frame, i) =>
        i < 3 ? { ...frame, modality: 'PT' } : frame,
      );
      expect(onlyReason(frames).imageIds).toEqual(idsOf(0, 1, 2));
    });

    it('gives only orientation-not-orthonormal when all frames are skewed', () => {
      const fields = { imageOrientationPatient: [1, 0, 0, 1, 0, 0] as const };
      const reason = onlyReason(syntheticStack({ fields }));
      expect(reason.code).toBe('orientation-not-orthonormal');
      expect(reason.imageIds.length).toBe(10);
    });

    it('separates the planes of a localizer without judging their positions', () => {
      const axial = syntheticStack({ count: 3 });
      const sagittal = syntheticStack({ count: 2, orientation: [0, 1, 0, 0, 0, -1] });
      const coronal = syntheticStack({ count: 2, orientation: [1, 0, 0, 0, 0, -1] });
      const reason = onlyReason([...sagittal, ...axial, ...coronal]);
      expect(reason.code).toBe('orientation');
      expect(reason.imageIds).toEqual(idsOf(0, 1, 0, 1));
    });

    it('gives two series at the same places no duplicate positions', () => {
      const other = syntheticStack({ fields: { seriesInstanceUID: '9', modality: 'PT' } });
      expect(codesOf([...syntheticStack(), ...other])).toEqual(['series', 'modality']);
    });
  });

  describe('positions (D17)', () => {
    it('names both sides of a missing slice', () => {
      const frames = syntheticStack().filter((_, index) => index !== 4);
      const reason = onlyReason(frames.reverse());
      expect(reason.code).toBe('missing-slices');
      expect(reason.severity).toBe('error');
      expect(reason.imageIds).toEqual(idsOf(5, 3));
      expect(reason.message).toBe(
        'About 1 slice is missing, where neighbours are not the usual 2.500 mm apart: ' +
          '5.000 mm between synthetic:3 and synthetic:5, 7.500 mm from the first slice.',
      );
    });

    it('tells a missing slice from a frame that has another fault', () => {
      const frames = withFrame(syntheticStack(), 7, { rows: 5 }).filter((_, i) => i !== 3);
      const { reasons } = checkFrames(frames);
      expect(reasons.map(({ code }) => code)).toEqual(['dimensions', 'missing-slices']);
      expect(reasons[1]?.imageIds).toEqual(idsOf(2, 4));
    });

    it('finds the missing slice beside a frame that has another fault', () => {
      const frames = withFrame(syntheticStack(), 5, { rows: 5 }).filter((_, i) => i !== 4);
      const { reasons } = checkFrames(frames);
      expect(reasons.map(({ code }) => code)).toEqual(['dimensions', 'missing-slices']);
      expect(reasons[1]?.imageIds).toEqual(idsOf(3, 6));
    });

    it('counts the missing slices, and names the first places', () => {
      const gone = new Set([2, 5, 6, 9, 12]);
      const reason = onlyReason(syntheticStack({ count: 20 }).filter((_, i) => !gone.has(i)));
      expect(reason.message).toContain('About 5 slices are missing');
      expect(reason.message).toContain('7.500 mm between synthetic:4 and synthetic:7');
      expect(reason.message).toMatch(/and at 1 other place\.$/);
      expect(reason.imageIds).toEqual(idsOf(1, 3, 4, 7, 8, 10, 11, 13));
    });

    it('finds a shifted slice, as two distances that differ', () => {
      const frames = syntheticStack().map((frame, i) =>
        i === 4 ? moved(frame, [0, 0, 0.3]) : frame,
      );
      const reason = onlyReason(frames);
      expect(reason.imageIds).toEqual(idsOf(3, 4, 5));
      expect(reason.code).toBe('irregular-spacing');
      expect(reason.severity).toBe('error');
      expect(reason.message).toContain('by up to 0.300 mm (12.0 %)');
    });

    it('takes a deviation below 1 percent, warns of one of 2, and refuses one of 6', () => {
      const shifted = (mm: number) =>
        syntheticStack().map((frame, i) => (i === 9 ? moved(frame, [0, 0, mm]) : frame));
      expect(codesOf(shifted(0.024))).toEqual([]);
      const warning = onlyReason(shifted(0.05));
      expect([warning.code, warning.severity]).toEqual(['irregular-spacing', 'warning']);
      expect(warning.imageIds).toEqual(idsOf(8, 9));
      expect(warning.message).toContain(
        'by up to 0.044 mm (1.8 %): 2.550 mm between synthetic:8 and synthetic:9, 20.000 mm from the first slice.',
      );
      const error = onlyReason(shifted(0.15));
      expect([error.code, error.severity]).toEqual(['irregular-spacing', 'error']);
    });

    it('warns of a tilt below 1 degree, and refuses a larger one', () => {
      const tilted = (degrees: number) =>
        syntheticStack({ count: 40, drift: [2.5 * Math.tan((degrees * Math.PI) / 180), 0] });
      expect(onlyReason(tilted(0.9)).severity).toBe('warning');
      expect(onlyReason(tilted(1.1)).severity).toBe('error');
    });

    it('measures how a stack lies', () => {
      const oblique = syntheticStack({ orientation: axialTiltedBy(15), drift: [0, 0.1] });
      const { stack } = checkFrames(oblique);
      expect(stack?.obliquityInDegrees).toBeCloseTo(15, 9);
      expect(stack?.tiltInDegrees).toBeCloseTo((Math.atan(0.04) * 180) / Math.PI, 9);
      expect(stack?.spacingInMm).toBeCloseTo(2.5, 9);
      expect(stack?.worstSpacingDeviationInMm).toBeCloseTo(0, 9);
    });

    it('calls planes that turn from frame to frame a curve, and judges nothing else', () => {
      const frames = Array.from({ length: 12 }, (_, i) =>
        syntheticFrame({
          imageId: `synthetic:${i}`,
          imageOrientationPatient: axialTiltedBy(15 * i),
        }),
      );
      const reason = onlyReason(frames);
      expect([reason.code, reason.severity]).toEqual(['curved-stack', 'error']);
      expect(reason.imageIds).toEqual(frames.map(({ imageId }) => imageId));
      expect(reason.message).toMatch(/by up to \d+\.000 degrees over 12 frames/);
    });

    it('calls positions on an arc a curve', () => {
      const frames = syntheticStack({ count: 30 }).map((frame, i) =>
        moved(frame, [40 * Math.cos(i / 5), 0, 0]),
      );
      const reason = onlyReason(frames);
      expect([reason.code, reason.severity]).toEqual(['curved-stack', 'error']);
      expect(reason.imageIds.length).toBe(30);
    });

    it('finds distances that change so slowly that only their sum shows', () => {
      const frames = Array.from({ length: 201 }, (_, i) =>
        syntheticFrame({
          imageId: `synthetic:${i}`,
          imagePositionPatient: [0, 0, i <= 100 ? i : 100 + (i - 100) * 1.018],
        }),
      );
      const reason = onlyReason(frames);
      expect(reason.code).toBe('irregular-spacing');
      expect(reason.imageIds).toContain('synthetic:100');
      expect(reason.message).toContain('up to 0.900 mm away');
    });

    it('names all frames that share a position, and finds no irregular spacing', () => {
      const stack = syntheticStack();
      const twin = { ...stack[6], imageId: 'twin' } as FrameMetadata;
      const reason = onlyReason([twin, ...stack]);
      expect(reason.code).toBe('duplicate-position');
      expect(reason.imageIds).toEqual(['twin', 'synthetic:6']);
      expect(reason.message).toBe(
        '2 frames lie at the same position (-100.000, -120.000, 65.000) mm.',
      );
    });

    it('finds every position of a series with two time points twice', () => {
      const reason = onlyReason([...syntheticStack(), ...syntheticStack()]);
      expect(reason.code).toBe('duplicate-position');
      expect(reason.imageIds.length).toBe(20);
      expect(reason.message).toContain('20 frames share 10 positions');
    });

    it('finds nothing else where all frames are at one position', () => {
      const frames = Array.from({ length: 4 }, () => syntheticFrame());
      expect(onlyReason(frames).code).toBe('duplicate-position');
    });

    it('finds one tilt, with its angle, in a sheared stack of any orientation and order', () => {
      const random = seededRandom(23);
      for (const degrees of [0.5, 5, 15, 30]) {
        const drift = 2.5 * Math.tan((degrees * Math.PI) / 180);
        const frames = syntheticStack({
          count: 40,
          orientation: randomOrientation(random),
          drift: [drift * 0.6, -drift * 0.8],
        });
        const reason = onlyReason(shuffled(frames, random));
        expect(reason.code).toBe('gantry-tilt');
        expect(reason.message).toContain(`tilted by ${degrees.toFixed(2)} degrees`);
        expect(reason.imageIds.length).toBe(40);
      }
    });

    it('takes a drift that stays under a quarter of a pixel', () => {
      expect(codesOf(syntheticStack({ count: 5, drift: [0.03, 0] }))).toEqual([]);
      expect(codesOf(syntheticStack({ count: 5, drift: [0.06, 0] }))).toEqual(['gantry-tilt']);
    });

    it('finds tilt, gap and duplicate beside each other', () => {
      const stack = syntheticStack({ count: 13, drift: [0, 0.67] });
      const twin = { ...stack[2], imageId: 'twin' } as FrameMetadata;
      const frames = [...stack.filter((_, i) => i !== 8), twin];
      const { reasons } = checkFrames(shuffled(frames, seededRandom(3)));
      expect(reasons.map(({ code }) => code)).toEqual([
        'duplicate-position',
        'gantry-tilt',
        'missing-slices',
      ]);
      expect(new Set(reasons[0]?.imageIds)).toEqual(new Set(['twin', ...idsOf(2)]));
      expect(new Set(reasons[2]?.imageIds)).toEqual(new Set(idsOf(7, 9)));
      expect(reasons[1]?.message).toContain('15.00 degrees');
    });

    it('names the frame that lies off the line, wherever it is, and nothing else', () => {
      for (let off = 0; off < 10; off++) {
        const frames = syntheticStack().map((frame, i) =>
          i === off ? moved(frame, [3, 0, 0]) : frame,
        );
        const reason = onlyReason(frames);
        expect(reason.code).toBe('positions-not-in-line');
        expect(reason.imageIds).toEqual(idsOf(off));
        expect(reason.message).toBe(
          '1 of 10 positions is off the line through the others, by up to 3.000 mm.',
        );
      }
    });

    it('names the frame that lies off a tilted line', () => {
      for (let off = 0; off < 9; off++) {
        const frames = syntheticStack({ count: 9, drift: [0.7, 0] }).map((frame, i) =>
          i === off ? moved(frame, [0, 4, 0]) : frame,
        );
        const { reasons } = checkFrames(frames);
        expect(reasons.map(({ code }) => code)).toEqual(['positions-not-in-line', 'gantry-tilt']);
        expect(reasons[0]?.imageIds).toEqual(idsOf(off));
        expect(reasons[1]?.message).toContain('15.64 degrees');
      }
    });

    it('takes the untilted line of three frames for right, where two of three are on any', () => {
      for (let off = 0; off < 3; off++) {
        const frames = syntheticStack({ count: 3 }).map((frame, i) =>
          i === off ? moved(frame, [3, 0, 0]) : frame,
        );
        const reason = onlyReason(frames);
        expect(reason.code).toBe('positions-not-in-line');
        expect(reason.imageIds).toEqual(idsOf(off));
      }
    });

    it('names a frame at the end that is half a pixel off the line, and finds no tilt', () => {
      const frames = syntheticStack({ count: 6 }).map((frame, i) =>
        i === 0 ? moved(frame, [0.35, 0, 0]) : frame,
      );
      const reason = onlyReason(frames);
      expect([reason.code, reason.imageIds]).toEqual(['positions-not-in-line', idsOf(0)]);
    });

    it('passes frames that swing about the line by less than a quarter of a pixel', () => {
      const frames = syntheticStack().map((frame, i) => moved(frame, [i % 2 ? 0.12 : -0.12, 0, 0]));
      expect(codesOf(frames)).toEqual([]);
    });

    it('measures the distance from the line in the shorter side of a pixel', () => {
      const fields = { pixelSpacing: [2, 1] } as const;
      const movedBy = (mm: number) =>
        syntheticStack({ fields }).map((frame, i) => (i === 4 ? moved(frame, [0, mm, 0]) : frame));
      expect(codesOf(movedBy(0.2))).toEqual([]);
      expect(codesOf(movedBy(0.35))).toEqual(['positions-not-in-line']);
    });

    it('passes positions of thin slices that are rounded to two decimals', () => {
      const frames = syntheticStack({ count: 100, sliceSpacing: 0.3125 }).map((frame) => {
        const [x, y, z] = frame.imagePositionPatient;
        return { ...frame, imagePositionPatient: [x, y, Number(z.toFixed(2))] as const };
      });
      expect(codesOf(frames)).toEqual([]);
    });

    it('finds positions that lie beside each other in one plane', () => {
      const frames = [0, 1, 2].map((i) => moved(syntheticFrame(), [10 * i, 0, 0]));
      const reason = onlyReason(frames);
      expect(reason.code).toBe('positions-not-in-line');
      expect(reason.message).toContain('one plane');
    });

    it('takes other tolerances', () => {
      const frames = syntheticStack().filter((_, index) => index !== 4);
      expect(
        checkFrames(frames, {
          missingSlice: 1.01,
          largestRelativeSpacing: 1.01,
          offGridInSlices: 1,
        }).eligible,
      ).toBe(true);
      expect(codesOf(syntheticStack({ drift: [0.1, 0] }))).toEqual(['gantry-tilt']);
      expect(checkFrames(syntheticStack({ drift: [0.1, 0] }), { tiltInDegrees: 5 })).toEqual(
        REGULAR,
      );
    });

    it('refuses tolerances that make no sense, and says which', () => {
      const given = (tolerance: object) => () => checkFrames([], tolerance);
      expect(given({ tiltInDegrees: -1 })).toThrowError(TypeError, /tiltInDegrees.*from 0, got -1/);
      expect(given({ tiltInDegrees: '5' })).toThrowError(TypeError, /tiltInDegrees/);
      expect(given({ relativeSpacing: NaN })).toThrowError(TypeError, /relativeSpacing.*NaN/);
      expect(given({ tilt: 5 })).toThrowError(TypeError, /only directionCosine.*got tilt/);
      expect(given({ tiltInDegrees: undefined })).not.toThrow();
    });
  });

  it('gives the same reasons in any order of the frames', () => {
    const random = seededRandom(99);
    const stack = withFrame(syntheticStack({ count: 20, drift: [0.5, 0] }), 4, { bitsStored: 16 });
    const broken = stack.filter((_, index) => index !== 12);
    const summary = (frames: readonly FrameMetadata[]) =>
      checkFrames(frames).reasons.map(({ code, message, imageIds }) => [
        code,
        message,
        [...imageIds].sort(),
      ]);
    const expected = summary(broken);
    expect(expected.map(([code]) => code)).toEqual([
      'pixel-format',
      'gantry-tilt',
      'missing-slices',
    ]);
    for (let round = 0; round < 20; round++) {
      expect(summary(shuffled(broken, random))).toEqual(expected);
    }
  });
});
