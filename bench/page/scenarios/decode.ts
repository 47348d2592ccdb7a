import { getWebWorkerManager } from '@cornerstonejs/core';
import { getImageFrame } from '@cornerstonejs/dicom-image-loader';
import { fetchFrames } from '../fetchFrames.js';
import { hashOf } from '../hashOf.js';
import { partOf } from '../partOf.js';
import { timed } from '../timed.js';
import { load } from './load.js';
import type { Scenario } from './Scenario.js';

/** What the floor asks of the decode worker of the image loader. */
interface Decoded {
  readonly pixelData: ArrayLike<number>;
}

/**
 * Loading compressed frames. The floor has the compressed frames in memory, and decodes them in the
 * same workers.
 */
export const decode: Scenario = {
  withLoader: load.withLoader,
  floor: (series) => {
    const bodies: Uint8Array[] = [];
    let decoded: Decoded[];
    return {
      prepare: () =>
        fetchFrames(series.imageIds, (body, index) => {
          bodies[index] = partOf(body);
        }),
      measure: () =>
        timed(async () => {
          decoded = await Promise.all(
            series.imageIds.map((imageId, index) =>
              decodeFrame(imageId, bodies[index], series.transferSyntax),
            ),
          );
        }),
      verify: () => {
        series.imageIds.forEach((imageId, index) => {
          if (hashOf(decoded[index]?.pixelData ?? []) !== series.hashOf(imageId)) {
            throw new Error(`Frame ${index} was decoded to other values than the server's`);
          }
        });
      },
    };
  },
  floorDecodes: true,
};

function decodeFrame(
  imageId: string,
  pixelData: Uint8Array | undefined,
  transferSyntax: string,
): Promise<Decoded> {
  return getWebWorkerManager().executeTask<Decoded>('dicomImageLoader', 'decodeTask', {
    imageFrame: getImageFrame(imageId),
    transferSyntax,
    pixelData,
    options: { preScale: { enabled: false } },
    decodeConfig: {},
  });
}
