import type { LinearRescale, ValueRange, VolumeArray, VolumeTransport } from '../../base/types.js';
import type { FrameBody } from './multipartFrame.js';

/** A frame as it was fetched. */
export interface FetchedFrame {
  readonly content: FetchedContent;
  readonly transport: VolumeTransport;
}

/** Bytes that are still to be decoded, or voxels. */
export type FetchedContent = FrameBody | FetchedPixels;

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
export function isFetchedPixels(content: FetchedContent): content is FetchedPixels {
  return 'values' in content;
}
