import { applyModalityLut } from '../../base/voxels/modalityLut.js';
import { pickPixels } from '../../base/voxels/pickPixels.js';
import { IDENTITY_RESCALE } from '../../base/voxels/rescale.js';
import { finiteRange, VOXEL_TYPE_RANGES } from '../../base/voxels/voxelTypes.js';
import { IMAGE_QUALITY } from '../../base/types.js';
import type { LinearRescale, ModalityLut } from '../../base/types.js';
import { isBetter } from '../../pixels/DecodedFrame.js';
import type { DecodedFrame, MissingDetail } from '../../pixels/DecodedFrame.js';
import type { FrameStates } from '../FrameStates.js';
import type { FrameSlot } from '../LoadContext.js';

/** What makes voxels of stored values: a table, or else a rescale. */
export interface FrameScale {
  readonly rescale: LinearRescale;
  readonly lut: ModalityLut | undefined;
}

/** The frames of a volume whose slots have pixels of the beginning of the frame, until the whole one is there. */
export class PartialPixels {
  readonly #states: FrameStates;
  readonly #missing = new Map<number, MissingDetail>();

  constructor(states: FrameStates) {
    this.#states = states;
  }

  /**
   * Writes pixels of lower quality into their slot, unless it has pixels as good. Values that the voxel type does not hold
   * become the nearest that it holds: only whole frames widen a volume, or fail.
   *
   * @returns the quality that the slot has now, as Cornerstone's ImageQualityStatus counts it
   */
  show(slot: FrameSlot, frame: DecodedFrame, scale: FrameScale): number {
    const { sliceIndex } = slot;
    const quality = frame.imageQualityStatus ?? IMAGE_QUALITY.subresolution;
    const before = this.#states.quality(sliceIndex) ?? 0;
    const missingBefore = this.#missing.get(sliceIndex);
    const { missing } = frame;
    const isAsGood =
      before === quality && missing && missingBefore && !isBetter(missing, missingBefore);
    if (before > quality || isAsGood) {
      return before;
    }
    write(slot, frame, scale);
    if (missing) {
      this.#missing.set(sliceIndex, missing);
    }
    return quality;
  }

  /** Forgets what a slice lacked, as it has its last pixels. */
  forget(sliceIndex: number): void {
    this.#missing.delete(sliceIndex);
  }
}

function write(
  { frame: { imageId }, store, slotIndex, pick }: FrameSlot,
  { pixelData, scaled }: DecodedFrame,
  { rescale, lut }: FrameScale,
): void {
  const kept = pick ? pickPixels(pixelData, pick, imageId) : pixelData;
  const values = lut && !scaled ? applyModalityLut(kept, lut) : kept;
  const { slope, intercept } = scaled ? IDENTITY_RESCALE : rescale;
  const { min, max } = VOXEL_TYPE_RANGES[store.dataType];
  const isWhole = store.dataType !== 'Float32Array';
  const target = store.frame(slotIndex);
  if (values.length !== target.length) {
    return;
  }
  for (let i = 0; i < values.length; i++) {
    const value = Math.min(max, Math.max(min, (values[i] as number) * slope + intercept));
    target[i] = isWhole ? Math.round(value) : value;
  }
  const range = finiteRange(target);
  if (range) {
    store.setRange(slotIndex, range);
  }
}
