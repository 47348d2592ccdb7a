import { wadors } from '@cornerstonejs/dicom-image-loader';
import type { FrameOptions } from '../DecodedFrame.js';
import type { PartialRequest } from '../progressive/PartialCodestreams.js';

/** How much of a frame is requested, in the terms of Cornerstone's `RangeRetrieveOptions`. */
export interface FrameRange {
  /** Bytes of the response, from the first one; undefined for all. */
  readonly end: number | undefined;
  /** `decodeLevel`: resolutions that are left out also where they have come. */
  readonly leastMissing: number;
}

/** Of ranges without a size: the same as in dicom-image-loader (imageLoader/internal/retrieveDefaults.js). */
const DEFAULT_CHUNK_SIZE = 131072;

/**
 * The byte range that `retrieveOptions` ask for: `initialChunkSize` bytes and `rangeIndex` times `chunkSize` more, or
 * all where `rangeIndex` is negative.
 *
 * @returns undefined where they ask for none
 */
export function rangeOf(
  imageId: string,
  { retrieveOptions }: FrameOptions,
): FrameRange | undefined {
  const rangeIndex = retrieveOptions?.['rangeIndex'];
  if (retrieveOptions === undefined || typeof rangeIndex !== 'number') {
    return undefined;
  }
  const chunkSize = sizeOf(retrieveOptions['chunkSize'], imageId) ?? DEFAULT_CHUNK_SIZE;
  const initial = sizeOf(retrieveOptions['initialChunkSize'], imageId) ?? DEFAULT_CHUNK_SIZE;
  const end = rangeIndex < 0 ? undefined : Math.floor(initial + rangeIndex * chunkSize);
  return { end, leastMissing: decodeLevelOf(retrieveOptions) };
}

/**
 * How beginnings of the frame are shown while it arrives: all with `streaming`, none where that is false, and otherwise
 * those of a frame that arrives slowly.
 *
 * @returns undefined where they are not
 */
export function partialOf({
  onPartial,
  retrieveOptions = {},
}: FrameOptions): PartialRequest | undefined {
  const { streaming } = retrieveOptions;
  return onPartial && streaming !== false
    ? {
        policy: streaming === true ? 'always' : 'slow',
        leastMissing: decodeLevelOf(retrieveOptions),
      }
    : undefined;
}

function decodeLevelOf({ decodeLevel }: Readonly<Record<string, unknown>>): number {
  return typeof decodeLevel === 'number' && decodeLevel > 0 ? Math.floor(decodeLevel) : 0;
}

/** A number above 0, or a function of the metadata that gives one. */
function sizeOf(size: unknown, imageId: string): number | undefined {
  const value =
    typeof size === 'function'
      ? (size as (metadata: unknown, imageId: string) => unknown)(
          wadors.metaDataManager.get(imageId),
          imageId,
        )
      : size;
  return typeof value === 'number' && value > 0 ? value : undefined;
}
