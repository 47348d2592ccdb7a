import { DEFAULT_GEOMETRY_TOLERANCE } from '../../../src/geometry/geometryTolerance.js';
import { groupFrames } from '../../../src/geometry/grouping/groupFrames.js';
import type { FrameGroups } from '../../../src/geometry/grouping/groupFrames.js';
import type { SplitTag, SplitValue } from '../../../src/base/splitTag.js';
import type { FrameMetadata, Orientation } from '../../../src/base/types.js';
import { seededRandom, shuffled } from '../../support/seededRandom.js';
import { moved, syntheticStack, withFrame } from '../../support/syntheticFrames.js';

type Tags = Partial<Record<SplitTag, SplitValue>>;

const SAGITTAL: Orientation = [0, 1, 0, 0, 0, -1];
const CORONAL: Orientation = [1, 0, 0, 0, 0, -1];

describe('groupFrames', () => {
  const tagsOf = new Map<string, Tags>();

  beforeEach(() => {
    tagsOf.clear();
  });

  /** A stack whose imageIds begin with a name; `tags` may depend on the slice. */
  function named(
    name: string,
    options: Parameters<typeof syntheticStack>[0] = {},
    tags: Tags | ((slice: number) => Tags) = {},
  ): FrameMetadata[] {
    return syntheticStack({ count: 5, ...options }).map((frame, slice) => {
      const imageId = `${name}:${slice}`;
      tagsOf.set(imageId, typeof tags === 'function' ? tags(slice) : tags);
      return { ...frame, imageId };
    });
  }

  function group(frames: readonly FrameMetadata[]): FrameGroups {
    const mixed = shuffled(frames, seededRandom(7));
    const groups = groupFrames(
      mixed,
      DEFAULT_GEOMETRY_TOLERANCE,
      (imageId, tag) => tagsOf.get(imageId)?.[tag],
    );
    const found = [...groups.volumes, ...groups.rest].flatMap((each) => idsOf(each.frames));
    expect(found.toSorted()).withContext('nothing is lost').toEqual(idsOf(frames).toSorted());
    return groups;
  }

  function idsOf(frames: readonly FrameMetadata[]): string[] {
    return frames.map(({ imageId }) => imageId);
  }

  /** The volumes as their imageIds and what split them, in an order of their own. */
  function volumesOf(frames: readonly FrameMetadata[]): string[] {
    const { volumes, rest } = group(frames);
    expect(rest).toEqual([]);
    return volumes.map(({ frames: sorted, splitBy, reasons }) => {
      expect(reasons).toEqual([]);
      const by = splitBy.map(({ tag, value, byOrder }) => `${tag}${byOrder ? '#' : '='}${value}`);
      return [idsOf(sorted).join(' '), ...by].join(' | ');
    });
  }

  function slicesOf(name: string): string {
    return [0, 1, 2, 3, 4].map((slice) => `${name}:${slice}`).join(' ');
  }

  it('puts one stack into one volume, in volume order', () => {
    expect(volumesOf(named('a'))).toEqual([slicesOf('a')]);
  });

  it('makes nothing of nothing', () => {
    expect(group([])).toEqual({ volumes: [], rest: [] });
  });

  for (const [what, fields] of [
    ['series', { seriesInstanceUID: '9' }],
    ['frame of reference', { frameOfReferenceUID: '9' }],
    ['modality', { modality: 'PT' }],
    ['size', { rows: 9 }],
    ['pixel format', { bitsStored: 16 }],
    ['pixel spacing', { pixelSpacing: [1, 1] }],
  ] as const) {
    it(`separates stacks at the same place by ${what}`, () => {
      const volumes = volumesOf([...named('a'), ...named('b', { fields })]);
      expect(volumes.toSorted()).toEqual([slicesOf('a'), slicesOf('b')]);
    });
  }

  it('separates the planes of a localizer', () => {
    const planes = [
      ...named('axial'),
      ...named('sagittal', { orientation: SAGITTAL }),
      ...named('coronal', { orientation: CORONAL }),
    ];
    expect(volumesOf(planes).toSorted()).toEqual([
      slicesOf('axial'),
      slicesOf('coronal'),
      slicesOf('sagittal'),
    ]);
  });

  for (const tag of [
    'TemporalPositionIdentifier',
    'DiffusionBValue',
    'TriggerTime',
    'EchoTime',
    'EchoNumbers',
    'NominalPercentageOfCardiacPhase',
    'FrameReferenceTime',
    'AcquisitionNumber',
  ] as const) {
    it(`separates volumes at the same place by ${tag}, by number`, () => {
      const frames = [
        named('c', {}, { [tag]: 100 }),
        named('b', {}, { [tag]: 20 }),
        named('a', {}, { [tag]: 3 }),
      ];
      expect(volumesOf(frames.flat())).toEqual([
        `${slicesOf('a')} | ${tag}=3`,
        `${slicesOf('b')} | ${tag}=20`,
        `${slicesOf('c')} | ${tag}=100`,
      ]);
    });
  }

  it('separates by image type', () => {
    const frames = [
      named('water', {}, { ImageType: 'DERIVED\\PRIMARY\\WATER' }),
      named('fat', {}, { ImageType: 'DERIVED\\PRIMARY\\FAT' }),
    ];
    expect(volumesOf(frames.flat()).map((volume) => volume.split(' | ')[0])).toEqual([
      slicesOf('fat'),
      slicesOf('water'),
    ]);
  });

  it('separates echoes of time points, by both tags', () => {
    const frames = [1, 2].flatMap((time) =>
      [4, 9].flatMap((echo) =>
        named(`t${time}e${echo}`, {}, { TemporalPositionIdentifier: time, EchoTime: echo }),
      ),
    );
    expect(volumesOf(frames)).toEqual([
      `${slicesOf('t1e4')} | TemporalPositionIdentifier=1 | EchoTime=4`,
      `${slicesOf('t1e9')} | TemporalPositionIdentifier=1 | EchoTime=9`,
      `${slicesOf('t2e4')} | TemporalPositionIdentifier=2 | EchoTime=4`,
      `${slicesOf('t2e9')} | TemporalPositionIdentifier=2 | EchoTime=9`,
    ]);
  });

  it('separates the directions of one b-value, of which another has none', () => {
    const frames = [
      ...named('b0', {}, { DiffusionBValue: 0 }),
      ...named('x', {}, { DiffusionBValue: 1000, DiffusionGradientOrientation: '1\\0\\0' }),
      ...named('y', {}, { DiffusionBValue: 1000, DiffusionGradientOrientation: '0\\1\\0' }),
    ];
    expect(volumesOf(frames)).toEqual([
      `${slicesOf('b0')} | DiffusionBValue=0`,
      `${slicesOf('y')} | DiffusionBValue=1000 | DiffusionGradientOrientation=0\\1\\0`,
      `${slicesOf('x')} | DiffusionBValue=1000 | DiffusionGradientOrientation=1\\0\\0`,
    ]);
  });

  it('counts trigger times that differ from slice to slice in their order', () => {
    const frames = [
      ...named('early', {}, (slice) => ({ TriggerTime: 10 + slice })),
      ...named('late', {}, (slice) => ({ TriggerTime: 500 + 3 * slice })),
    ];
    expect(volumesOf(frames)).toEqual([
      `${slicesOf('early')} | TriggerTime#1`,
      `${slicesOf('late')} | TriggerTime#2`,
    ]);
  });

  it('counts instances in their order where nothing else tells time points apart', () => {
    const frames = [
      ...named('first', {}, (slice) => ({ InstanceNumber: slice + 1, EchoTime: 4 })),
      ...named('second', {}, (slice) => ({ InstanceNumber: slice + 6, EchoTime: 4 })),
    ];
    expect(volumesOf(frames)).toEqual([
      `${slicesOf('first')} | InstanceNumber#1`,
      `${slicesOf('second')} | InstanceNumber#2`,
    ]);
  });

  it('keeps a time point that lacks a slice, with its reason, apart from the whole ones', () => {
    const whole = named('a', {}, { TemporalPositionIdentifier: 1 });
    const broken = named('b', {}, { TemporalPositionIdentifier: 2 }).filter((_, i) => i !== 2);
    const { volumes, rest } = group([...whole, ...broken]);
    expect(volumes.map(({ frames }) => idsOf(frames).join(' '))).toEqual([slicesOf('a')]);
    expect(rest.map(({ frames }) => idsOf(frames))).toEqual([['b:0', 'b:1', 'b:3', 'b:4']]);
    expect(rest[0]?.splitBy).toEqual([
      { tag: 'TemporalPositionIdentifier', value: 2, byOrder: false },
    ]);
    expect(rest[0]?.reasons.map(({ code }) => code)).toEqual(['missing-slices']);
  });

  it('separates acquisitions beside each other that are no volume together', () => {
    const frames = [
      ...named('head', {}, { AcquisitionNumber: 1 }),
      ...named('chest', { origin: [-100, -120, -300] }, { AcquisitionNumber: 2 }),
    ];
    expect(volumesOf(frames)).toEqual([
      `${slicesOf('head')} | AcquisitionNumber=1`,
      `${slicesOf('chest')} | AcquisitionNumber=2`,
    ]);
  });

  it('leaves acquisitions together that are one volume', () => {
    const frames = named('a', {}, (slice) => ({ AcquisitionNumber: slice < 2 ? 1 : 2 }));
    expect(volumesOf(frames)).toEqual([slicesOf('a')]);
  });

  it('does not tear a series with one slice twice apart', () => {
    const stack = named('a', {}, (slice) => ({ InstanceNumber: slice + 1, TriggerTime: slice }));
    const twin = { ...(stack[2] as FrameMetadata), imageId: 'twin' };
    tagsOf.set('twin', { InstanceNumber: 6, TriggerTime: 9 });
    const { volumes, rest } = group([...stack, twin]);
    expect(volumes).toEqual([]);
    expect(rest.length).toBe(1);
    expect(rest[0]?.reasons.map(({ code, imageIds }) => [code, imageIds.toSorted()])).toEqual([
      ['duplicate-position', ['a:2', 'twin']],
    ]);
  });

  it('leaves a cine of one position whole', () => {
    const frames = named('cine', {}, (slice) => ({ TriggerTime: slice })).map((frame) => ({
      ...frame,
      imagePositionPatient: [0, 0, 0] as const,
    }));
    const { volumes, rest } = group(frames);
    expect(volumes).toEqual([]);
    expect(rest.map(({ reasons }) => reasons.map(({ code }) => code))).toEqual([
      ['duplicate-position'],
    ]);
  });

  it('leaves a scout and a turning series with their reasons beside a volume', () => {
    const scout = named('scout', { count: 1, fields: { rows: 9 } });
    const turning = named('turn', { fields: { seriesInstanceUID: '9' } }).map((frame, i) => ({
      ...frame,
      imageOrientationPatient: [1, 0, 0, 0, Math.cos(i / 4), Math.sin(i / 4)] as const,
    }));
    const { volumes, rest } = group([...named('a'), ...scout, ...turning]);
    expect(volumes.map(({ frames }) => idsOf(frames).join(' '))).toEqual([slicesOf('a')]);
    const left = rest.map(({ frames, reasons }) =>
      [frames.length, ...reasons.map(({ code }) => code)].join(' '),
    );
    expect(left.toSorted()).toEqual(['1 not-enough-frames', '5 curved-stack']);
  });

  it('carries warnings of what is approximate', () => {
    const frames = named('a', { count: 12 });
    const { volumes, rest } = group(
      withFrame(frames, 6, moved(frames[6] as FrameMetadata, [0, 0, 0.06])),
    );
    expect(rest).toEqual([]);
    expect(volumes[0]?.reasons.map(({ code, severity }) => [code, severity])).toEqual([
      ['irregular-spacing', 'warning'],
    ]);
  });

  it('parts frames whose spacings fill the tolerance without losing one', () => {
    const random = seededRandom(31);
    const frames = named('a', { count: 60 }).map((frame) => ({
      ...frame,
      pixelSpacing: [0.8 * (1 + random() * 6e-4), 0.7] as const,
    }));
    const { volumes, rest } = group(frames);
    const codes = [...volumes, ...rest].flatMap(({ reasons }) => reasons.map(({ code }) => code));
    expect(volumes.length + rest.length).toBeGreaterThan(1);
    expect(codes).not.toContain('pixel-spacing');
  });
});
