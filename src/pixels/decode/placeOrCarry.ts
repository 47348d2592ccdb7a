import { isStreamingVolumeError } from '../../base/errors.js';
import { pickPixels } from '../../base/voxels/pickPixels.js';
import type { PixelPick } from '../../base/voxels/pickPixels.js';
import { IDENTITY_RESCALE, writePixels } from '../../base/voxels/rescale.js';
import type { CopyTarget } from '../../base/voxels/rescale.js';
import { measureStored } from '../../base/voxels/storedBits.js';
import type { StoredBits } from '../../base/voxels/storedBits.js';
import type { LinearRescale, PixelArray, ValueRange } from '../../base/types.js';
import { createDecodedFrame } from '../DecodedFrame.js';
import type { DecodedFrame } from '../DecodedFrame.js';

/** Pixels that were decoded on this thread. */
export interface PixelSource {
  readonly imageId: string;
  /** Values, or pixel cells where `bits` says which of their bits are the value. */
  readonly pixels: PixelArray;
  readonly bits: StoredBits | undefined;
  /** The pixels of the frame that are wanted, which `pixels` has whole; undefined for the whole frame. */
  readonly pick?: PixelPick | undefined;
  /** Whether the pixels are rescaled already. */
  readonly scaled: boolean;
  readonly imageQualityStatus?: number | undefined;
}

/** Where the pixels of a frame are wanted. */
export interface WantedPlace {
  readonly target: CopyTarget;
  readonly rescale: LinearRescale;
  /** See `TargetBuffer.acceptsWider`. */
  readonly acceptsWider: boolean | undefined;
}

/**
 * Makes a frame of pixels. They are written, rescaled, into the place; without a place, and where it does not hold
 * them and wider values are accepted, the frame carries them as they are.
 *
 * @throws StreamingVolumeError with code `frame-size` or `value-out-of-range`; the place is unchanged then
 */
export function placeOrCarry(whole: PixelSource, place: WantedPlace | undefined): DecodedFrame {
  const { pick } = whole;
  const source = pick ? { ...whole, pixels: pickPixels(whole.pixels, pick, whole.imageId) } : whole;
  if (!place) {
    return carry(source);
  }
  const { imageId, pixels, bits, scaled, imageQualityStatus } = source;
  const { target } = place;
  let range: ValueRange | undefined;
  try {
    range = writePixels(pixels, scaled ? IDENTITY_RESCALE : place.rescale, target, imageId, bits);
  } catch (error) {
    if (place.acceptsWider === true && isStreamingVolumeError(error, 'value-out-of-range')) {
      return carry(source);
    }
    throw error;
  }
  const pixelData = target.values;
  return createDecodedFrame({
    imageId,
    pixelData,
    inPlace: true,
    pick,
    scaled: true,
    range,
    imageQualityStatus,
  });
}

/** @param source - its pixels are those that are wanted */
function carry(source: PixelSource): DecodedFrame {
  const { imageId, pixels, bits, pick, scaled, imageQualityStatus } = source;
  return createDecodedFrame({
    imageId,
    pick,
    pixelData: bits ? measureStored(pixels, bits).pixels : pixels,
    inPlace: false,
    scaled,
    range: undefined,
    imageQualityStatus,
  });
}
