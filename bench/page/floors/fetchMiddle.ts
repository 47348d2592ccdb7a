import { fetchFrames } from '../fetchFrames.js';
import type { Series } from '../fetchSeries.js';
import type { Measurement } from '../Measurement.js';
import { timed } from '../timed.js';

/** Fetching the middle frame, with no other traffic on the link. */
export function fetchMiddle({ imageIds, frameHeaders }: Series): Measurement {
  const middle = Math.floor(imageIds.length / 2);
  const frame = { imageIds: imageIds.slice(middle, middle + 1), frameHeaders };
  return { measure: () => timed(() => fetchFrames(frame)) };
}
