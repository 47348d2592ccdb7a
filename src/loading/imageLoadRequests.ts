import { Enums } from '@cornerstonejs/core';
import { centerOut } from './schedule/frameOrder.js';
import type { FrameRequestOptions } from './frame/frameRequest.js';
import type { StrategyFrames } from './StrategyFrames.js';

/** One request of a volume, as Cornerstone's load strategies pass it around. */
export interface ImageLoadRequest {
  /**
   * Loads the frame into the volume, when fewer than `maxInFlight` are in flight; resolves when it has ended,
   * well or not, and when the volume's load is cancelled or the volume removed.
   */
  readonly callLoadImage: (
    imageId: string,
    imageIdIndex: number,
    options?: FrameRequestOptions,
  ) => Promise<void>;
  readonly imageId: string;
  readonly imageIdIndex: number;
  readonly options: FrameRequestOptions;
  readonly priority: number;
  readonly requestType: Enums.RequestType;
  readonly additionalDetails: { readonly volumeId: string };
}

/** A request for each frame of a volume, from the middle outwards. */
export function imageLoadRequests(
  volumeId: string,
  imageIds: readonly string[],
  frames: StrategyFrames,
  priority: number,
): ImageLoadRequest[] {
  return centerOut(imageIds.length).map((imageIdIndex) => ({
    callLoadImage: (_imageId, index, options = frames.requestOptions(index)) =>
      frames.load(index, options),
    imageId: imageIds[imageIdIndex] as string,
    imageIdIndex,
    options: frames.requestOptions(imageIdIndex),
    priority,
    requestType: Enums.RequestType.Prefetch,
    additionalDetails: { volumeId },
  }));
}
