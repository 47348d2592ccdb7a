import { metaData } from '@cornerstonejs/core';
import { prefetchPart10Instance } from '@cornerstonejs/dicom-image-loader';
import { checkVolumeEligibility, groupImageIdsIntoVolumes } from '../../src/index.js';
import { createVolume } from '../support/createVolume.js';
import { startCornerstone, stopCornerstone } from '../support/cornerstone.js';
import { dicomText, dicomWebRoot, fetchSeries } from '../support/dicomWebSeries.js';
import type { DicomWebSeries } from '../support/dicomWebSeries.js';
import { karmaFixtures } from '../support/karmaFixtures.js';
import { seededRandom, shuffled } from '../support/seededRandom.js';

describe('What the headers say', () => {
  beforeEach(() => {
    startCornerstone();
  });

  afterEach(() => {
    stopCornerstone();
  });

  /** The only series of a data set; `undefined`, and the spec is skipped, where it is not here. */
  async function open(name: string): Promise<DicomWebSeries | undefined> {
    const root = dicomWebRoot(name);
    if (root === undefined) {
      pending('The real data is not on this machine');
      return undefined;
    }
    return fetchSeries(root);
  }

  /** The same files as `wadouri:` imageIds, with their headers read. */
  async function openFiles(name: string, { instances }: DicomWebSeries): Promise<string[]> {
    const files = `${String(karmaFixtures['origin'])}/data/${name}/files`;
    return Promise.all(
      instances.map(async (instance) => {
        const url = `${files}/${dicomText(instance, '00080018')}.dcm`;
        // Of its own, as Cornerstone keeps the headers of an address for good.
        const imageId = `wadouri:${url}?of=eligibility`;
        await prefetchPart10Instance(imageId, await (await fetch(url)).arrayBuffer());
        return imageId;
      }),
    );
  }

  function instanceNumbers(imageIds: readonly string[]): number[] {
    return imageIds
      .map((id) => metaData.get('generalImageModule', id) as { instanceNumber: number })
      .map(({ instanceNumber }) => instanceNumber);
  }

  function shuffledCopy(imageIds: readonly string[]): string[] {
    return shuffled(imageIds, seededRandom(5));
  }

  it('is that the brain is a volume, regular as scanners are', async () => {
    const series = await open('mr-brain/explicit');
    if (series === undefined) return;
    const { eligible, reasons, stack } = checkVolumeEligibility(shuffledCopy(series.imageIds));
    expect(reasons).toEqual([]);
    expect(eligible).toBeTrue();
    // From 6.958 to 7.071 mm.
    expect(stack?.spacingInMm).toBeCloseTo(7.0005, 4);
    expect(stack?.worstSpacingDeviationInMm).toBeCloseTo(0.0704, 4);
    expect(stack?.tiltInDegrees).toBeLessThan(0.2);
    const { volumes, rest } = groupImageIdsIntoVolumes(shuffledCopy(series.imageIds));
    expect(rest).toEqual([]);
    expect(volumes.map(({ imageIds, splitBy }) => [imageIds.length, splitBy])).toEqual([[20, []]]);
  });

  async function expectTwoTimePoints(imageIds: readonly string[]): Promise<void> {
    const given = shuffledCopy(imageIds);
    const { eligible, reasons } = checkVolumeEligibility(given);
    expect(eligible).toBeFalse();
    expect(reasons.map(({ code, splitBy }) => [code, splitBy])).toEqual([
      ['duplicate-position', ['TemporalPositionIdentifier']],
    ]);
    expect(reasons[0]?.imageIds).toEqual(given);
    expect(reasons[0]?.message).toMatch(
      /^48 frames share 24 positions.*TemporalPositionIdentifier tells 2 volumes apart\.$/,
    );

    const { volumes, rest } = groupImageIdsIntoVolumes(given);
    expect(rest).toEqual([]);
    expect(volumes.map(({ splitBy }) => splitBy)).toEqual(
      [1, 2].map((value) => [{ tag: 'TemporalPositionIdentifier', value, byOrder: false }]),
    );
    const expected = Array.from({ length: 24 }, (_, i) => i + 1);
    expect(volumes.map(({ imageIds: ids }) => instanceNumbers(ids))).toEqual([
      expected,
      expected.map((number) => number + 24),
    ]);
    const volume = await createVolume(volumes[1]?.imageIds ?? []);
    expect(volume.dimensions).toEqual([128, 96, 24]);
    expect(volume.spacing[2]).toBeCloseTo(2.2, 5);
    expect(volume.geometryReport.warnings).toEqual([]);
  }

  it('is that a series of two time points is two volumes, over DICOMweb', async () => {
    const series = await open('mr-4d-two-time-points');
    if (series === undefined) return;
    await expectTwoTimePoints(series.imageIds);
  });

  it('is that a series of two time points is two volumes, in files', async () => {
    const series = await open('mr-4d-two-time-points');
    if (series === undefined) return;
    await expectTwoTimePoints(await openFiles('mr-4d-two-time-points', series));
  });

  it('is where a slice is missing and which is there twice, in slices that lie obliquely', async () => {
    const series = await open('ct-tilt-gap-duplicate');
    if (series === undefined) return;
    const { eligible, reasons, stack } = checkVolumeEligibility(series.imageIds);
    expect(eligible).toBeFalse();
    expect(
      reasons.map(({ code, severity, imageIds }) => [
        code,
        severity,
        instanceNumbers(imageIds).toSorted((a, b) => a - b),
      ]),
    ).toEqual([
      ['duplicate-position', 'error', [5, 5]],
      ['missing-slices', 'error', [6, 8]],
    ]);
    const numbered = (number: number): string[] =>
      series.imageIds.filter((imageId) => instanceNumbers([imageId])[0] === number);
    expect(reasons[0]?.imageIds).toEqual(numbered(5));
    expect(reasons[0]?.message).toBe(
      '2 frames lie at the same position (-198.750, -167.809, -86.193) mm.',
    );
    // Slice 7 is not there: 20 mm from the first along the normal, which is slice 12.
    expect(reasons[1]?.message).toBe(
      'About 1 slice is missing, where neighbours are not the usual 5.000 mm apart: 10.000 mm between ' +
        `${numbered(8).join()} and ${numbered(6).join()}, 20.000 mm from the first slice.`,
    );
    // The planes are turned by 15 degrees, and the positions follow their normal: nothing is sheared.
    expect(stack?.obliquityInDegrees).toBeCloseTo(15, 3);
    expect(stack?.tiltInDegrees).toBeLessThan(0.01);

    const { volumes, rest } = groupImageIdsIntoVolumes(series.imageIds);
    expect(volumes).toEqual([]);
    expect(rest.map((group) => [group.imageIds.length, group.reasons.length])).toEqual([[12, 2]]);
  });

  it('is enough to fill the gap and to leave the second slice out, when that is asked for', async () => {
    const series = await open('ct-tilt-gap-duplicate');
    if (series === undefined) return;
    const volume = await createVolume(series.imageIds, { onIrregular: 'resample' });
    const { resampledSlices, leftOut, shear, worstOffsetInMm } = volume.geometryReport;
    expect(volume.dimensions).toEqual([160, 128, 12]);
    expect(resampledSlices.map(({ imageIdIndex }) => imageIdIndex)).toEqual([5]);
    expect(instanceNumbers(leftOut)).toEqual([5]);
    expect(shear).toBeUndefined();
    expect(worstOffsetInMm).toBeLessThan(0.001);
    expect(await volume.load()).toEqual({ framesLoaded: 11, failed: [] });
    const size = 160 * 128;
    const [before, filled, behind] = [4, 5, 6].map((slice) =>
      volume.getScalarData().subarray(slice * size, (slice + 1) * size),
    );
    const wrong = filled?.findIndex(
      (value, i) => Math.abs(value - ((before?.[i] ?? NaN) + (behind?.[i] ?? NaN)) / 2) > 0.5,
    );
    expect(wrong).toBe(-1);
  });

  it('is that one slice is not enough', async () => {
    const series = await open('ct-single-slice/LittleEndianExplicit');
    if (series === undefined) return;
    const { eligible, reasons } = checkVolumeEligibility(series.imageIds);
    expect(eligible).toBeFalse();
    expect(reasons.map(({ code, message }) => [code, message])).toEqual([
      ['not-enough-frames', 'A volume needs at least 2 frames, got 1.'],
    ]);
  });

  it('is what belongs together in a mixed list, and nothing is lost', async () => {
    const names = ['synthetic/ct-int16', 'synthetic/mr-uint16', 'synthetic/mr-multi-frame'];
    const all = await Promise.all(
      names.map(async (name) => fetchSeries(dicomWebRoot(name) as string)),
    );
    const imageIds = [...all.flatMap((series) => series.imageIds), 'nobody:1'];
    const given = shuffledCopy(imageIds);
    const before = [...given];
    const { volumes, rest } = groupImageIdsIntoVolumes(given);
    expect(given).toEqual(before);
    const sorted = (ids: readonly string[]) => ids.toSorted().join(' ');
    expect(volumes.map((volume) => sorted(volume.imageIds)).toSorted()).toEqual(
      all.map((series) => sorted(series.imageIds)).toSorted(),
    );
    expect(volumes.map(({ seriesInstanceUID }) => String(seriesInstanceUID)).toSorted()).toEqual(
      all.map(({ instances }) => dicomText(instances[0] ?? {}, '0020000E')).toSorted(),
    );
    expect(rest.map((group) => [group.imageIds, group.reasons[0]?.code])).toEqual([
      [['nobody:1'], 'metadata-missing'],
    ]);
  });

  it('D16: sorts files by position, and leaves the list of the caller alone', async () => {
    const name = 'synthetic/ct-int16';
    const series = await fetchSeries(dicomWebRoot(name) as string);
    const inOrder = await openFiles(name, series);
    const given = shuffledCopy(inOrder);
    const before = [...given];
    const volume = await createVolume(given);
    expect(given).toEqual(before);
    expect(instanceNumbers(volume.imageIds)).toEqual(Array.from({ length: 24 }, (_, i) => i + 1));
    expect(volume.spacing.slice(0, 2)).toEqual([0.75, 1.5]);
    expect(volume.spacing[2]).toBeCloseTo(2, 6);
  });
});
