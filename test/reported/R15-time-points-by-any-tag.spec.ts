import {
  checkVolumeEligibility,
  groupImageIdsIntoVolumes,
  isStreamingVolumeError,
} from '../../src/index.js';
import type { StreamingVolumeError } from '../../src/index.js';
import { startCornerstone, stopCornerstone } from '../support/cornerstone.js';
import { createVolume } from '../support/createVolume.js';
import type { TestElement } from '../support/encodePart10.js';
import { seededRandom, shuffled } from '../support/seededRandom.js';
import {
  COLUMNS,
  newSeriesUid,
  openFrames,
  openSlices,
  ROWS,
  SOURCES,
  text,
} from '../support/writtenSlices.js';

const SLICES = 4;
const TIMES = 3;
const PIXELS = COLUMNS * ROWS;

const ds = (tag: number, value: number) => text(tag, 'DS', String(value));
const fd = (tag: number, value: number): TestElement => ({ tag, vr: 'FD', value: [value] });
const sq = (tag: number, ...items: (readonly TestElement[])[]): TestElement => ({
  tag,
  vr: 'SQ',
  value: items,
});
const seconds = (count: number) => String(count).padStart(2, '0');

/** What one frame says of the time that it is of; nothing else differs but the place. */
const SINGLE: Readonly<Record<string, (time: number, slice: number) => readonly TestElement[]>> = {
  'acquisition time': (time) => [
    text(0x00080032, 'TM', `0959${seconds(58 + time)}`.replace('60', '59.5')),
  ],
  'acquisition time of each slice': (time, slice) => [
    text(0x00080032, 'TM', `1015${seconds(10 * time + slice)}.250000`),
  ],
  'acquisition date and time across midnight': (time, slice) => [
    text(0x00080022, 'DA', time === 0 ? '20240229' : '20240301'),
    text(0x00080032, 'TM', time === 0 ? `23595${slice}` : `0000${time}${slice}`),
  ],
  'acquisition date and time in one': (time) => [
    text(0x0008002a, 'DT', `2024022910${seconds(time)}`),
  ],
  'content time': (time) => [text(0x00080033, 'TM', `1015${seconds(7 * time)}`)],
  'inversion time': (time) => [ds(0x00180082, 50 * 2 ** time)],
  'trigger time': (time) => [ds(0x00181060, 40 * time)],
  'trigger time of each slice': (time, slice) => [ds(0x00181060, 40 * time + 3.5 * slice)],
  'echo time': (time) => [ds(0x00180081, 4.6 * (time + 1))],
  'echo number': (time) => [text(0x00180086, 'IS', String(time + 1))],
  'flip angle': (time) => [ds(0x00181314, 3 + 4 * time)],
  'nominal percentage of the cardiac phase': (time) => [fd(0x00209241, 30 * time)],
  'R-R interval': (time) => [text(0x00181062, 'IS', String(800 + 50 * time))],
  'frame reference time': (time) => [ds(0x00541300, 60_000 * time)],
  'temporal position': (time) => [text(0x00200100, 'IS', String(time + 1))],
  'acquisition number': (time) => [text(0x00200012, 'IS', String(time + 1))],
  'b-value and gradient': (time) => [
    fd(0x00189087, time === 0 ? 0 : 1000),
    ...(time === 0
      ? []
      : [{ tag: 0x00189089, vr: 'FD', value: [time === 1 ? 0 : 1, time === 1 ? 1 : 0, 0] }]),
  ],
};

/** The same in functional groups of one image. */
const GROUPS: Readonly<Record<string, (time: number, slice: number) => readonly TestElement[]>> = {
  'acquisition of the frame': (time) => [
    sq(0x00209111, [text(0x00189074, 'DT', `20240229101${time}00`)]),
  ],
  'reference time of each frame': (time, slice) => [
    sq(0x00209111, [text(0x00189151, 'DT', `20240229101${time}0${slice}`)]),
  ],
  'offset of the temporal position': (time) => [sq(0x00209310, [fd(0x0020930d, 1.5 * time)])],
  'inversion times': (time) => [sq(0x00189115, [fd(0x00189079, 100 + 150 * time)])],
  'cardiac phase': (time) => [sq(0x00189118, [fd(0x00209241, 25 * time)])],
  'b-value': (time) => [sq(0x00189117, [fd(0x00189087, 500 * time)])],
  gradient: (time) => [
    sq(0x00189117, [
      sq(0x00189076, [
        { tag: 0x00189089, vr: 'FD', value: [0, 1, 2].map((axis) => (axis === 2 - time ? 1 : 0)) },
      ]),
    ]),
  ],
  'effective echo time': (time) => [sq(0x00189114, [fd(0x00189082, 5 + 5 * time)])],
  'dimension indices': (time, slice) => [
    sq(0x00209111, [{ tag: 0x00209157, vr: 'UL', value: [1, slice + 1, time + 1] }]),
  ],
};

const word = (time: number, slice: number, pixel: number) => 1000 * time + 100 * slice + pixel;
const words = (time: number, slice: number) =>
  Array.from({ length: PIXELS }, (_, pixel) => word(time, slice, pixel));
const voxelsOf = (time: number) =>
  Array.from({ length: SLICES * PIXELS }, (_, at) =>
    word(time, Math.floor(at / PIXELS), at % PIXELS),
  );

