import { countTimePoints } from '../../demo/src/describeImages.js';
import type { SplitBy, VolumeGroups } from '../../src/index.js';

describe('countTimePoints', () => {
  it('counts the volumes that one point of time tells apart', () => {
    expect(countTimePoints(groups(['TemporalPositionIdentifier', 3]))).toBe(3);
    expect(countTimePoints(groups(['TriggerTime', 2]))).toBe(2);
    expect(countTimePoints(groups(['NominalPercentageOfCardiacPhase', 4]))).toBe(4);
  });

  it('takes volumes of different kinds for no time points', () => {
    expect(countTimePoints(groups(['EchoTime', 2]))).toBe(1);
    expect(countTimePoints(groups(['InversionTime', 2]))).toBe(1);
    expect(countTimePoints(groups(['DiffusionBValue', 5]))).toBe(1);
    expect(countTimePoints(groups(['TriggerTime', 2], ['EchoTime', 2]))).toBe(1);
  });

  it('needs all images, and more than one volume', () => {
    const { volumes } = groups(['TriggerTime', 2]);
    const rest = [{}] as unknown as VolumeGroups['rest'];
    expect(countTimePoints({ volumes, rest })).toBe(1);
    expect(countTimePoints({ volumes: volumes.slice(1), rest: [] })).toBe(1);
    expect(countTimePoints({ volumes: [], rest: [] })).toBe(1);
  });
});

function groups(
  ...tags: readonly (readonly [tag: SplitBy['tag'], count: number])[]
): Pick<VolumeGroups, 'volumes' | 'rest'> {
  const volumes = tags.flatMap(([tag, count]) =>
    Array.from({ length: count }, (_, value) => ({ splitBy: [{ tag, value }] })),
  );
  return { volumes: volumes as unknown as VolumeGroups['volumes'], rest: [] };
}
