import { checkVolumeEligibility, isStreamingVolumeError } from '../../src/index.js';
import type { StreamingVolumeError } from '../../src/index.js';
import { createVolume } from '../support/createVolume.js';
import type { SyntheticSeries, SyntheticSeriesOptions } from '../support/SyntheticSeries.js';
import { useSyntheticSeries } from '../support/useSyntheticSeries.js';

describe('A volume of an irregular stack', () => {
  const makeSeries = useSyntheticSeries();

  function seriesOf(options: Partial<SyntheticSeriesOptions> = {}): SyntheticSeries {
    return makeSeries({ count: 10, ...options });
  }

  /** Slices at these places along the normal. */
  function seriesAt(placeOf: (slice: number) => number): SyntheticSeries {
    return seriesOf({ position: (slice) => [-10, -20, placeOf(slice)] });
  }

  async function errorOf(imageIds: readonly string[]): Promise<StreamingVolumeError> {
    const outcome: unknown = await createVolume(imageIds).catch((error: unknown) => error);
    if (!isStreamingVolumeError(outcome, 'not-a-volume')) {
      throw new Error(`Expected a refusal, got ${String(outcome)}`);
    }
    return outcome;
  }

  const cases: [string, string, () => SyntheticSeries, number[]][] = [
    ['a gap', 'missing-slices', () => seriesAt((i) => 2.5 * (i < 4 ? i : i + 1)), [3, 4]],
    [
      'a moved slice',
      'irregular-spacing',
      () => seriesAt((i) => (i === 4 ? 11 : 2.5 * i)),
      [3, 4, 5],
    ],
    [
      'equal positions',
      'duplicate-position',
      () => seriesAt((i) => 2.5 * (i === 6 ? 5 : i)),
      [5, 6],
    ],
    [
      'a tilt',
      'gantry-tilt',
      () => seriesOf({ position: (i) => [-10, -20 + i, 2.5 * i] }),
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    ],
  ];
  for (const [what, code, make, slices] of cases) {
    it(`D17: is refused for ${what}, with the imageIds`, async () => {
      const { imageIds } = make();
      const { reasons, imageIds: concerned } = await errorOf(imageIds);
      const found = reasons.filter((reason) => reason.code === code);
      expect(found.map(({ severity }) => severity)).toEqual(['error']);
      const expected = slices.map((slice) => imageIds[slice] ?? '');
      expect(found[0]?.imageIds).toEqual(expected);
      expect(concerned).toEqual(jasmine.arrayContaining(expected));
    });
  }

  const mixtures: [string, string, Partial<SyntheticSeriesOptions>][] = [
    ['frames of reference', 'frame-of-reference', {}],
    ['bits', 'pixel-format', { bitsStored: 12 }],
    ['signs', 'pixel-format', { pixelRepresentation: 1 }],
    ['photometric interpretations', 'pixel-format', { photometricInterpretation: 'MONOCHROME1' }],
    ['sizes', 'dimensions', { rows: 4 }],
  ];
  for (const [what, code, options] of mixtures) {
    it(`D17: is refused for mixed ${what}, with the imageIds`, async () => {
      const first = seriesOf();
      const other = seriesOf({ ...options, count: 1, position: () => [-10, -20, 25] });
      const { reasons } = await errorOf([...first.imageIds, ...other.imageIds]);
      const reason = reasons.find((each) => each.code === code);
      expect(reason?.imageIds).toEqual(other.imageIds);
    });
  }

  it('is made of slices that vary by 2 percent, and says so', async () => {
    const { imageIds } = seriesAt((slice) => (slice === 4 ? 10.05 : 2.5 * slice));
    const { eligible, reasons } = checkVolumeEligibility(imageIds);
    expect(eligible).toBeTrue();
    expect(reasons.map(({ code, severity }) => [code, severity])).toEqual([
      ['irregular-spacing', 'warning'],
    ]);
    const volume = await createVolume(imageIds);
    expect(volume.geometryReport.warnings).toEqual(reasons);
    expect(volume.geometryReport.stack?.worstSpacingDeviationInMm).toBeCloseTo(0.05, 9);
    expect((await volume.load()).failed).toEqual([]);
  });

  it('has no warnings when there is nothing to warn of', async () => {
    const volume = await createVolume(seriesOf().imageIds);
    expect(volume.geometryReport.warnings).toEqual([]);
    expect(volume.geometryReport.stack?.spacingInMm).toBeCloseTo(2.5, 9);
  });

  it('takes the tolerance that it is given', async () => {
    const { imageIds } = seriesAt((slice) => (slice === 4 ? 11 : 2.5 * slice));
    const tolerance = { largestRelativeSpacing: 0.5 };
    expect(checkVolumeEligibility(imageIds, { tolerance }).eligible).toBeTrue();
    const volume = await createVolume(imageIds, { tolerance });
    expect(volume.geometryReport.warnings.map(({ code }) => code)).toEqual(['irregular-spacing']);
    await expectAsync(
      createVolume(imageIds, { tolerance: { largestRelativeSpacing: -1 } }),
    ).toBeRejectedWithError(TypeError, /tolerance\.largestRelativeSpacing.*-1/);
  });
});
