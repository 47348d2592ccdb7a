import { StreamingVolumeError } from '../base/errors.js';
import { modalityLutRange } from '../base/voxels/modalityLut.js';
import { isIntegerRescale, rescaleRange } from '../base/voxels/rescale.js';
import type { FrameMetadata, ValueRange, VolumeDataType, VoxelTypeChoice } from '../base/types.js';
import {
  mergeRanges,
  smallestVoxelType,
  storedLimits,
  VOXEL_ARRAY_TYPES,
} from '../base/voxels/voxelTypes.js';

/** Options of {@link chooseVoxelType}. */
export interface VoxelTypeOptions {
  /** Whether Float32Array may be chosen. Default true. */
  readonly allowFloat?: boolean;
}

/** The voxel types of one volume. */
export interface VoxelTypes {
  /** The type that the volume starts with. */
  readonly initial: VolumeDataType;
  /** The volume widens up to this type for values that need it; values beyond it are errors. */
  readonly widest: VolumeDataType;
}

/** Scanners make stored values of 12 bits, or of 13 with a sign. */
const LIKELY_STORED: ValueRange = { min: -4096, max: 4095 };

/**
 * Plans which voxel type a volume starts with, and how far it may widen.
 *
 * With the choice `likely`, the volume starts with the smallest type that holds the stated extremes of all frames
 * (Smallest and Largest Image Pixel Value, PS3.3 C.7.6.3). Without stated extremes it starts with the type of
 * {@link chooseVoxelType}, or with an integer type where only unlikely values of 16 bits need Float32Array. A
 * wrong guess is corrected: the volume widens as far as the headers allow. Colour is always Uint8Array.
 *
 * @param frames - all frames of the volume, at least one
 * @throws TypeError without frames
 * @throws StreamingVolumeError with code `value-out-of-range` and the imageIds concerned, when an integer
 *   type is chosen for values with fractions
 */
export function planVoxelTypes(
  frames: readonly FrameMetadata[],
  choice: VoxelTypeChoice = 'likely',
): VoxelTypes {
  if (choice === 'likely' || choice === 'headers' || frames.some(isColour)) {
    const widest = chooseVoxelType(frames);
    const initial = choice === 'likely' ? likelyVoxelType(frames, widest) : widest;
    return { initial, widest };
  }
  if (choice !== 'Float32Array') {
    checkNoFractions(frames);
  }
  return { initial: choice, widest: choice };
}

function likelyVoxelType(frames: readonly FrameMetadata[], widest: VolumeDataType): VolumeDataType {
  const isIndexed = frames.some(isColour);
  const isLong = frames.some(({ bitsStored }) => bitsStored > 16);
  if (isIndexed || isLong || !frames.every(({ rescale }) => isIntegerRescale(rescale))) {
    return widest;
  }
  const extremes = frames.map(({ storedExtremes }) => storedExtremes);
  const isSaid = extremes.every((range) => range !== undefined);
  if (!isSaid && widest !== 'Float32Array') {
    return widest;
  }
  const ranges = frames.map((frame) =>
    frame.modalityLut
      ? rescaledRange(frame)
      : rescaleRange(
          frame.storedExtremes && isSaid ? frame.storedExtremes : likelyStored(frame),
          frame.rescale,
        ),
  );
  const type = smallestVoxelType({ range: ranges.reduce(merge), isWhole: true }) ?? widest;
  return sizeOf(type) < sizeOf(widest) ? type : widest;
}

function likelyStored(frame: FrameMetadata): ValueRange {
  const { min, max } = storedRange(frame);
  return { min: Math.max(min, LIKELY_STORED.min), max: Math.min(max, LIKELY_STORED.max) };
}

function sizeOf(type: VolumeDataType): number {
  return VOXEL_ARRAY_TYPES[type].BYTES_PER_ELEMENT;
}

/**
 * Chooses the smallest voxel type that holds every value that any of the frames can have.
 *
 * Each frame counts with all values that its stored bits and its own rescale allow. A slope or intercept with a
 * fraction in any frame needs Float32Array. Colour is Uint8Array.
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
  const total = frames.map(rescaledRange).reduce(merge);
  const type = smallestVoxelType({ range: total, isWhole: true });
  const isWhole = frames.every(({ rescale }) => isIntegerRescale(rescale));
  if (type && isWhole && type !== 'Float32Array') {
    return type;
  }
  if (!allowFloat) {
    checkNoFractions(frames);
    throw new StreamingVolumeError(
      'value-out-of-range',
      `The values from ${total.min} to ${total.max} fit no 8-bit or 16-bit integer type: ` +
        `choose the voxelType Float32Array (${frames[0]?.imageId})`,
      { imageIds: frames.map(({ imageId }) => imageId) },
    );
  }
  return 'Float32Array';
}

function checkNoFractions(frames: readonly FrameMetadata[]): void {
  const fractional = frames.filter(({ rescale }) => !isIntegerRescale(rescale));
  if (fractional.length > 0) {
    throw new StreamingVolumeError(
      'value-out-of-range',
      `The values of ${fractional.length} of ${frames.length} frames have fractions, which no integer type ` +
        `holds: choose the voxelType Float32Array (${fractional[0]?.imageId})`,
      { imageIds: fractional.map(({ imageId }) => imageId) },
    );
  }
}

/** Values per voxel: 3 for colour, by samples or by a palette, else 1. */
export function numberOfComponents(frame: FrameMetadata): 1 | 3 {
  return frame.samplesPerPixel >= 3 || isPalette(frame) ? 3 : 1;
}

/** Every stored value that the frame's BitsStored and PixelRepresentation allow (PS3.3 C.7.6.3). */
export function storedRange({ bitsStored, pixelRepresentation }: FrameMetadata): ValueRange {
  return storedLimits({ bitsStored, isSigned: pixelRepresentation === 1 });
}

/** {@link storedRange} after the frame's rescale, whose slope may be negative, or the range of its Modality LUT. */
export function rescaledRange(frame: FrameMetadata): ValueRange {
  if (frame.modalityLut) {
    return modalityLutRange(frame.modalityLut);
  }
  return rescaleRange(storedRange(frame), frame.rescale);
}

function merge(a: ValueRange, b: ValueRange): ValueRange {
  return mergeRanges(a, b) as ValueRange;
}

function isColour(frame: FrameMetadata): boolean {
  return frame.samplesPerPixel > 1 || isPalette(frame);
}

function isPalette(frame: FrameMetadata): boolean {
  return frame.photometricInterpretation === 'PALETTE COLOR';
}
