import { cache, Enums } from '@cornerstonejs/core';
import { createDecodedFrame } from '../../../src/pixels/DecodedFrame.js';
import type { DecodedFrame, FrameOptions } from '../../../src/pixels/DecodedFrame.js';
import type { StreamingImageVolume } from '../../../src/index.js';
import { createVolume } from '../../support/createVolume.js';
import { errorOf } from '../../support/errorOf.js';
import type { SyntheticSeries } from '../../support/SyntheticSeries.js';
import { until } from '../../support/until.js';
import { useSyntheticSeries } from '../../support/useSyntheticSeries.js';

const PIXELS_PER_FRAME = 15;

/** A frame of which a part has arrived. */
function partOf(imageId: string): DecodedFrame {
  return createDecodedFrame({
    imageId,
    pixelData: Uint16Array.from({ length: PIXELS_PER_FRAME }, () => 50),
    inPlace: false,
    scaled: false,
    range: undefined,
    imageQualityStatus: Enums.ImageQualityStatus.SUBRESOLUTION,
    missing: { missingLevels: 1, missingLayers: 0 },
  });
}

/** With which the first frame is requested. */
function optionsOf({ requests }: SyntheticSeries): FrameOptions {
  return requests[0]?.options as unknown as FrameOptions;
}

/** Those who may wait for a frame besides the volume's own load. */
const CALLERS: Record<string, (volume: StreamingImageVolume, imageId: string) => Promise<unknown>> =
  {
    'an Image': (volume, imageId) => volume.getImageLoadObject(0, imageId).promise,
    'a load strategy': (volume, imageId) => {
      const requests = volume.getImageLoadRequests(1);
      const request = requests.find((each) => each.imageIdIndex === 0);
      return Promise.resolve(request?.callLoadImage(imageId, 0, request.options));
    },
  };

describe('A frame that an Image or a load strategy waits for', () => {
  const newSeries = useSyntheticSeries();

  for (const [caller, ask] of Object.entries(CALLERS)) {
    it(`goes on for ${caller} when a load is cancelled, also where it shows a part already`, async () => {
      const series = newSeries({ count: 3, held: true });
      const volume = await createVolume(series.imageIds, { maxInFlight: 2 });
      const [imageId = ''] = series.imageIds;
      const asked = ask(volume, imageId);
      await until(() => series.requests.length === 1);
      const controller = new AbortController();
      const loaded = volume.load(undefined, { signal: controller.signal });
      const options = optionsOf(series);
      options.onPartial?.(partOf(imageId));
      expect(volume.frameStates[0]).toBe('partial');
      controller.abort(new Error('no more'));
      await expectAsync(loaded).toBeRejected();
      expect(options.signal?.aborted).not.toBeTrue();
      expect(volume.frameStates[0]).toBe('partial');
      series.answer();
      await expectAsync(asked).toBeResolved();
      expect(volume.frameStates[0]).toBe('loaded');
      expect(volume.getScalarData()[0]).toBe(series.voxel(0, 0));
    });
  }

  it('is aborted and not tried again when the volume is removed', async () => {
    const series = newSeries({ count: 3, held: true });
    const volume = await createVolume(series.imageIds, { retryDelayMs: 0, retries: 3 });
    const error = errorOf(volume.getImageLoadObject(0).promise);
    await until(() => series.requests.length === 1);
    cache.removeVolumeLoadObject(volume.volumeId);
    expect(optionsOf(series).signal?.aborted).toBeTrue();
    expect((await error).code).toBe('volume-removed');
    series.requests[0]?.reject({ status: 503 });
    await new Promise((resolve) => {
      setTimeout(resolve);
    });
    expect(series.requests.length).toBe(1);
  });
});
