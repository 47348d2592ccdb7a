import { isStreamingVolumeError } from '../../src/index.js';
import type { CreateVolumeOptions } from '../../src/index.js';
import { createVolume } from '../support/createVolume.js';
import { dataSets, dicomWebRoot, fetchSeries } from '../support/dicomWebSeries.js';
import type { SyntheticSeriesOptions } from '../support/SyntheticSeries.js';
import { useSyntheticSeries } from '../support/useSyntheticSeries.js';

describe('A volume of a single slice', () => {
  const makeSeries = useSyntheticSeries();

  function imageIdsOf(options: Partial<SyntheticSeriesOptions>): string[] {
    return makeSeries({ count: 1, ...options }).imageIds;
  }

  async function refusalOf(
    imageIds: readonly string[],
    options: Partial<CreateVolumeOptions> = { allowSingleSlice: true },
  ): Promise<string[]> {
    const outcome: unknown = await createVolume(imageIds, options).catch((error: unknown) => error);
    if (!isStreamingVolumeError(outcome)) {
      throw new Error(`Expected a refusal, got ${String(outcome)}`);
    }
    return [outcome.code, ...outcome.reasons.map(({ code }) => code)];
  }

  it('is refused unless it is asked for', async () => {
    const imageIds = imageIdsOf({ sliceThickness: 3 });
    const refused = ['not-a-volume', 'not-enough-frames'];
    expect(await refusalOf(imageIds, {})).toEqual(refused);
    expect(await refusalOf(imageIds, { allowSingleSlice: false })).toEqual(refused);
    expect(await refusalOf(imageIds, { onIrregular: 'nearest' })).toEqual(refused);
  });

  const cases: [string, Partial<SyntheticSeriesOptions>, number, string][] = [
    ['its thickness', { sliceThickness: 3 }, 3, 'SliceThickness'],
    [
      'the spacing between slices before its thickness',
      { sliceThickness: 3, spacingBetweenSlices: 2.5 },
      2.5,
      'SpacingBetweenSlices',
    ],
    [
      'its thickness where the spacing is 0',
      { sliceThickness: 3, spacingBetweenSlices: 0 },
      3,
      'SliceThickness',
    ],
  ];
  for (const [what, options, spacing, from] of cases) {
    it(`is as thick as its header says, by ${what}`, async () => {
      const volume = await createVolume(imageIdsOf(options), { allowSingleSlice: true });
      expect(volume.dimensions).toEqual([5, 3, 1]);
      expect(volume.spacing).toEqual([0.7, 0.8, spacing]);
      expect(volume.origin).toEqual([-10, -20, 0]);
      expect(volume.geometryReport.sliceDistanceFrom as string).toBe(from);
      expect(await volume.load()).toEqual({ framesLoaded: 1, failed: [] });
      expect([...volume.getScalarData()]).toEqual(Array.from({ length: 15 }, (_, i) => 100 + i));
    });
  }

  it('takes the distance of several slices from their positions', async () => {
    const imageIds = imageIdsOf({ count: 4, sliceThickness: 3, spacingBetweenSlices: 7 });
    const volume = await createVolume(imageIds, { allowSingleSlice: true });
    expect(volume.spacing[2]).toBeCloseTo(2.5, 9);
    expect(volume.geometryReport.sliceDistanceFrom).toBe('positions');
  });

  it('is refused where no header says how thick it is, or how it lies', async () => {
    expect(await refusalOf(imageIdsOf({}))).toEqual([
      'metadata-missing',
      'not-enough-frames',
      'metadata-missing',
    ]);
    const skewed = imageIdsOf({ sliceThickness: 3, orientation: [1, 0, 0, 0.5, 1, 0] });
    expect(await refusalOf(skewed)).toEqual([
      'not-a-volume',
      'not-enough-frames',
      'orientation-not-orthonormal',
    ]);
    await expectAsync(
      createVolume(skewed, { allowSingleSlice: 'yes' as never }),
    ).toBeRejectedWithError(TypeError, /allowSingleSlice to be a boolean, got string/);
  });

  it('is made of a real CT slice', async () => {
    const [name] = dataSets('ct-single-slice/');
    if (name === undefined) {
      pending('The real data is not on this machine');
      return;
    }
    const { imageIds } = await fetchSeries(dicomWebRoot(name) as string);
    expect(await refusalOf(imageIds, {})).toEqual(['not-a-volume', 'not-enough-frames']);
    const volume = await createVolume(imageIds, { allowSingleSlice: true });
    // Its Slice Thickness is 5 mm.
    expect(volume.spacing[2]).toBe(6.5);
    expect(volume.geometryReport.sliceDistanceFrom).toBe('SpacingBetweenSlices');
    expect((await volume.load()).failed).toEqual([]);
    expect(new Set(volume.getScalarData()).size).toBeGreaterThan(100);
  });
});
