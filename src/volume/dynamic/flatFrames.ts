import type { FrameState } from '../../loading/FrameStates.js';
import type { LoadResult } from '../../loading/LoadProgress.js';
import type { ImageLoadRequest } from '../../loading/StrategyRequests.js';
import type { VolumeController } from '../VolumeController.js';
import type { VolumeFilling } from '../VolumeFilling.js';

/** The time points of a volume, of which each has as many slices. Indices count from 0. */
export interface ControlledTimePoints {
  readonly count: number;
  /** Slices of each time point. */
  readonly slices: number;
  /** The controller of a time point; undefined while it has no memory: all its frames are idle then. */
  controllerAt(timePointIndex: number): VolumeController | undefined;
}

/** Where a frame is, of which the volume counts the index. */
export interface FramePlace {
  readonly timePointIndex: number;
  readonly sliceIndex: number;
}

/** The place of an index into the imageIds of all time points. */
export function placeOf({ slices }: ControlledTimePoints, index: number): FramePlace {
  const timePointIndex = Math.floor(index / slices);
  return { timePointIndex, sliceIndex: index - timePointIndex * slices };
}

/** The states of the frames of all time points, one after the other. */
export function flatStates(timePoints: ControlledTimePoints): VolumeFilling['states'] {
  const { slices } = timePoints;
  const sumOf = (countOf: (controller: VolumeController | undefined) => number): number =>
    controllersOf(timePoints).reduce((sum, controller) => sum + countOf(controller), 0);
  return {
    count: (state) =>
      sumOf((controller) => controller?.states.count(state) ?? (state === 'idle' ? slices : 0)),
    get ended() {
      return sumOf((controller) => controller?.states.ended ?? 0);
    },
    get shown() {
      return sumOf((controller) => controller?.states.shown ?? 0);
    },
    snapshot: () =>
      controllersOf(timePoints).flatMap(
        (controller) => controller?.states.snapshot() ?? new Array<FrameState>(slices).fill('idle'),
      ),
    quality: (index) => {
      const { timePointIndex, sliceIndex } = placeOf(timePoints, index);
      return timePoints.controllerAt(timePointIndex)?.states.quality(sliceIndex);
    },
  };
}

/** How the frames of all time points have ended, one after the other. */
export function flatResult(timePoints: ControlledTimePoints): LoadResult {
  const results = controllersOf(timePoints).map((controller) => controller?.load.result());
  return {
    framesLoaded: results.reduce((sum, result) => sum + (result?.framesLoaded ?? 0), 0),
    failed: results.flatMap((result, index) =>
      (result?.failed ?? []).map((frame) => ({
        ...frame,
        imageIdIndex: index * timePoints.slices + frame.imageIdIndex,
      })),
    ),
  };
}

/**
 * The Images of the frames of all time points.
 *
 * @param require - the controller of a time point; throws while it has no memory
 */
export function flatImages(
  timePoints: ControlledTimePoints,
  require: (timePointIndex: number) => VolumeController,
): VolumeFilling['images'] {
  const at = (index: number) => {
    const { timePointIndex, sliceIndex } = placeOf(timePoints, index);
    return { images: require(timePointIndex).images, sliceIndex };
  };
  return {
    copy: (index) => {
      const { images, sliceIndex } = at(index);
      return images.copy(sliceIndex);
    },
    viewAll: () =>
      Array.from({ length: timePoints.count }, (_, index) => require(index).images).flatMap(
        (images) => images.viewAll(),
      ),
    lend: (index, askedFor) => {
      const { images, sliceIndex } = at(index);
      return images.lend(sliceIndex, askedFor);
    },
  };
}

/** The loaded frames of all time points, for other volumes. */
export function flatHeld(
  timePoints: ControlledTimePoints,
): Pick<VolumeFilling['held'], 'read' | 'publish'> {
  return {
    read: (index) => {
      const { timePointIndex, sliceIndex } = placeOf(timePoints, index);
      return timePoints.controllerAt(timePointIndex)?.held.read(sliceIndex);
    },
    publish: (index) => {
      const { timePointIndex, sliceIndex } = placeOf(timePoints, index);
      timePoints.controllerAt(timePointIndex)?.held.publish(sliceIndex);
    },
  };
}

/** The requests of a time point that has memory, for load strategies. */
export function flatRequests(
  timePoints: ControlledTimePoints,
  timePointIndex: number,
  priority: number,
): ImageLoadRequest[] {
  const first = timePointIndex * timePoints.slices;
  const requests = timePoints.controllerAt(timePointIndex)?.load.strategy.create(priority) ?? [];
  return requests.map((request) => ({
    ...request,
    imageIdIndex: first + request.imageIdIndex,
    callLoadImage: ((imageId, index, options) =>
      request.callLoadImage(imageId, index - first, options)) as ImageLoadRequest['callLoadImage'],
  }));
}

function controllersOf(timePoints: ControlledTimePoints): (VolumeController | undefined)[] {
  return Array.from({ length: timePoints.count }, (_, index) => timePoints.controllerAt(index));
}
