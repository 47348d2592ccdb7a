import type { Types } from '@cornerstonejs/core';
import type { StreamingImageVolume } from '../../src/index.js';

/** The members that the viewports use of a volume, of this package or of Cornerstone. */
export type DrawnVolume = Pick<
  Types.IImageVolume,
  | 'volumeId'
  | 'imageIds'
  | 'metadata'
  | 'dimensions'
  | 'spacing'
  | 'direction'
  | 'imageData'
  | 'voxelManager'
  | 'isDynamicVolume'
> & {
  readonly framesLoaded: number;
  readonly framesProcessed: number;
  /** Volumes of Cornerstone have no stand-ins. */
  readonly standInOnScreen?: StreamingImageVolume['standInOnScreen'];
};
