import * as fc from 'fast-check';
import { checkFrames } from '../../../src/geometry/eligibility/checkFrames.js';
import { DEFAULT_GEOMETRY_TOLERANCE } from '../../../src/geometry/geometryTolerance.js';
import { groupFrames } from '../../../src/geometry/grouping/groupFrames.js';
import type { FrameGroups } from '../../../src/geometry/grouping/groupFrames.js';
import { SPLIT_TAGS } from '../../../src/base/splitTag.js';
import type { SplitTag, SplitValue } from '../../../src/base/splitTag.js';
import type { FrameMetadata } from '../../../src/base/types.js';
import { seededRandom, shuffled } from '../../support/seededRandom.js';
import { syntheticStack } from '../../support/syntheticFrames.js';

type Tags = Partial<Record<SplitTag, SplitValue>>;

const RUNS = { seed: 20_241_127, numRuns: 300, includeErrorInReport: true };

/** Time points at the same places, and how their frames are told apart. */
class Series {
  readonly frames: FrameMetadata[] = [];
  readonly #tags = new Map<string, Tags>();

  add(name: string, count: number, tagsOf: (slice: number) => Tags): this {
    syntheticStack({ count }).forEach((frame, slice) => {
      const imageId = `${name}:${slice}`;
      this.#tags.set(imageId, tagsOf(slice));
      this.frames.push({ ...frame, imageId });
    });
    return this;
  }

  without(...imageIds: string[]): this {
    imageIds.forEach((imageId) => {
      this.frames.splice(
        this.frames.findIndex((frame) => frame.imageId === imageId),
        1,
      );
    });
    return this;
  }

  readonly read = (imageId: string, tag: SplitTag): SplitValue | undefined =>
    this.#tags.get(imageId)?.[tag];

  group(seed = 3): FrameGroups {
    const mixed = shuffled(this.frames, seededRandom(seed));
    const groups = groupFrames(mixed, DEFAULT_GEOMETRY_TOLERANCE, this.read);
    const found = [...groups.volumes, ...groups.rest].flatMap(({ frames }) => frames);
    if (found.length !== mixed.length || new Set(found).size !== mixed.length) {
      throw new Error(`${mixed.length} frames went in, and ${found.length} came out`);
    }
    return groups;
  }

  /** The names of the time points that are volumes, and how many frames each has. */
  volumes(): string[] {
    return this.group().volumes.map(({ frames }) => {
      const names = [...new Set(frames.map(nameOf))].join('+');
      return `${names} ${frames.length}`;
    });
  }
}

function nameOf({ imageId }: FrameMetadata): string {
  return imageId.slice(0, imageId.indexOf(':'));
}

