import { metaData } from '@cornerstonejs/core';
import { wadors } from '@cornerstonejs/dicom-image-loader';
import {
  checkVolumeEligibility,
  createStreamingVolume,
  createVolumeFromImages,
  groupImageIdsIntoVolumes,
  isStreamingVolumeError,
  prefetchVolume,
} from '../../src/index.js';
import { absentSliceMetadata } from '../../src/api/absentSliceMetadata.js';
import { describeFrame } from '../../src/pixels/describeFrame.js';
import { newVolumeId, startCornerstone, stopCornerstone } from '../support/cornerstone.js';
import { dicomWebRoot, fetchSeries } from '../support/dicomWebSeries.js';

describe('metadata that were purged while a volume lives', () => {
  let imageIds: string[];

  beforeEach(async () => {
    startCornerstone();
    ({ imageIds } = await fetchSeries(dicomWebRoot('synthetic/ct-uint12') as string));
  });

  afterEach(() => {
    stopCornerstone();
  });

  async function codeOf(promise: Promise<unknown>): Promise<string> {
    const error: unknown = await promise.catch((thrown: unknown) => thrown);
    return isStreamingVolumeError(error) ? error.code : String(error);
  }

  it('are missing, by the same code, wherever they are asked for', async () => {
    const volume = await createStreamingVolume(newVolumeId(), { imageIds });
    await volume.load();

    wadors.metaDataManager.purge();

    expect(checkVolumeEligibility(imageIds).reasons.map(({ code }) => code)).toEqual([
      'metadata-missing',
    ]);
    const { rest } = groupImageIdsIntoVolumes(imageIds);
    expect(rest.flatMap(({ reasons }) => reasons.map(({ code }) => code))).toEqual([
      'metadata-missing',
    ]);
    const created = createStreamingVolume(newVolumeId(), { imageIds });
    expect(await codeOf(created)).toBe('metadata-missing');
    expect(await codeOf(createVolumeFromImages(newVolumeId(), imageIds))).toBe('metadata-missing');
    expect(await codeOf(prefetchVolume(imageIds))).toBe('metadata-missing');
    const [first = ''] = imageIds;
    expect(describeFrame(first).isKnown).toBeFalse();
    expect(absentSliceMetadata('imagePlaneModule', `absentSlice:0,0,0,${first}`)).toBeUndefined();
    expect(metaData.get('imagePlaneModule', first) as unknown).toBeUndefined();
  });
});
