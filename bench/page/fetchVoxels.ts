import { fetchFrames } from './fetchFrames.js';
import type { Series } from './fetchSeries.js';
import { partOf } from './partOf.js';

/** Fetches all frames, and writes their stored values one after the other into one array. */
export async function fetchVoxels(series: Series): Promise<Int16Array> {
  const { imageIds, voxelsPerFrame } = series;
  const voxels = new Int16Array(imageIds.length * voxelsPerFrame);
  const bytes = new Uint8Array(voxels.buffer);
  const bytesPerFrame = voxelsPerFrame * voxels.BYTES_PER_ELEMENT;
  await fetchFrames(series, (body, index) => {
    const frame = partOf(body);
    if (frame.length !== bytesPerFrame) {
      throw new Error(`Expected ${bytesPerFrame} bytes in frame ${index}, got ${frame.length}`);
    }
    bytes.set(frame, index * bytesPerFrame);
  });
  return voxels;
}
