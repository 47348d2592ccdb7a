import { Enums, imageLoader, metaData } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import { wadors } from '@cornerstonejs/dicom-image-loader';
import { createVolume } from '../support/createVolume.js';
import { dicomWebRoot, fetchSeries } from '../support/dicomWebSeries.js';
import { startDrawing, stopDrawing } from './support/drawing.js';
import { aim, Pane, showStack } from './support/Pane.js';
import type { OrthographicViewport } from './support/Pane.js';

const root = dicomWebRoot('mr-brain/explicit');
/** Half the height of the picture in mm: a pixel is about half a voxel. */
const SCALE = 20;
const VOI_RANGE = { lower: 0, upper: 800 };
/** The headers have a window of no width, from which stack viewports make an inverted picture. */
const WINDOW = { windowCenter: 400, windowWidth: 800 };

/** Images of dicom-image-loader's own, beside those of the volume. */
const SCHEME = 'original';
const toWadors = (imageId: string): string => imageId.replace(`${SCHEME}:`, 'wadors:');

const loadOriginal = ((imageId: string, options: object) => {
  const load = wadors.loadImage as unknown as typeof loadOriginal;
  const { promise } = load(toWadors(imageId), options as never);
  return { promise: promise.then((image) => Object.assign(image, { imageId, ...WINDOW })) };
}) as unknown as (
  imageId: string,
  options: Record<string, unknown>,
) => { promise: Promise<Record<string, unknown>> };

const provider = (type: string, imageId: unknown): unknown =>
  String(imageId).startsWith(`${SCHEME}:`)
    ? metaData.get(type, toWadors(String(imageId)))
    : undefined;

describe('A slice of a real MR, beside a stack viewport,', () => {
  beforeEach(() => {
    startDrawing();
    imageLoader.registerImageLoader(SCHEME, loadOriginal as unknown as Types.ImageLoaderFn);
    metaData.addProvider(provider, 10000);
  });

  afterEach(() => {
    metaData.removeProvider(provider);
    stopDrawing();
  });

  it('is the same picture', async () => {
    if (!root) {
      pending('The real data is not on this machine');
      return;
    }
    const { imageIds } = await fetchSeries(root);
    const volume = await createVolume(imageIds);
    await volume.load();
    const pane = new Pane<OrthographicViewport>(Enums.ViewportType.ORTHOGRAPHIC);
    await pane.viewport.setVolumes([{ volumeId: volume.volumeId }]);
    pane.viewport.setProperties({ voiRange: VOI_RANGE });
    for (const slice of [3, 10, 16]) {
      const [columns, rows] = volume.dimensions;
      const centre = [(columns - 1) / 2, (rows - 1) / 2, slice] as Types.Point3;
      const focalPoint = volume.imageData?.indexToWorld(centre) as Types.Point3;
      aim(pane.viewport, { focalPoint, parallelScale: SCALE });
      const imageId = (volume.imageIds[slice] as string).replace('wadors:', `${SCHEME}:`);
      const stack = await showStack(imageId, pane.viewport.getCamera(), VOI_RANGE, pane.engine);
      // The slices of this series lie up to 0.1 mm beside the regular grid of the volume.
      aim(stack.viewport, { focalPoint: centreOf(stack), parallelScale: SCALE });
      const [ofVolume, ofStack] = [await pane.renderAll(volume), await stack.render()];
      const area = { left: 15, top: 5, right: 105, bottom: 95 };
      const { alike } = ofVolume.compare(ofStack, area, 2);
      expect(ofStack.greys(area).size).toBeGreaterThan(50);
      expect(alike).toBeGreaterThan(0.995);
    }
  });
});

function centreOf({ viewport }: Pane<Types.IStackViewport>): Types.Point3 {
  const { imageData, dimensions } = viewport.getImageData() as Types.IImageData;
  return imageData.indexToWorld([
    (dimensions[0] - 1) / 2,
    (dimensions[1] - 1) / 2,
    0,
  ]) as Types.Point3;
}
