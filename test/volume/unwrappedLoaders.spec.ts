import { imageLoader } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import { createVolume } from '../support/createVolume.js';
import { startCornerstone, stopCornerstone } from '../support/cornerstone.js';
import { karmaFixtures } from '../support/karmaFixtures.js';
import { SyntheticSeries } from '../support/SyntheticSeries.js';

/** How dicom-image-loader behaves when nothing wraps it. */
describe('A volume from a loader that makes Images of its own accord', () => {
  let series: SyntheticSeries;

  beforeEach(() => {
    startCornerstone();
  });

  afterEach(() => {
    series.dispose();
    stopCornerstone();
  });

  /** Lets a loader change the Image that it would give, and what it is asked. */
  function changeImages(
    change: (image: Types.IImage, options: Record<string, unknown>) => Types.IImage,
  ): void {
    imageLoader.registerImageLoader(series.scheme, (imageId, options = {}) => {
      const loadObject = series.load(imageId, options);
      return { promise: loadObject.promise.then((image) => change(image, options)) };
    });
  }

  it('takes values that the loader has rescaled as they are', async () => {
    series = new SyntheticSeries({ count: 3, intercept: () => -50 });
    changeImages((image) => {
      const scaled = Float32Array.from(image.getPixelData(), (value) => value - 50);
      return withPixels(image, scaled, true);
    });
    const volume = await createVolume(series.imageIds);
    expect((await volume.load()).failed).toEqual([]);
    expect(volume.getScalarData()[4]).toBe(series.voxel(0, 4));
  });

  it('asks for stored values when the loader may have cut off fractions', async () => {
    series = new SyntheticSeries({
      count: 3,
      slope: () => 0.5,
      pixels: () => Uint16Array.from({ length: 15 }, (_, i) => 2 * i + (i % 3 === 1 ? 1 : 0)),
    });
    changeImages((image, { preScale }) => {
      if (!(preScale as { enabled: boolean }).enabled) {
        return image;
      }
      const cut = Uint8Array.from(image.getPixelData(), (value) => value * 0.5);
      return withPixels(image, cut, true);
    });
    const volume = await createVolume(series.imageIds);
    expect((await volume.load()).failed).toEqual([]);
    expect([...volume.getScalarData().subarray(0, 3)]).toEqual([0, 1.5, 2]);
  });

  it('asks again, without a slot, when an Image over the slot was never written', async () => {
    series = new SyntheticSeries({ count: 3 });
    changeImages((image, { targetBuffer }) => {
      const target = targetBuffer as
        { arrayBuffer?: SharedArrayBuffer; offset: number; length: number } | undefined;
      if (!target?.arrayBuffer) {
        return image;
      }
      const { arrayBuffer, offset, length } = target;
      return withPixels(image, new Uint16Array(arrayBuffer, offset, length), false);
    });
    const volume = await createVolume(series.imageIds);
    expect((await volume.load()).failed).toEqual([]);
    expect(volume.getScalarData()[20]).toBe(series.voxel(1, 5));
    expect(series.requests.length).toBe(karmaFixtures.isolated ? 6 : 3);
  });

  it('takes an Image over the slot that was written', async () => {
    series = new SyntheticSeries({ count: 3 });
    changeImages((image, { targetBuffer }) => {
      const target = targetBuffer as { arrayBuffer?: SharedArrayBuffer; offset: number };
      if (!target.arrayBuffer) {
        return image;
      }
      const slot = new Uint16Array(target.arrayBuffer, target.offset, 15);
      slot.set(image.getPixelData());
      return withPixels(image, slot, false);
    });
    const volume = await createVolume(series.imageIds);
    expect((await volume.load()).failed).toEqual([]);
    expect(volume.getScalarData()[20]).toBe(series.voxel(1, 5));
    expect(series.requests.length).toBe(3);
  });

  it('fails a frame for which the loader gives nothing', async () => {
    series = new SyntheticSeries({ count: 3 });
    changeImages((image) =>
      image.imageId === series.imageIds[1] ? (undefined as unknown as Types.IImage) : image,
    );
    const volume = await createVolume(series.imageIds);
    const { failed } = await volume.load();
    expect(failed.map(({ imageId, error }) => [imageId, error.code])).toEqual([
      [series.imageIds[1] as string, 'frame-body'],
    ]);
  });
});

function withPixels(
  image: Types.IImage,
  pixels: Types.PixelDataTypedArray,
  scaled: boolean,
): Types.IImage {
  const values = Array.from(pixels);
  return {
    ...image,
    preScale: { enabled: scaled, scaled },
    minPixelValue: scaled ? Math.min(...values) : Math.min(...image.getPixelData()),
    maxPixelValue: scaled ? Math.max(...values) : Math.max(...image.getPixelData()),
    getPixelData: () => pixels,
    voxelManager: undefined,
  };
}