describe('Time points at the same places', () => {
  for (const tag of SPLIT_TAGS) {
    it(`are told apart by ${tag}, in the order of its values`, () => {
      const series = new Series()
        .add('second', 8, (slice) => ({ [tag]: '090000.5', InstanceNumber: slice + 1 }))
        .add('first', 8, (slice) => ({ [tag]: '085959', InstanceNumber: slice + 1 }));
      expect(series.volumes()).toEqual(['first 8', 'second 8']);
      const { reasons } = checkFrames(series.frames, {}, series.read);
      expect(reasons.map(({ code, splitBy }) => [code, splitBy])).toEqual([
        ['duplicate-position', [tag]],
      ]);
    });
  }

  for (const tag of ['AcquisitionTime', 'ContentTime', 'AcquisitionDateTime'] as const) {
    it(`are told apart by ${tag} that each slice has of its own`, () => {
      const at = (second: number) => `1015${String(second).padStart(2, '0')}`;
      const series = new Series()
        .add('late', 8, (slice) => ({ [tag]: at(30 + 3 * slice), InstanceNumber: slice }))
        .add('early', 8, (slice) => ({ [tag]: at(slice), InstanceNumber: slice }));
      expect(series.volumes()).toEqual(['early 8', 'late 8']);
    });
  }

  it('are told apart by times across midnight', () => {
    const series = new Series()
      .add('after', 4, (slice) => ({
        AcquisitionDate: '20240102',
        AcquisitionTime: `00000${slice}`,
      }))
      .add('before', 4, (slice) => ({
        AcquisitionDate: '20240101',
        AcquisitionTime: `23595${slice}`,
      }));
    expect(series.volumes()).toEqual(['before 4', 'after 4']);
  });

  it('are told apart by times across midnight where the day changes within one', () => {
    const time = (minute: number) =>
      minute < 0
        ? { AcquisitionDate: '20240101', AcquisitionTime: `23${60 + minute}00` }
        : { AcquisitionDate: '20240102', AcquisitionTime: `000${minute}00` };
    const series = new Series()
      .add('third', 4, (slice) => time(4 + slice))
      .add('first', 4, (slice) => time(slice - 6))
      .add('second', 4, (slice) => time(slice - 2));
    expect(series.volumes()).toEqual(['first 4', 'second 4', 'third 4']);
  });

  it('are told apart by acquisitions that each have a part of the slices', () => {
    const series = new Series();
    for (const time of [0, 1, 2]) {
      series.add(`t${time}`, 8, (slice) => ({ AcquisitionNumber: 2 * time + (slice % 2) }));
    }
    expect(series.volumes()).toEqual(['t0 8', 't1 8', 't2 8']);
  });

  it('are told apart by what one does not have', () => {
    const series = new Series()
      .add('x', 6, () => ({ DiffusionGradientOrientation: '1\\0\\0' }))
      .add('none', 6, () => ({}))
      .add('y', 6, () => ({ DiffusionGradientOrientation: '0\\1\\0' }));
    expect(series.volumes()).toEqual(['none 6', 'y 6', 'x 6']);
    expect(series.group().volumes[0]?.splitBy).toEqual([
      { tag: 'DiffusionGradientOrientation', value: 'none', byOrder: false },
    ]);
  });

  it('are told apart by dimension indices, number by number', () => {
    const series = new Series();
    for (const time of [2, 10]) {
      for (const echo of [1, 2]) {
        series.add(`t${time}e${echo}`, 5, (slice) => ({
          DimensionIndexValues: `1\\${slice + 1}\\${time}\\${echo}`,
        }));
      }
    }
    expect(series.volumes()).toEqual(['t2e1 5', 't2e2 5', 't10e1 5', 't10e2 5']);
  });

  it('are told apart by two tags where slices are missing', () => {
    const series = new Series();
    for (const time of [1, 2, 3]) {
      for (const echo of [4, 9]) {
        series.add(`t${time}e${echo}`, 8, () => ({ AcquisitionTime: time, EchoTime: echo }));
      }
    }
    const groups = series.without('t2e9:3').group();
    expect(groups.volumes.map(({ frames }) => frames.length)).toEqual([8, 8, 8, 8, 8]);
    expect(groups.rest.map(({ frames }) => frames.map(nameOf))).toEqual([
      Array.from({ length: 7 }, () => 't2e9'),
    ]);
  });

  it('are not mixed where slices are numbered anew from either end', () => {
    const series = new Series()
      .add('up', 8, (slice) => ({ InstanceNumber: slice + 1 }))
      .add('down', 8, (slice) => ({ InstanceNumber: 8 - slice }));
    expect(series.volumes()).toEqual([]);
    const [reason] = checkFrames(series.frames, {}, series.read).reasons;
    expect(reason?.splitBy).toBeUndefined();
    expect(reason?.isWholeVolumes).toBeTrue();
    expect(reason?.message).toMatch(/No tag tells whole volumes apart\.$/);
  });

  it('do not tear a stack in two that has one slice twice', () => {
    const series = new Series()
      .add('a', 12, (slice) => ({ ContentTime: slice < 6 ? '101500' : '101501' }))
      .add('again', 12, () => ({ ContentTime: '101501' }))
      .without(
        ...Array.from({ length: 12 }, (_, i) => `again:${i}`).filter((id) => id !== 'again:5'),
      );
    expect(series.volumes()).toEqual([]);
    expect(series.group().rest.length).toBe(1);
  });

  it('are a volume beside the second try of one slice', () => {
    const series = new Series()
      .add('a', 12, () => ({ AcquisitionTime: '101500' }))
      .add('again', 12, () => ({ AcquisitionTime: '102000' }))
      .without(
        ...Array.from({ length: 12 }, (_, i) => `again:${i}`).filter((id) => id !== 'again:5'),
      );
    expect(series.volumes()).toEqual(['a 12']);
    expect(series.group().rest.map(({ frames }) => frames.length)).toEqual([1]);
  });

  const tags = fc.uniqueArray(fc.constantFrom(...SPLIT_TAGS), { minLength: 1, maxLength: 3 });
  const given = fc.record({
    slices: fc.integer({ min: 3, max: 12 }),
    sizes: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 3, maxLength: 3 }),
    tags,
    order: fc.integer(),
  });

  /** Every combination of values of the tags is a time point; instance numbers begin anew in each. */
  function combined({
    slices,
    sizes,
    tags: names,
  }: {
    slices: number;
    sizes: number[];
    tags: SplitTag[];
  }) {
    const series = new Series();
    const combinations = names.reduce<Tags[]>(
      (before, tag, place) =>
        before.flatMap((each) =>
          Array.from({ length: sizes[place] ?? 1 }, (_, value) => ({ ...each, [tag]: 10 + value })),
        ),
      [{}],
    );
    combinations.forEach((values, index) => {
      series.add(`v${index}`, slices, (slice) => ({ ...values, InstanceNumber: slice + 1 }));
    });
    return { series, count: combinations.length };
  }

  it('are all found, each whole, by any tags and combinations of tags', () => {
    expect(() => {
      fc.assert(
        fc.property(given, (each) => {
          const { series, count } = combined(each);
          const { volumes, rest } = series.group(each.order);
          const isWhole = volumes.every(
            ({ frames }) => frames.length === each.slices && new Set(frames.map(nameOf)).size === 1,
          );
          if (volumes.length !== count || rest.length > 0 || !isWhole) {
            throw new Error(`Expected ${count} volumes, got ${volumes.length} and ${rest.length}`);
          }
        }),
        RUNS,
      );
    }).not.toThrow();
  });

  it('are never mixed where slices are missing, by any tags', () => {
    // Fewer than there are slices: one time point and what another has lost are never one stack.
    const gone = fc.array(fc.tuple(fc.integer({ min: 0, max: 26 }), fc.nat(11)), { maxLength: 2 });
    expect(() => {
      fc.assert(
        fc.property(given, gone, (each, lost) => {
          const { series, count } = combined(each);
          const ids = new Set(
            lost.map(([time, slice]) => `v${time % count}:${slice % each.slices}`),
          );
          const { volumes } = series.without(...ids).group(each.order);
          const mixed = volumes.filter(({ frames }) => new Set(frames.map(nameOf)).size > 1);
          if (mixed.length > 0) {
            throw new Error(
              mixed.map(({ frames }) => frames.map(({ imageId }) => imageId).join()).join(' '),
            );
          }
        }),
        RUNS,
      );
    }).not.toThrow();
  });
});
