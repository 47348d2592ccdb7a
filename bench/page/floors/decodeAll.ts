import { getWebWorkerManager } from '@cornerstonejs/core';
import { getImageFrame } from '@cornerstonejs/dicom-image-loader';
import { fetchFrames } from '../fetchFrames.js';
import type { Series } from '../fetchSeries.js';
import { hashOf } from '../hashOf.js';
import type { Measurement } from '../Measurement.js';
import { partOf } from '../partOf.js';
import { timed } from '../timed.js';
import { registerHeaders, startCornerstone } from '../volumes.js';
import type { Setup } from '../volumes.js';

/** The result of the decode worker of the image loader. */
interface Decoded {
  readonly pixelData: ArrayLike<number>;
}

let hasStarted = false;

/** Decoding all frames, which were fetched before, in the workers of the image loader. */
export function decodeAll(series: Series, setup: Setup): Measurement {
  const bodies: Uint8Array[] = [];
  let decoded: Decoded[];
  return {
    prepare: async () => {
      start(series, setup);
      await fetchFrames(series, (body, index) => {
        bodies[index] = partOf(body);
      });
    },
    measure: () =>
      timed(async () => {
        decoded = await Promise.all(bodies.map((body, index) => decodeFrame(series, index, body)));
      }),
    verify: () => checkDecoded(decoded, series),
  };
}

/** Fetching all frames and decoding each as soon as it is there, in the workers of the image loader. */
export function fetchAndDecodeAll(series: Series, setup: Setup): Measurement {
  let decoded: Decoded[];
  return {
    prepare: async () => start(series, setup),
    measure: () =>
      timed(async () => {
        const decoding: Promise<Decoded>[] = [];
        await fetchFrames(series, (body, index) => {
          decoding[index] = decodeFrame(series, index, partOf(body));
        });
        decoded = await Promise.all(decoding);
      }),
    verify: () => checkDecoded(decoded, series),
  };
}

function start(series: Series, setup: Setup): void {
  if (!hasStarted) {
    startCornerstone('floor', setup);
    hasStarted = true;
  }
  registerHeaders(series);
}

function decodeFrame(
  { imageIds, transferSyntax }: Series,
  index: number,
  pixelData: Uint8Array,
): Promise<Decoded> {
  return getWebWorkerManager().executeTask<Decoded>('dicomImageLoader', 'decodeTask', {
    imageFrame: getImageFrame(imageIds[index] as string),
    transferSyntax,
    pixelData,
    options: { preScale: { enabled: false } },
    decodeConfig: {},
  });
}

function checkDecoded(decoded: readonly Decoded[], series: Series): void {
  series.imageIds.forEach((imageId, index) => {
    const values = Int32Array.from(
      decoded[index]?.pixelData ?? [],
      (stored) => stored + series.intercept,
    );
    if (hashOf(values) !== series.hashOf(imageId)) {
      throw new Error(`Frame ${index} was decoded to other values than the server's`);
    }
  });
}
