import { StreamingVolumeError } from '../errors.js';
import type { FrameMetadata, ValueRange, VolumeDataType } from '../types.js';
import { isIntegerRescale } from '../linearRescale.js';
import { VOXEL_TYPE_RANGES } from '../voxelTypeRanges.js';

/** What a voxel type is chosen by, besides the frames. */
export interface VoxelTypeOptions {
  /** Whether Float32Array may be chosen. Default true. */
  readonly allowFloat?: boolean;
}

// In order of preference; all of them hold integers only.
const INTEGER_TYPES = ['Uint8Array', 'Uint16Array', 'Int16Array'] as const;

/**
 * Chooses the smallest voxel type that holds every value that any of the frames can have.
 *
 * Each frame counts with all values that its stored bits and its own rescale allow. A slope or
 * intercept with a fraction, be it of a single frame, needs Float32Array. Colour is Uint8Array.
 *
 * @param frames - all frames of the volume, at least one
 * @throws TypeError without frames
 * @throws StreamingVolumeError with code `value-out-of-range` and the imageIds concerned, when
 *   only Float32Array holds the values and `allowFloat` is false
 */
export function chooseVoxelType(
  frames: readonly FrameMetadata[],
  { allowFloat = true }: VoxelTypeOptions = {},
): VolumeDataType {
  if (frames.length === 0) {
    throw new TypeError('Expected at least 1 frame, got 0');
  }
  if (frames.some(isColour)) {
    return 'Uint8Array';
  }
  const ranges = frames.map(rescaledRange);
  const total: ValueRange = {
    min: ranges.reduce((lowest, { min }) => Math.min(lowest, min), Infinity),
    max: ranges.reduce((highest, { max }) => Math.max(highest, max), -Infinity),
  };
  const holdsAll = INTEGER_TYPES.find((type) => contains(VOXEL_TYPE_RANGES[type], total));
  const fractional = frames.filter((frame) => !isIntegerRescale(frame.rescale));
  if (holdsAll && fractional.length === 0) {
    return holdsAll;
  }
  if (!allowFloat) {
    const concerned = fractional.length > 0 ? fractional : frames;
    throw new StreamingVolumeError(
      'value-out-of-range',
      fractional.length > 0
        ? `The values of ${fractional.length} of ${frames.length} frames have fractions, which no integer type holds.`
        : `The values from ${total.min} to ${total.max} fit no 8-bit or 16-bit integer type.`,
      { imageIds: concerned.map(({ imageId }) => imageId) },
    );
  }
  return 'Float32Array';
}

/** Values per voxel: 3 for colour, be it as samples or by a palette, else 1. */
export function numberOfComponents(frame: FrameMetadata): 1 | 3 {
  return frame.samplesPerPixel >= 3 || isPalette(frame) ? 3 : 1;
}

/** Every stored value that the frame's BitsStored and PixelRepresentation allow (PS3.3 C.7.6.3). */
export function storedRange(frame: FrameMetadata): ValueRange {
  const values = 2 ** frame.bitsStored;
  return frame.pixelRepresentation === 1
    ? { min: -values / 2, max: values / 2 - 1 }
    : { min: 0, max: values - 1 };
}

/** {@link storedRange} after the frame's rescale; the slope may be negative. */
export function rescaledRange(frame: FrameMetadata): ValueRange {
  const { slope, intercept } = frame.rescale;
  const { min, max } = storedRange(frame);
  const [a, b] = [min * slope + intercept, max * slope + intercept];
  return { min: Math.min(a, b), max: Math.max(a, b) };
}

function isColour(frame: FrameMetadata): boolean {
  return frame.samplesPerPixel > 1 || isPalette(frame);
}

function isPalette(frame: FrameMetadata): boolean {
  return frame.photometricInterpretation === 'PALETTE COLOR';
}

function contains(outer: ValueRange, inner: ValueRange): boolean {
  return inner.min >= outer.min && inner.max <= outer.max;
}
