import { Enums, imageLoader, imageLoadPoolManager, utilities } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import { RegionSegmentTool, utilities as toolsUtilities } from '@cornerstonejs/tools';
import { Pane, showPlanarNext } from '../rendering/support/Pane.js';
import { clearRequests, countFrameRequests } from '../support/dicomWebSeries.js';
import { addLabelmap } from './support/addLabelmap.js';
import { BALL_SIZE, ballSeries, ballValue } from './support/ballSeries.js';
import { CT_SIZE } from './support/ctTruth.js';
import { expectSame } from './support/expectSame.js';
import { onBothLoaders } from './support/onBothLoaders.js';
import { showVolume } from './support/showVolume.js';

const [COLUMNS, ROWS] = CT_SIZE;

interface ContourSet {
  readonly sliceContours: readonly { referencedImageId: string; polyData: object }[];
}

describe('What looks in the image cache for the frames of a volume', () => {
  it('stack prefetching finds them all, and asks for none', async () => {
    const both = await onBothLoaders(async ({ volume }) => {
      const { stackPrefetch, stackContextPrefetch } = toolsUtilities;
      const pane = new Pane<Types.IStackViewport>(Enums.ViewportType.STACK);
      await pane.viewport.setStack(volume.imageIds, 10);
      await clearRequests();
      const waiting: number[] = [];
      for (const prefetch of [stackPrefetch, stackContextPrefetch]) {
        prefetch.enable(pane.element);
        waiting.push(Object.values(imageLoadPoolManager.getRequestPool().prefetch).flat().length);
        prefetch.disable(pane.element);
      }
      return { waiting, requests: await countFrameRequests() };
    });
    expectSame(both);
    expect(both.ours).toEqual({ waiting: [0, 0], requests: 0 });
  });

  it('loadImageToCanvas draws a frame without a request', async () => {
    const both = await onBothLoaders(async ({ volume }) => {
      const canvas = document.createElement('canvas');
      canvas.width = COLUMNS;
      canvas.height = ROWS;
      await clearRequests();
      await utilities.loadImageToCanvas({
        canvas,
        imageId: volume.imageIds[10] as string,
        useCPURendering: true,
      });
      const { data } = (canvas.getContext('2d') as CanvasRenderingContext2D).getImageData(
        0,
        0,
        COLUMNS,
        ROWS,
      );
      return { greys: Array.from(data), requests: await countFrameRequests() };
    });
    expectSame(both);
    expect(both.ours.requests).toBe(0);
    expect(new Set(both.ours.greys).size).toBeGreaterThan(20);
  });

  it('the window/level region tool finds a slice', async () => {
    const series = ballSeries();
    try {
      const both = await onBothLoaders(async ({ volume }) => {
        const pane = await showVolume(volume);
        await utilities.jumpToSlice(pane.element, { imageIndex: BALL_SIZE[2] - 1 - 10 });
        await pane.render();
        const { extractWindowLevelRegionToolData } = toolsUtilities.voi.windowLevel;
        const { scalarData, minPixelValue, maxPixelValue } = extractWindowLevelRegionToolData(
          pane.viewport as never,
        ) as {
          scalarData: ArrayLike<number>;
          minPixelValue: number;
          maxPixelValue: number;
        };
        return { voxels: Array.from(scalarData), minPixelValue, maxPixelValue };
      }, series);
      expectSame(both);
      // Cornerstone takes the viewport's number of the slice, which counts from the other end.
      const read = BALL_SIZE[2] - 1 - 10;
      const [columns, rows] = BALL_SIZE;
      expect(both.ours).toEqual({
        voxels: Array.from({ length: columns * rows }, (_, i) =>
          ballValue(i % columns, Math.floor(i / columns), read),
        ),
        minPixelValue: 100,
        maxPixelValue: 804,
      });
    } finally {
      series.dispose();
    }
  });

  it('the window/level region tool finds a slice on a generic viewport', async () => {
    const series = ballSeries();
    try {
      const slice = 10;
      const both = await onBothLoaders(async ({ volume }) => {
        const pane = await showPlanarNext(volume as never, 'axial', { lower: 0, upper: 1000 });
        const middle = [...BALL_SIZE.map((size) => size / 2).slice(0, 2), slice] as Types.Point3;
        const sliceWorldPoint = volume.imageData?.indexToWorld(middle) as Types.Point3;
        pane.viewport.setViewState({ slice: { kind: 'volumePoint', sliceWorldPoint } });
        await pane.render();
        const { scalarData, rows, columns } =
          toolsUtilities.voi.windowLevel.extractWindowLevelRegionToolData(
            pane.viewport as never,
          ) as { scalarData: ArrayLike<number>; rows: number; columns: number };
        return { voxels: Array.from(scalarData), rows, columns };
      }, series);
      expectSame(both);
      const [columns, rows] = BALL_SIZE;
      expect(both.ours).toEqual({
        voxels: Array.from({ length: columns * rows }, (_, i) =>
          ballValue(i % columns, Math.floor(i / columns), slice),
        ),
        rows,
        columns,
      });
    } finally {
      series.dispose();
    }
  });

  it('grow cut on a single frame makes its volume of that frame', async () => {
    const series = ballSeries();
    try {
      const slice = 7;
      const both = await onBothLoaders(async ({ volume }) => {
        const imageId = volume.imageIds[slice] as string;
        const blank = imageLoader.createAndCacheDerivedImage(imageId);
        const tool = new RegionSegmentTool() as unknown as {
          _createFakeVolume(imageIds: string[]): Types.IImageVolume;
        };
        const { voxelManager } = tool._createFakeVolume([imageId, blank.imageId]);
        const [columns, rows] = BALL_SIZE;
        return Array.from({ length: columns * rows }, (_, i) =>
          voxelManager?.getAtIJK(i % columns, Math.floor(i / columns), 0),
        );
      }, series);
      expectSame(both);
      const [columns, rows] = BALL_SIZE;
      expect(both.ours as unknown[]).toEqual(
        Array.from({ length: columns * rows }, (_, i) =>
          ballValue(i % columns, Math.floor(i / columns), slice),
        ),
      );
    } finally {
      series.dispose();
    }
  });

  it('generateContourSetsFromLabelmap finds the frame that a contour lies on', async () => {
    const series = ballSeries();
    try {
      const both = await onBothLoaders(async ({ volume }) => {
        const { segmentationId, volume: labelmap } = await addLabelmap(volume);
        for (let row = 10; row < 20; row++) {
          for (let column = 20; column < 30; column++) {
            labelmap.voxelManager?.setAtIJK(column, row, 7, 1);
          }
        }
        const sets = await toolsUtilities.contours.generateContourSetsFromLabelmap({
          segmentations: {
            segmentationId,
            representationData: { Labelmap: { volumeId: labelmap.volumeId } },
            segments: [null, { segmentIndex: 1 }],
          },
        });
        return (sets as ContourSet[]).flatMap(({ sliceContours }) =>
          sliceContours.map(({ polyData, referencedImageId }) => ({
            polyData,
            slice: volume.imageIds.indexOf(referencedImageId),
          })),
        );
      }, series);
      expectSame(both);
      expect(both.ours.map(({ slice }) => slice)).toEqual([7]);
    } finally {
      series.dispose();
    }
  });
});
