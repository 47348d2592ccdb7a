import { utilities } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import { BrushTool, SphereScissorsTool, utilities as toolsUtilities } from '@cornerstonejs/tools';
import { activateTool } from './support/activateTool.js';
import { addLabelmap, placeOf, voxelsOfSegment } from './support/addLabelmap.js';
import { CT_SIZE, ctValue } from './support/ctTruth.js';
import { drag } from './support/drag.js';
import { expectSame } from './support/expectSame.js';
import { onBothLoaders } from './support/onBothLoaders.js';
import type { MeasuredVolume } from './support/onBothLoaders.js';
import { showVolume } from './support/showVolume.js';
import type { VolumePane } from './support/showVolume.js';

/** What a stroke has painted, and where it went. */
interface Stroke {
  readonly voxels: readonly number[];
  readonly places: readonly Types.Point3[];
  /** Centres of the painted voxels, and the ends of the stroke, in mm. */
  readonly worlds: readonly Types.Point3[];
  readonly from: Types.Point3;
  readonly to: Types.Point3;
}

/** The slice that is shown; the viewport counts from the other end. */
const SLICE = 10;

// Not in the middle of the pane, where four voxels meet and rounding chooses one.
const FROM: Types.Point2 = [51, 47];
const BETWEEN: Types.Point2 = [57, 47];
const TO: Types.Point2 = [63, 47];

/** Draws with a tool on a labelmap and reads what it has painted. */
async function stroke(
  { volume }: MeasuredVolume,
  prepare: (pane: VolumePane) => void,
): Promise<Stroke> {
  const pane = await showVolume(volume);
  const labelmap = await addLabelmap(volume, [pane]);
  await utilities.jumpToSlice(pane.element, { imageIndex: CT_SIZE[2] - 1 - SLICE });
  await pane.render();
  prepare(pane);
  drag(pane, FROM, BETWEEN, TO);
  const voxels = voxelsOfSegment(labelmap);
  const places = voxels.map((index) => placeOf(volume, index));
  return {
    voxels,
    places,
    worlds: places.map((place) =>
      utilities.transformIndexToWorld(volume.imageData as never, place),
    ),
    from: pane.viewport.canvasToWorld(FROM),
    to: pane.viewport.canvasToWorld(TO),
  };
}

const distance = (a: Types.Point3, b: Types.Point3): number =>
  Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);

/** Radius of the brush in mm. */
const RADIUS = 8;

const brush =
  (strategy: string, configuration: object = {}) =>
  (pane: VolumePane) => {
    activateTool(BrushTool, [pane], {
      activeStrategy: strategy,
      brushSize: RADIUS,
      ...configuration,
    });
  };

describe('Tools that paint on a labelmap of a volume', () => {
  it('BrushTool fills the circles of a stroke on the slice that is shown', async () => {
    const { ours, builtIn } = await onBothLoaders((measured) =>
      stroke(measured, brush('FILL_INSIDE_CIRCLE')),
    );
    expectSame({ ours: ours.voxels, builtIn: builtIn.voxels });
    expect(new Set(ours.places.map(([, , slice]) => slice))).toEqual(new Set([SLICE]));
    // More than one circle, and no more than a strip along the stroke with half a circle at each end.
    const circle = Math.PI * RADIUS ** 2;
    const strip = circle + 2 * RADIUS * distance(ours.from, ours.to);
    expect(ours.voxels.length).toBeGreaterThan((1.1 * circle) / (0.75 * 1.5));
    expect(ours.voxels.length).toBeLessThan((1.1 * strip) / (0.75 * 1.5));
  });

  it('BrushTool with a threshold fills what the volume has in the range', async () => {
    const range: [number, number] = [-500, -400];
    const { ours, builtIn } = await onBothLoaders(async (measured) => {
      const plain = await stroke(measured, brush('FILL_INSIDE_CIRCLE'));
      const threshold = { range, isDynamic: false };
      const { voxels } = await stroke(measured, brush('THRESHOLD_INSIDE_CIRCLE', { threshold }));
      return { plain, voxels };
    });
    expectSame({ ours: ours.voxels, builtIn: builtIn.voxels });
    const inRange = ours.plain.voxels.filter((_, i) => {
      const value = ctValue(ours.plain.places[i] as Types.Point3);
      return value >= range[0] && value <= range[1];
    });
    expect(inRange.length).toBeGreaterThan(0);
    expect(inRange.length).toBeLessThan(ours.plain.voxels.length);
    expect(ours.voxels).toEqual(inRange);
  });

  it('BrushTool with a dynamic threshold takes the range from the voxels under the brush', async () => {
    const { ours, builtIn } = await onBothLoaders((measured) =>
      stroke(measured, (pane) => {
        // The tool writes the range that it finds into its configuration.
        const threshold = { isDynamic: true, dynamicRadius: 3 };
        brush('THRESHOLD_INSIDE_SPHERE', { threshold })(pane);
      }),
    );
    expectSame({ ours: ours.voxels, builtIn: builtIn.voxels });
    expect(ours.voxels.length).toBeGreaterThan(100);
  });

  it('SphereScissorsTool fills a sphere over the slices', async () => {
    const { ours, builtIn } = await onBothLoaders((measured) =>
      stroke(measured, (pane) => {
        activateTool(SphereScissorsTool, [pane]);
      }),
    );
    expectSame({ ours: ours.voxels, builtIn: builtIn.voxels });
    const radius = distance(ours.from, ours.to);
    const furthest = Math.max(...ours.worlds.map((world) => distance(world, ours.from)));
    // Voxels that the sphere cuts belong to it, so that a centre may be half a diagonal outside.
    expect(furthest).toBeLessThan(radius + Math.hypot(0.75, 1.5, 2) / 2);
    expect(furthest).toBeGreaterThan(radius - 0.75);
    expect(new Set(ours.places.map(([, , slice]) => slice)).size).toBe(
      2 * Math.floor(radius / 2) + 1,
    );
  });

  it('thresholdVolumeByRange marks the voxels of a range', async () => {
    const { ours, builtIn } = await onBothLoaders(async ({ volume }) => {
      const labelmap = await addLabelmap(volume);
      toolsUtilities.segmentation.thresholdVolumeByRange(
        labelmap.volume,
        [{ volume, lower: -500, upper: -400 }],
        {
          overwrite: true,
          segmentationId: labelmap.segmentationId,
          segmentIndex: 1,
          boundsIJK: [
            [0, 63],
            [0, 47],
            [0, 23],
          ],
        } as never,
      );
      const voxels = voxelsOfSegment(labelmap);
      return { voxels, values: voxels.map((index) => ctValue(placeOf(volume, index))) };
    });
    expectSame({ ours: ours.voxels, builtIn: builtIn.voxels });
    expect(ours.voxels.length).toBeGreaterThan(1000);
    // The ends are not in the range.
    expect(Math.min(...ours.values)).toBe(-499);
    expect(Math.max(...ours.values)).toBe(-401);
  });
});
