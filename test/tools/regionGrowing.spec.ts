import { utilities } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import { ClickSegmentTool, utilities as toolsUtilities } from '@cornerstonejs/tools';
import { until } from '../support/until.js';
import { activateTool } from './support/activateTool.js';
import { addLabelmap, voxelsOfSegment } from './support/addLabelmap.js';
import { BALL_CENTRE, BALL_SIZE, ballSeries, isInBall } from './support/ballSeries.js';
import { ctValue } from './support/ctTruth.js';
import { drag } from './support/drag.js';
import { expectSame } from './support/expectSame.js';
import { onBothLoaders, voxelsOf } from './support/onBothLoaders.js';
import { showVolume } from './support/showVolume.js';

const { segmentation } = toolsUtilities;

const [COLUMNS, ROWS, SLICES] = BALL_SIZE;

/** What is used of WebGPU. */
interface Gpu {
  readonly requestAdapter: () => Promise<GpuAdapter | null>;
}

interface GpuAdapter {
  requestDevice: () => Promise<unknown>;
}

/** Indices of the voxels of the ball. */
function voxelsOfBall(): number[] {
  const voxels: number[] = [];
  for (let index = 0; index < COLUMNS * ROWS * SLICES; index++) {
    const row = Math.floor(index / COLUMNS);
    if (isInBall(index % COLUMNS, row % ROWS, Math.floor(row / ROWS))) {
      voxels.push(index);
    }
  }
  return voxels;
}

describe('Region growing on a volume', () => {
  it('floodFill finds what hangs together in a range', async () => {
    const seed: Types.Point3 = [32, 24, 12];
    const { ours, builtIn } = await onBothLoaders(({ volume }) => {
      const voxels = voxelsOf(volume);
      const get = (column: number, row: number, slice: number) =>
        column < 0 || column > 63 || row < 0 || row > 47
          ? undefined
          : (volume.voxelManager?.getAtIJK(column, row, slice) as number | undefined);
      const { flooded } = segmentation.floodFill(get, seed, {
        equals: (value: unknown) => Math.abs((value as number) - ctValue(seed)) <= 50,
      });
      return (flooded as Types.Point3[])
        .map(([column, row, slice]) => column + 64 * (row + 48 * slice))
        .sort((a, b) => a - b)
        .map((index) => [index, voxels[index]]);
    });
    expectSame({ ours, builtIn });
    const all: number[][] = [];
    for (let index = 0; index < 64 * 48 * 24; index++) {
      const value = ctValue([
        index % 64,
        Math.floor(index / 64) % 48,
        Math.floor(index / (64 * 48)),
      ]);
      if (Math.abs(value - ctValue(seed)) <= 50) {
        all.push([index, value]);
      }
    }
    expect(ours).toEqual(all);
  });

  it('ClickSegmentTool marks the ball that was clicked and asks for no frame again', async () => {
    const series = ballSeries();
    try {
      const { ours, builtIn } = await onBothLoaders(async ({ volume }) => {
        const pane = await showVolume(volume);
        pane.viewport.setProperties({ voiRange: { lower: 0, upper: 1000 } });
        const labelmap = await addLabelmap(volume, [pane]);
        await utilities.jumpToSlice(pane.element, {
          imageIndex: SLICES - 1 - BALL_CENTRE[2],
        });
        await pane.render();
        activateTool(ClickSegmentTool, [pane]);
        const requests = series.requests.length;
        const centre = utilities.transformIndexToWorld(volume.imageData, [...BALL_CENTRE]);
        const [x, y] = pane.viewport.worldToCanvas(centre).map(Math.round) as Types.Point2;
        drag(pane, [x, y], [x + 6, y]);
        await until(() => voxelsOfSegment(labelmap).length > 0);
        return { voxels: voxelsOfSegment(labelmap), asked: series.requests.length - requests };
      }, series);
      expectSame({ ours: ours.voxels, builtIn: builtIn.voxels });
      expect(ours.voxels).toEqual(voxelsOfBall());
      expect(ours.asked).toBe(0);
    } finally {
      series.dispose();
    }
  });

  it('createSubVolume cuts out the box that grow cut works on', async () => {
    const { ours, builtIn } = await onBothLoaders(({ volume }) => {
      const part = utilities.createSubVolume(
        volume.volumeId,
        { minX: 10, maxX: 13, minY: 20, maxY: 22, minZ: 5, maxZ: 6 },
        { targetBuffer: { type: 'Float32Array' } },
      );
      return { origin: part.origin, voxels: Array.from(voxelsOf(part)) };
    });
    expectSame({ ours, builtIn });
    expect(ours.voxels).toEqual(
      Array.from({ length: 4 * 3 * 2 }, (_, i) =>
        ctValue([10 + (i % 4), 20 + (Math.floor(i / 4) % 3), 5 + Math.floor(i / 12)]),
      ),
    );
  });

  it('growCut grows seeds up to the edge of a ball', async () => {
    const adapter = await (navigator as { gpu?: Gpu }).gpu?.requestAdapter();
    if (!adapter) {
      pending('grow cut computes with WebGPU, which this browser does not have');
      return;
    }
    const prototype = Object.getPrototypeOf(adapter) as GpuAdapter;
    const requestDevice = prototype.requestDevice;
    // It asks for buffers of 2 GB, which no adapter without a graphics card has, and needs none.
    spyOn(prototype, 'requestDevice').and.callFake(function (this: GpuAdapter) {
      return requestDevice.call(this);
    });
    const series = ballSeries();
    try {
      const { ours, builtIn } = await onBothLoaders(async ({ volume }) => {
        const labelmap = await addLabelmap(volume);
        labelmap.volume.voxelManager?.setAtIJK(...BALL_CENTRE, 1);
        // Seeds reach only so far: those around the ball are in all eight corners.
        for (let corner = 0; corner < 8; corner++) {
          const [column, row, slice] = [COLUMNS, ROWS, SLICES].map((size, axis) =>
            (corner >> axis) % 2 === 0 ? 1 : size - 2,
          ) as Types.Point3;
          labelmap.volume.voxelManager?.setAtIJK(column, row, slice, 2);
        }
        await segmentation.growCut.run(volume.volumeId, labelmap.volume.volumeId);
        return voxelsOfSegment(labelmap);
      }, series);
      expectSame({ ours, builtIn });
      expect(ours).toEqual(voxelsOfBall());
    } finally {
      series.dispose();
    }
  });
});
