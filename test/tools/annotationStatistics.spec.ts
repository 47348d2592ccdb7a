import { getRenderingEngines, utilities } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import { annotation, EllipticalROITool, LengthTool } from '@cornerstonejs/tools';
import { until } from '../support/until.js';
import { activateTool } from './support/activateTool.js';
import { expectSame } from './support/expectSame.js';
import { onBothLoaders } from './support/onBothLoaders.js';
import { onPetInSuv, PET_SUV_FACTOR } from './support/onPetInSuv.js';
import { showVolume } from './support/showVolume.js';
import type { VolumePane } from './support/showVolume.js';

type Statistics = Record<string, unknown>;

interface HydratingTool {
  readonly toolName: string;
  readonly hydrate: (viewportId: string, points: Types.Point3[]) => unknown;
}

/** The world point of a voxel, also of a fraction of one. */
function pointOf({ imageData }: Types.IImageVolume, ijk: Types.Point3): Types.Point3 {
  return imageData ? utilities.transformIndexToWorld(imageData, ijk) : [0, 0, 0];
}

/** Draws an annotation on a plane through slice 10 and waits for its numbers. */
async function statisticsOf(
  Tool: HydratingTool,
  volume: Types.IImageVolume,
  voxels: readonly Types.Point3[],
): Promise<Statistics> {
  const pane: VolumePane = await showVolume(volume);
  activateTool(Tool, [pane]);
  const points = voxels.map((ijk) => pointOf(volume, ijk));
  await utilities.jumpToSlice(pane.element, { imageIndex: 13 });
  await pane.render();
  const focal = pane.viewport.getCamera().focalPoint as Types.Point3;
  const depth = volume.imageData?.worldToIndex(focal)[2] as number;
  expect(depth).toBeCloseTo(10, 3);
  Tool.hydrate(pane.viewport.id, points);
  const [drawn] = annotation.state.getAnnotations(Tool.toolName, pane.element);
  const found = (): Statistics[] =>
    Object.values((drawn?.data?.['cachedStats'] ?? {}) as Record<string, Statistics>);
  await until(() => found().some((each) => Object.keys(each).length > 1));
  expect(found().length).toBe(1);
  expect(getRenderingEngines()?.length).toBe(1);
  return found()[0] as Statistics;
}

/** The numbers, without the names and points that are numbers in other words. */
function numbersOf({ mean, max, min, stdDev, area, ...rest }: Statistics): Statistics {
  const { modalityUnit, areaUnit, Modality, pointsInShape } = rest;
  const voxels = (pointsInShape as { pointIJK: number[]; value: number }[] | undefined)?.map(
    ({ pointIJK, value }) => [...pointIJK, value],
  );
  return { mean, max, min, stdDev, area, modalityUnit, areaUnit, Modality, voxels };
}

/** Bottom, top, left and right of an ellipse round column 32, row 24. */
const ELLIPSE: Types.Point3[] = [
  [32, 29, 10],
  [32, 19, 10],
  [20, 24, 10],
  [44, 24, 10],
];

describe('Annotations on a volume', () => {
  it('LengthTool measures in mm, along both spacings', async () => {
    const { ours, builtIn } = await onBothLoaders(({ volume }) =>
      statisticsOf(LengthTool, volume, [
        [10, 20, 10],
        [50, 40, 10],
      ]),
    );
    expectSame({ ours, builtIn });
    expect(ours['length']).toBeCloseTo(Math.hypot(40 * 0.75, 20 * 1.5), 5);
    expect(ours['unit']).toBe('mm');
  });

  it('EllipticalROITool gives the statistics of the voxels inside, in HU', async () => {
    const { ours, builtIn } = await onBothLoaders(async ({ volume }) =>
      numbersOf(await statisticsOf(EllipticalROITool, volume, ELLIPSE)),
    );
    expectSame({ ours, builtIn });
    // The values rise evenly, so that their mean is that of the centre.
    const centre = 3 * 32 + 7 * 24 + 29 * 10 - 1024;
    expect(ours['mean']).toBeCloseTo(centre, 6);
    expect(ours['max']).toBeGreaterThan(centre + 30);
    expect(ours['min']).toBe(2 * centre - (ours['max'] as number));
    expect(ours['area']).toBeCloseTo(Math.PI * 9 * 7.5, 3);
    expect(ours['modalityUnit']).toBe('HU');
  });

  it('EllipticalROITool gives SUV where a PET has the factor', async () => {
    const both = await onPetInSuv(async ({ volume }) =>
      numbersOf(await statisticsOf(EllipticalROITool, volume, ELLIPSE)),
    );
    expectSame(both);
    const centre = (3 * 32 + 7 * 24 + 29 * 10) * (0.25 + 10 / 64) * PET_SUV_FACTOR;
    expect(both.ours['mean']).toBeCloseTo(centre, 5);
    expect(both.ours['modalityUnit']).toBe('SUV');
  });
});
