import {
  checkVolumeEligibility,
  groupImageIdsIntoVolumes,
  isStreamingVolumeError,
} from '../../src/index.js';
import type { EligibilityReason } from '../../src/index.js';
import { startCornerstone, stopCornerstone } from '../support/cornerstone.js';
import { createVolume } from '../support/createVolume.js';
import type { TestElement } from '../support/encodePart10.js';
import {
  COLUMNS,
  newSeriesUid,
  openFrames,
  openSlices,
  ROWS,
  SOURCES,
  text,
} from '../support/writtenSlices.js';
import type { Source, WrittenSlice } from '../support/writtenSlices.js';

const SLICES = 5;
const PIXELS = COLUMNS * ROWS;

const wordsOf = (slice: number) =>
  Array.from({ length: PIXELS }, (_, pixel) => 100 * (slice + 1) + pixel);
const VOXELS = Array.from(
  { length: SLICES * PIXELS },
  (_, at) => 100 * (Math.floor(at / PIXELS) + 1) + (at % PIXELS),
);

const slice = (series: string, index: number): WrittenSlice => ({
  position: `-10\\-20\\${2.5 * index}`,
  words: wordsOf(index),
  instanceNumber: index + 1,
  sopInstanceUID: `${series}.3.${index + 1}`,
});

