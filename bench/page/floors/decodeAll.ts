import { getWebWorkerManager } from '@cornerstonejs/core';
import { getImageFrame } from '@cornerstonejs/dicom-image-loader';
import { fetchFrames } from '../fetchFrames.js';
import type { Series } from '../fetchSeries.js';
import { hashOf } from '../hashOf.js';
import type { Measurement } from '../Measurement.js';
import { partOf } from '../partOf.js';
import { timed } from '../timed.js';
import { registerHeaders, startCornerstone } from '../volumes.js';

/** The result of the decode worker of the image loader. */
interface Decoded {
  readonly pixelData: ArrayLike<number>;
}

let hasStarted = false;

/** Decoding all frames, which were fetched before, in the workers of the image loader. */
export function decodeAll(series: Series): Measurement {
  const bodies: Uint8Array[] = [];
  let decoded: Decoded[];
  return {
    prepare: async () => {
      if (!hasStarted) {
        startCornerstone('floor');
        hasStarted = true;
      }
      registerHeaders(series);
      await fetchFrames(series, (body, index) => {
        bodies[index] = partOf(body);
      });
    },
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
}

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
