import type { LinearRescale, ValueRange, VolumeArray } from '../types.js';
import type { FrameBody } from './multipartFrame.js';

/** A frame as it was fetched: bytes that are still to be decoded, or voxels. */
export type FetchedFrame = FrameBody | FetchedPixels;

/** Voxels that a frame worker has made for the one who asked first. */
export interface FetchedPixels {
  readonly values: VolumeArray;
  /** Whether they stand in the memory of the one who asked first. */
  readonly inPlace: boolean;
  /** What was applied to the stored values. */
  readonly rescale: LinearRescale;
  readonly range: ValueRange | undefined;
}

/** Tells voxels from bytes. */
export function isFetchedPixels(frame: FetchedFrame): frame is FetchedPixels {
  return 'values' in frame;
}
