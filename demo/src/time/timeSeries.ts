import { cache } from '@cornerstonejs/core';
import { isStreamingDynamicImageVolume } from '../../../src/index.js';
import type { StreamingDynamicImageVolume, StreamingImageVolume } from '../../../src/index.js';
import type { Viewer } from '../viewer.js';
import { TimeControls } from './timeControls.js';
import { TimeCurve } from './timeCurve.js';
import { placeOf } from './timeText.js';

/** A volume with several time points: its controls, its curve, and the frames of all time points. */
export class TimeSeries {
  readonly #viewer: Viewer;
  readonly #controls: TimeControls;
  readonly #curve = new TimeCurve();
  #volume: StreamingDynamicImageVolume | undefined;
  #wasPlaying = false;

  /** @param onChange - called when another time point is shown */
  constructor(viewer: Viewer, onChange: () => void) {
    this.#viewer = viewer;
    const [, element] = viewer.planeElements[0] as [string, HTMLDivElement];
    this.#controls = new TimeControls(element, () => {
      this.#refine();
      this.#showInStack();
      this.#curve.draw();
      onChange();
    });
  }

  /** How many frames a time point has; undefined where there is one time point. */
  get slicesPerTimePoint(): number | undefined {
    return this.#volume?.dimensions[2];
  }

  /** @param volume - undefined when no volume is open */
  offer(volume: StreamingImageVolume | undefined): void {
    this.#controls.stop();
    this.#volume =
      isStreamingDynamicImageVolume(volume) && volume.isDynamicVolume() ? volume : undefined;
    this.#controls.offer(this.#volume);
    this.#curve.offer(this.#volume);
  }

  /** The frame, among those of all time points, of a slice of the current time point. */
  frameOf(slice: number | undefined): number | undefined {
    const volume = this.#volume;
    return volume && slice !== undefined
      ? (volume.dimensionGroupNumber - 1) * volume.dimensions[2] + slice
      : slice;
  }

  /**
   * Shows the time point of a frame.
   *
   * @returns the slice of the frame
   */
  goToFrame(frameIndex: number): number {
    if (!this.#volume) {
      return frameIndex;
    }
    const { timePoint, slice } = placeOf(frameIndex, this.#volume.dimensions[2]);
    this.#controls.goTo(timePoint + 1);
    return slice;
  }

  /** @param voxel - under the pointer, for the curve */
  point(voxel: readonly number[] | undefined): void {
    this.#curve.point(voxel);
  }

  /** To be called when frames were loaded. */
  draw(): void {
    this.#curve.draw();
  }

  /** @returns whether the key has a meaning for a volume with time points */
  handleKey(key: string): boolean {
    return this.#controls.handleKey(key);
  }

  /** The 3D view is coarse while time points play, so that the planes keep up. */
  #refine(): void {
    const { isPlaying } = this.#controls;
    if (this.#volume && !(isPlaying && this.#wasPlaying)) {
      this.#viewer.refine(this.#volume, isPlaying);
    }
    this.#wasPlaying = isPlaying;
  }

  /** The stack follows to the same slice of the time point, where that causes no request. */
  #showInStack(): void {
    const volume = this.#volume;
    const stack = this.#viewer.stackViewport;
    if (!volume || stack.getImageIds().length !== volume.imageIds.length) {
      return;
    }
    const { slice } = placeOf(stack.getCurrentImageIdIndex(), volume.dimensions[2]);
    const frame = this.frameOf(slice) as number;
    if (cache.isLoaded(volume.imageIds[frame] as string)) {
      void this.#viewer.goToStackImage(frame);
    }
  }
}
