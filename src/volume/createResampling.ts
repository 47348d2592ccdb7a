import type { FrameStates } from '../loading/FrameStates.js';
import { SliceResampler } from '../loading/resampling/SliceResampler.js';
import { ResamplingSources } from '../loading/resampling/ResamplingSources.js';
import type { StreamingVolumeProps } from './StreamingVolumeProps.js';

/** What makes the slices of a volume that are not frames of the series; nothing where all of them are. */
export interface Resampling {
  readonly resampler: SliceResampler | undefined;
  readonly sourceFrames: ResamplingSources | undefined;
}

/**
 * Makes what a volume needs to be resampled, where it is.
 *
 * @param ownsCacheEntry - whether the image cache's entry of a slice is one that the volume has made
 */
export function createResampling(
  props: StreamingVolumeProps,
  states: FrameStates,
  ownsCacheEntry: (imageIdIndex: number) => boolean,
): Resampling {
  const { resampling, frames } = props;
  if (!resampling) {
    return { resampler: undefined, sourceFrames: undefined };
  }
  const indices = new Map(frames.map(({ imageId }, imageIdIndex) => [imageId, imageIdIndex]));
  const ownsImage = (imageId: string): boolean => {
    const imageIdIndex = indices.get(imageId);
    return imageIdIndex !== undefined && ownsCacheEntry(imageIdIndex);
  };
  const resampler = new SliceResampler({ ...props, resampling });
  const sourceFrames = new ResamplingSources(
    { ...props, states, ownsImage },
    resampler,
    frames.length,
  );
  return { resampler, sourceFrames };
}
