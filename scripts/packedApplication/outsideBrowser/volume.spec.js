/** A test of an application, in Vitest with jsdom. */
import { imageLoader, metaData, utilities } from '@cornerstonejs/core';
import * as otherCopy from 'second-copy';
import * as api from 'streaming-image-volume-loader';
import { afterAll, beforeAll, expect, it } from 'vitest';

const SLICES = 3;
const imageIds = Array.from({ length: SLICES }, (_, slice) => `ofTest:${slice}`);

beforeAll(() => {
  // jsdom has no WebGL and would log an error for each call.
  HTMLCanvasElement.prototype.getContext = () => null;
});

afterAll(() => {
  api.unregisterStreamingImageVolumeLoader();
});

it('has errors and constants', () => {
  expect(window.document).toBeDefined();
  const error = new api.StreamingVolumeError('frame-body', 'not the frame');
  expect(api.isStreamingVolumeError(error, 'frame-body')).toBe(true);
  expect(otherCopy.isStreamingVolumeError(error)).toBe(true);
  expect(otherCopy.StreamingVolumeError).not.toBe(api.StreamingVolumeError);
  expect(Object.values(api.DEFAULT_GEOMETRY_TOLERANCE).every(Number.isFinite)).toBe(true);
});

it('makes and fills a volume, which another copy of the package knows', async () => {
  metaData.addProvider(describe, 9999);
  imageLoader.registerImageLoader('ofTest', (imageId) => ({
    promise: Promise.resolve(createImage(imageId)),
  }));
  api.registerStreamingImageVolumeLoader({ frameWorkers: 0 });

  const { eligible } = api.checkVolumeEligibility(imageIds);
  expect(eligible).toBe(true);
  const volumeId = `${api.VOLUME_SCHEME}:of-test`;
  const volume = await api.createStreamingVolume(volumeId, { imageIds });
  const { framesLoaded, failed } = await volume.load();
  expect(failed).toEqual([]);
  expect(framesLoaded).toBe(SLICES);
  expect([...volume.getScalarData()]).toEqual([0, 0, 0, 0, 10, 10, 10, 10, 20, 20, 20, 20]);
  expect([volume, {}].map(api.isStreamingImageVolume)).toEqual([true, false]);
  expect([volume, {}].map(otherCopy.isStreamingImageVolume)).toEqual([true, false]);
  expect(volume).not.toBeInstanceOf(otherCopy.StreamingImageVolume);
});

function sliceOf(imageId) {
  return Number(imageId.slice('ofTest:'.length));
}

function describe(type, imageId) {
  if (!String(imageId).startsWith('ofTest:')) {
    return undefined;
  }
  return {
    imagePlaneModule: {
      rows: 2,
      columns: 2,
      imagePositionPatient: [0, 0, 2 * sliceOf(imageId)],
      imageOrientationPatient: [1, 0, 0, 0, 1, 0],
      rowCosines: [1, 0, 0],
      columnCosines: [0, 1, 0],
      pixelSpacing: [1, 1],
      rowPixelSpacing: 1,
      columnPixelSpacing: 1,
      frameOfReferenceUID: '2.25.1',
    },
    imagePixelModule: {
      rows: 2,
      columns: 2,
      bitsAllocated: 16,
      bitsStored: 12,
      pixelRepresentation: 0,
      samplesPerPixel: 1,
      photometricInterpretation: 'MONOCHROME2',
    },
    generalSeriesModule: { modality: 'CT', seriesInstanceUID: '2.25.2' },
  }[type];
}

function createImage(imageId) {
  const scalarData = new Uint16Array(4).fill(10 * sliceOf(imageId));
  return {
    imageId,
    rows: 2,
    columns: 2,
    width: 2,
    height: 2,
    color: false,
    numberOfComponents: 1,
    slope: 1,
    intercept: 0,
    minPixelValue: 0,
    maxPixelValue: 20,
    windowCenter: 10,
    windowWidth: 20,
    dataType: 'Uint16Array',
    sizeInBytes: scalarData.byteLength,
    getPixelData: () => scalarData,
    voxelManager: utilities.VoxelManager.createImageVoxelManager({
      width: 2,
      height: 2,
      numberOfComponents: 1,
      scalarData,
    }),
  };
}