/** Every slice of every time point, by time. */
const PLACES = Array.from({ length: TIMES * SLICES }, (_, index) => ({
  time: Math.floor(index / SLICES),
  slice: index % SLICES,
}));

describe('R15: time points that lie at the same places', () => {
  beforeEach(() => {
    startCornerstone();
  });

  afterEach(() => {
    stopCornerstone();
  });

  async function expectTimePoints(imageIds: readonly string[]): Promise<void> {
    const given = shuffled(imageIds, seededRandom(8));
    const { eligible, reasons } = checkVolumeEligibility(given);
    expect(eligible).toBeFalse();
    expect(reasons.map(({ code }) => code)).toEqual(['duplicate-position']);
    expect(reasons[0]?.message).toMatch(/tells 3 volumes apart\.$/);
    await expectRefused(given);

    const { volumes, rest } = groupImageIdsIntoVolumes(given);
    expect(rest).toEqual([]);
    expect(volumes.map((volume) => volume.imageIds)).toEqual(
      Array.from({ length: TIMES }, (_, time) =>
        imageIds.slice(time * SLICES, (time + 1) * SLICES),
      ),
    );
    expect(volumes.flatMap(({ warnings }) => warnings)).toEqual([]);
    for (const [time, group] of volumes.entries()) {
      const volume = await createVolume(group.imageIds);
      expect(await volume.load()).toEqual({ framesLoaded: SLICES, failed: [] });
      expect(Array.from(volume.getScalarData())).toEqual(voxelsOf(time));
    }
  }

  async function expectRefused(imageIds: readonly string[]): Promise<StreamingVolumeError[]> {
    const errors: StreamingVolumeError[] = [];
    for (const onIrregular of ['reject', 'nearest', 'resample'] as const) {
      try {
        await createVolume(imageIds, { onIrregular });
        fail(`was made with ${onIrregular}`);
      } catch (error) {
        expect(isStreamingVolumeError(error, 'not-a-volume')).toBeTrue();
        errors.push(error as StreamingVolumeError);
      }
    }
    return errors;
  }

  for (const source of SOURCES) {
    for (const [what, tagsOf] of Object.entries(SINGLE)) {
      it(`are told apart by their ${what} where instance numbers begin anew (${source})`, async () => {
        const imageIds = await openSlices(
          source,
          newSeriesUid(),
          PLACES.map(({ time, slice }) => ({
            position: `0\\0\\${2 * slice}`,
            words: words(time, slice),
            instanceNumber: slice + 1,
            modality: 'MR',
            more: tagsOf(time, slice),
          })),
        );
        await expectTimePoints(imageIds);
      });
    }

    for (const [what, groupsOf] of Object.entries(GROUPS)) {
      it(`are told apart by their ${what} in one image (${source})`, async () => {
        const series = newSeriesUid();
        const us = (tag: number, value: number): TestElement => ({ tag, vr: 'US', value: [value] });
        const imageIds = await openFrames(
          source,
          [
            text(0x00080016, 'UI', '1.2.840.10008.5.1.4.1.1.4.1'),
            text(0x00080018, 'UI', `${series}.3`),
            text(0x00080060, 'CS', 'MR'),
            text(0x0020000d, 'UI', `${series}.1`),
            text(0x0020000e, 'UI', `${series}.2`),
            text(0x00200013, 'IS', '1'),
            text(0x00200052, 'UI', `${series}.4`),
            us(0x00280002, 1),
            text(0x00280004, 'CS', 'MONOCHROME2'),
            text(0x00280008, 'IS', String(PLACES.length)),
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
              ...PLACES.map(({ time, slice }) =>
                [
                  sq(0x00209113, [text(0x00200032, 'DS', `0\\0\\${2 * slice}`)]),
                  ...groupsOf(time, slice),
                ].toSorted((a, b) => a.tag - b.tag),
              ),
            ),
          ],
          PLACES.map(({ time, slice }) => words(time, slice)),
        );
        await expectTimePoints(imageIds);
      });
    }

    it(`are refused by every policy where nothing tells them apart (${source})`, async () => {
      const imageIds = await openSlices(
        source,
        newSeriesUid(),
        PLACES.map(({ time, slice }) => ({
          position: `0\\0\\${2 * slice}`,
          words: words(time, slice),
          instanceNumber: slice + 1,
        })),
      );
      const errors = await expectRefused(imageIds);
      expect(
        errors.map(({ message }) => message.includes('No tag tells whole volumes apart')),
      ).toEqual([true, true, true]);
      const { volumes, rest } = groupImageIdsIntoVolumes(imageIds);
      expect(volumes).toEqual([]);
      expect(rest.map((group) => group.imageIds.length)).toEqual([imageIds.length]);
    });
  }

  it('are refused where slices are missing from one, and no tag has whole time points', async () => {
    const imageIds = await openSlices(
      'dicomfile',
      newSeriesUid(),
      PLACES.map(({ time, slice }) => ({
        position: `0\\0\\${2 * slice}`,
        words: words(time, slice),
        instanceNumber: slice + 1,
        more: SINGLE['acquisition time of each slice']?.(time, slice) ?? [],
      })),
    );
    await expectRefused(imageIds.toSpliced(5, 1));
  });
});
