import { Enums, metaData } from '@cornerstonejs/core';
import { startCornerstone, stopCornerstone } from '../../support/cornerstone.js';
import { createVolume } from '../../support/createVolume.js';
import { startDataSetCache, stopDataSetCache } from '../../support/dataSetCache.js';
import { imageElements, slicePixels, words } from '../../support/imageElements.js';
import { encoded, filesOverDataSets } from '../../support/openSeries.js';

const SLICES = 3;
const bug = new Error('a fault of the provider');

describe('A metadata provider that throws while dicom-image-loader makes an Image', () => {
  let isBroken = false;
  const voiLut: string = Enums.MetadataModules.VOI_LUT;

  function provide(type: string): undefined {
    if (isBroken && type === voiLut) {
      throw bug;
    }
  }

  beforeEach(() => {
    startDataSetCache();
    startCornerstone();
    metaData.addProvider(provide, 30_000);
  });

  afterEach(() => {
    isBroken = false;
    metaData.removeProvider(provide);
    stopCornerstone();
    stopDataSetCache();
  });

  it('ends the frames with its error, and the load', async () => {
    const imageIds = await encoded(filesOverDataSets)(
      Array.from({ length: SLICES }, (_, slice) => ({
        elements: imageElements({
          series: '1.2.826.77',
          number: slice + 1,
          position: [0, 0, 2 * slice],
        }),
        frames: [words(...slicePixels(slice))],
      })),
    );
    const volume = await createVolume(imageIds);
    isBroken = true;
    const { failed } = await volume.load();
    isBroken = false;
    expect(failed.map(({ error }) => error.code)).toEqual([
      'frame-decode',
      'frame-decode',
      'frame-decode',
    ]);
    expect(failed[0]?.error.cause).toBe(bug);
    expect((await volume.retryFailedFrames()).framesLoaded).toBe(SLICES);
    expect([...volume.getScalarData().subarray(0, 12)]).toEqual(slicePixels(0));
  });
});
