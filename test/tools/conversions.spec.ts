import { cache, Enums, utilities, volumeLoader } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import type { OrthographicViewport } from '../rendering/support/Pane.js';
import { Pane } from '../rendering/support/Pane.js';
import { clearRequests, countFrameRequests } from '../support/dicomWebSeries.js';
import { CT_SIZE, ctValue } from './support/ctTruth.js';
import { expectSame } from './support/expectSame.js';
import { onBothLoaders, voxelsOf } from './support/onBothLoaders.js';
import { showVolume } from './support/showVolume.js';

const WINDOW = { lower: -1000, upper: 1000 } as const;

/** What a person sees: the grey values on a grid over the pane. */
async function greysOf(pane: Pane): Promise<number[]> {
  const picture = await pane.render();
  const greys: number[] = [];
  for (let y = 5; y < picture.height; y += 10) {
    for (let x = 5; x < picture.width; x += 10) {
      greys.push(picture.grey(x, y));
    }
  }
  return greys;
}

describe('A volume and what Cornerstone makes of it', () => {
  it('createAndCacheDerivedLabelmapVolume lies on it, empty and of one byte each', async () => {
    const both = await onBothLoaders(({ volume }) => {
      const labelmap = volumeLoader.createAndCacheDerivedLabelmapVolume(volume.volumeId, {
        volumeId: 'derived',
      });
      const { dimensions, spacing, origin, direction, referencedVolumeId } = labelmap;
      const voxels = voxelsOf(labelmap);
      return {
        geometry: [dimensions, spacing, origin, direction].map((values) => Array.from(values)),
        isOnVolume: referencedVolumeId === volume.volumeId,
        ordered: labelmap.imageIds.every(
          (imageId, i) => cache.getImage(imageId)?.referencedImageId === volume.imageIds[i],
        ),
        type: voxels.constructor.name,
        isEmpty: Array.from(voxels).every((value) => value === 0),
        length: voxels.length,
      };
    });
    expectSame(both);
    expect(both.ours).toEqual(
      jasmine.objectContaining({
        isOnVolume: true,
        ordered: true,
        type: 'Uint8Array',
        isEmpty: true,
        length: 64 * 48 * 24,
      }) as never,
    );
    expect(both.ours.geometry[0]).toEqual([...CT_SIZE]);
  });

  it('convertVolumeToStackViewport shows the same slice, without a request', async () => {
    const both = await onBothLoaders(async ({ volume }) => {
      const pane = await showVolume(volume);
      await utilities.jumpToSlice(pane.element, { imageIndex: 13 });
      await pane.render();
      const shown = pane.viewport.getCurrentImageId();
      await clearRequests();
      const stack = await utilities.convertVolumeToStackViewport({
        viewport: pane.viewport,
        options: { background: [0, 0, 0] } as never,
      });
      const image = stack.getCornerstoneImage();
      const pixels = image.getPixelData();
      return {
        type: stack.type,
        isSameImage: stack.getCurrentImageId() === shown,
        isSameSlice: volume.imageIds.indexOf(stack.getCurrentImageId()) === 10,
        spacing: [image.rowPixelSpacing, image.columnPixelSpacing],
        window: stack.getProperties().voiRange,
        pixels: [pixels[0], pixels[64 * 20 + 30], pixels.at(-1)],
        requests: await countFrameRequests(),
      };
    });
    expectSame(both);
    expect(both.ours).toEqual(
      jasmine.objectContaining({
        type: Enums.ViewportType.STACK,
        isSameImage: true,
        isSameSlice: true,
        spacing: [1.5, 0.75],
        // Center 400, width 1600.
        window: { lower: -400, upper: 1199 },
        pixels: [ctValue([0, 0, 10]), ctValue([30, 20, 10]), ctValue([63, 47, 10])],
        requests: 0,
      }) as never,
    );
  });

  it('convertStackToVolumeViewport shows the same slice, without a request', async () => {
    const both = await onBothLoaders(async ({ volume }) => {
      const pane = new Pane<Types.IStackViewport>(Enums.ViewportType.STACK);
      await pane.viewport.setStack(volume.imageIds, 10);
      pane.viewport.setProperties({ voiRange: WINDOW });
      const stackGreys = await greysOf(pane);
      await clearRequests();
      const converted = (await utilities.convertStackToVolumeViewport({
        viewport: pane.viewport,
        options: {
          volumeId: volume.volumeId,
          background: [0, 0, 0],
          orientation: Enums.OrientationAxis.ACQUISITION,
        } as never,
      })) as unknown as OrthographicViewport;
      converted.setProperties({ voiRange: WINDOW });
      const moved = Object.assign(Object.create(pane) as Pane, { viewport: converted });
      const greys = await greysOf(moved);
      return {
        type: converted.type,
        isSameSlice: volume.imageIds.indexOf(converted.getCurrentImageId() as string) === 10,
        greys,
        differs: greys.filter((grey, i) => Math.abs(grey - (stackGreys[i] as number)) > 2).length,
        requests: await countFrameRequests(),
      };
    });
    expectSame(both);
    expect(both.ours).toEqual(
      jasmine.objectContaining({
        type: Enums.ViewportType.ORTHOGRAPHIC,
        isSameSlice: true,
        differs: 0,
        requests: 0,
      }) as never,
    );
    expect(new Set(both.ours.greys).size).toBeGreaterThan(20);
  });
});
