import type { Types } from '@cornerstonejs/core';
import { annotation, CrosshairsTool } from '@cornerstonejs/tools';
import { createEngine } from '../rendering/support/Pane.js';
import { until } from '../support/until.js';
import { activateTool } from './support/activateTool.js';
import { drag } from './support/drag.js';
import { expectSame } from './support/expectSame.js';
import { onBothLoaders } from './support/onBothLoaders.js';
import { showVolume } from './support/showVolume.js';
import type { VolumePane } from './support/showVolume.js';

/** A drag takes those planes along whose lines it finds. */
async function untilLinesAreDrawn(panes: readonly VolumePane[]): Promise<void> {
  const lines = (): unknown[][] =>
    panes.flatMap(({ element }) =>
      annotation.state
        .getAnnotations(CrosshairsTool.toolName, element)
        .map(({ data }) => data.handles?.['rotationPoints'] as unknown[]),
    );
  await until(() => lines().length > 0 && lines().every(({ length }) => length > 0));
}

describe('CrosshairsTool on three planes of a volume', () => {
  it('jumps with a drag and takes the two other planes along', async () => {
    const both = await onBothLoaders(async ({ volume }) => {
      const engine = createEngine();
      const panes: VolumePane[] = [];
      for (const plane of ['axial', 'sagittal', 'coronal']) {
        panes.push(await showVolume(volume, { plane, engine }));
      }
      const [axial, sagittal, coronal] = panes as [VolumePane, VolumePane, VolumePane];
      const tool = activateTool(CrosshairsTool, panes) as { toolCenter: Types.Point3 };
      await untilLinesAreDrawn(panes);
      const start = [...tool.toolCenter];
      const from: Types.Point2 = [65, 45];
      const to: Types.Point2 = [72, 41];
      drag(axial, from, [60, 40], to);
      const target = axial.viewport.canvasToWorld(to);
      const focal = panes.map(({ viewport }) => viewport.getCamera().focalPoint);
      return {
        start,
        end: [...tool.toolCenter],
        target,
        focal,
        sagittalX: sagittal.viewport.getCamera().focalPoint?.[0],
        coronalY: coronal.viewport.getCamera().focalPoint?.[1],
      };
    });
    expectSame(both);
    const { start, end, target, sagittalX, coronalY } = both.ours;
    expect(Math.hypot(...end.map((x, i) => x - (start[i] as number)))).toBeGreaterThan(5);
    end.forEach((x, axis) => {
      expect(x).toBeCloseTo(target[axis] as number, 3);
    });
    expect(sagittalX).toBeCloseTo(target[0], 3);
    expect(coronalY).toBeCloseTo(target[1], 3);
  });
});
