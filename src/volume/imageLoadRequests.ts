import { Enums } from '@cornerstonejs/core';
import { centerOut } from '../frames/frameOrder.js';
import type { FrameLoader } from './FrameLoader.js';
import type { FrameRequestOptions } from './frameRequest.js';

/** One request of a volume, as Cornerstone's load strategies pass it around. */
export interface ImageLoadRequest {
  /** Loads the frame into the volume; resolves when it has ended, well or not. */
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
  loader: FrameLoader,
  priority: number,
): ImageLoadRequest[] {
  return centerOut(imageIds.length).map((imageIdIndex) => ({
    callLoadImage: async (_imageId, index, options = loader.requestOptions(index)) => {
      await loader.load(index, options);
    },
    imageId: imageIds[imageIdIndex] as string,
    imageIdIndex,
    options: loader.requestOptions(imageIdIndex),
    priority,
    requestType: Enums.RequestType.Prefetch,
    additionalDetails: { volumeId },
  }));
}