describe('R16: an instance that is there twice', () => {
  beforeEach(() => {
    startCornerstone();
  });

  afterEach(() => {
    stopCornerstone();
  });

  const whole = async (source: Source, series: string): Promise<string[]> =>
    openSlices(
      source,
      series,
      Array.from({ length: SLICES }, (_, index) => slice(series, index)),
    );

  const told = ({ code, severity, imageIds }: EligibilityReason) => ({ code, severity, imageIds });

  /** All say that the first of each is taken, and the volume has every voxel. */
  async function expectTaken(taken: readonly string[], copies: readonly string[]): Promise<void> {
    const given = [...taken, ...copies];
    const warned = [
      { code: 'duplicate-instance' as const, severity: 'warning' as const, imageIds: copies },
    ];
    const { eligible, reasons } = checkVolumeEligibility(given);
    expect(eligible).toBeTrue();
    expect(reasons.map(told)).toEqual(warned);
    expect(reasons[0]?.message).toContain(String(copies[0]));

    const { volumes, rest } = groupImageIdsIntoVolumes(given);
    expect(rest).toEqual([]);
    expect(volumes.map(({ imageIds, leftOut }) => [imageIds, leftOut])).toEqual([[taken, copies]]);
    expect(volumes[0]?.warnings.map(told)).toEqual(warned);

    for (const onIrregular of ['reject', 'nearest', 'resample'] as const) {
      const volume = await createVolume(given, { onIrregular });
      expect(volume.imageIds).toEqual([...taken]);
      expect(volume.geometryReport.leftOut).toEqual(copies);
      expect(volume.geometryReport.policy).toBe('reject');
      expect(volume.geometryReport.warnings.map(({ code }) => code)).toEqual([
        'duplicate-instance',
      ]);
      expect(await volume.load()).toEqual({ framesLoaded: SLICES, failed: [] });
      expect(Array.from(volume.getScalarData())).toEqual(VOXELS);
      volume.decache(true);
    }
  }

  for (const source of SOURCES) {
    it(`is taken once (${source})`, async () => {
      const series = newSeriesUid();
      const taken = await whole(source, series);
      await expectTaken(taken, await openSlices(source, series, [slice(series, 2)]));
    });

    for (const other of SOURCES) {
      it(`is taken once, where the whole series is there over ${source} and ${other}`, async () => {
        const series = newSeriesUid();
        await expectTaken(await whole(source, series), await whole(other, series));
      });
    }

    it(`is taken once, frame by frame of an image that is there twice (${source})`, async () => {
      const series = newSeriesUid();
      const us = (tag: number, value: number): TestElement => ({ tag, vr: 'US', value: [value] });
      const sq = (tag: number, ...items: (readonly TestElement[])[]): TestElement => ({
        tag,
        vr: 'SQ',
        value: items,
      });
      const frames = Array.from({ length: SLICES }, (_, index) => index);
      const open = async () =>
        openFrames(
          source,
          [
            text(0x00080018, 'UI', `${series}.3`),
            text(0x00080060, 'CS', 'CT'),
            text(0x0020000d, 'UI', `${series}.1`),
            text(0x0020000e, 'UI', `${series}.2`),
            text(0x00200052, 'UI', `${series}.4`),
            us(0x00280002, 1),
            text(0x00280004, 'CS', 'MONOCHROME2'),
            text(0x00280008, 'IS', String(SLICES)),
            us(0x00280010, ROWS),
            us(0x00280011, COLUMNS),
            us(0x00280100, 16),
            us(0x00280101, 16),
            us(0x00280102, 15),
            us(0x00280103, 0),
            sq(0x52009229, [
              sq(0x00209116, [text(0x00200037, 'DS', '1\\0\\0\\0\\1\\0')]),
              sq(0x00289110, [text(0x00280030, 'DS', '0.8\\0.7')]),
            ]),
            sq(
              0x52009230,
              ...frames.map((index) => [
                sq(0x00209113, [text(0x00200032, 'DS', `0\\0\\${2 * index}`)]),
              ]),
            ),
          ],
          frames.map(wordsOf),
        );
      const taken = await open();
      const copies = await open();
      await expectTaken(taken, copies);
      const one = copies.slice(3, 4);
      const { reasons } = checkVolumeEligibility([...taken, ...one]);
      expect(reasons.map(({ code, imageIds }) => [code, imageIds])).toEqual([
        ['duplicate-instance', one],
      ]);
    });

    it(`is not what shares a UID and lies elsewhere (${source})`, async () => {
      const series = newSeriesUid();
      const imageIds = await openSlices(
        source,
        series,
        Array.from({ length: SLICES }, (_, index) => ({
          ...slice(series, index),
          sopInstanceUID: `${series}.3`,
        })),
      );
      expect(checkVolumeEligibility(imageIds).reasons).toEqual([]);
      const volume = await createVolume(imageIds);
      await volume.load();
      expect(Array.from(volume.getScalarData())).toEqual(VOXELS);
    });

    it(`is not what shares a UID and is of another time (${source})`, async () => {
      const series = newSeriesUid();
      const times = await Promise.all(
        ['1', '2'].map(async (time) =>
          openSlices(
            source,
            series,
            Array.from({ length: SLICES }, (_, index) => ({
              ...slice(series, index),
              sopInstanceUID: `${series}.3`,
              more: [text(0x00200100, 'IS', time)],
            })),
          ),
        ),
      );
      const { volumes } = groupImageIdsIntoVolumes(times.flat());
      expect(volumes.map(({ imageIds }) => imageIds)).toEqual(times);
      expect(volumes.flatMap(({ warnings }) => warnings)).toEqual([]);
    });
  }

  it('is one slice, and no volume unless that is asked for', async () => {
    const series = newSeriesUid();
    const one = { ...slice(series, 0), more: [text(0x00180050, 'DS', '3')] };
    const imageIds = await openSlices('dicomfile', series, [one, one]);
    const { eligible, reasons } = checkVolumeEligibility(imageIds);
    expect(eligible).toBeFalse();
    expect(reasons.map(({ code, severity }) => [code, severity])).toEqual([
      ['not-enough-frames', 'error'],
      ['duplicate-instance', 'warning'],
    ]);
    await expectAsync(createVolume(imageIds)).toBeRejected();
    const volume = await createVolume(imageIds, { allowSingleSlice: true });
    expect(volume.imageIds).toEqual(imageIds.slice(0, 1));
    expect(volume.geometryReport.leftOut).toEqual(imageIds.slice(1));
    expect(volume.geometryReport.warnings.map(({ code }) => code)).toEqual(['duplicate-instance']);
  });

  it('changes nothing about what else is wrong', async () => {
    const series = newSeriesUid();
    const taken = (await whole('dicomfile', series)).toSpliced(2, 1);
    const copies = await openSlices('dicomfile', series, [slice(series, 0)]);
    const error: unknown = await createVolume([...taken, ...copies]).catch((each: unknown) => each);
    expect(isStreamingVolumeError(error, 'not-a-volume')).toBeTrue();
    const volume = await createVolume([...taken, ...copies], { onIrregular: 'nearest' });
    expect(volume.dimensions[2]).toBe(SLICES);
    expect(volume.geometryReport.absentSlices.map(({ imageIdIndex }) => imageIdIndex)).toEqual([2]);
    expect(volume.geometryReport.leftOut).toEqual(copies);
  });
});
