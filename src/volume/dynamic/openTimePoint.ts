import { Enums, eventTarget, triggerEvent } from '@cornerstonejs/core';
import { callApplication } from '../../base/callApplication.js';
import type { FrameStore } from '../../base/voxels/FrameStore.js';
import type { VolumeDataType, VolumeTransport } from '../../base/types.js';
import type { LoadMeter } from '../../loading/LoadProgress.js';
import type { CacheReservation } from '../../loading/memory/reserveCache.js';
import type { FlightQueue } from '../../loading/schedule/FlightQueue.js';
import { textureSourceOf } from '../createVolumeTexture.js';
import type { StreamingVolumeProps } from '../StreamingVolumeProps.js';
import type { TextureSource } from '../texture/FrameUploader.js';
import { VolumeController } from '../VolumeController.js';
import type { FrameNotifier, VolumeHull } from '../VolumeFilling.js';
import type { VolumeNotifier } from '../VolumeNotifier.js';
import { followWidening } from '../widenVoxels.js';
import { isShortage } from './TimePointMemory.js';

const { DYNAMIC_VOLUME_DIMENSION_GROUP_LOADED } = Enums.Events;

/** A time point that has memory. */
export interface HeldTimePoint {
  readonly controller: VolumeController;
  readonly store: FrameStore;
  readonly source: TextureSource;
}

/** What a time point is opened with. */
interface OpenedTimePoint {
  /** From 0. */
  readonly index: number;
  readonly props: StreamingVolumeProps;
  /** Default: a new one. */
  readonly source: TextureSource | undefined;
  readonly hull: VolumeHull;
  /** Of the volume. */
  readonly notifier: VolumeNotifier;
  /** Of the volume. */
  readonly progress: LoadMeter;
  readonly queue: FlightQueue;
  /** Whether it is the current time point. */
  readonly isShown: () => boolean;
  readonly onFrameEnded: () => void;
  /** Called when its memory was given back. */
  readonly onDisposed: () => void;
  /** Releases the time point farthest from the current one, if it is farther than this one. */
  readonly releaseAnother: () => boolean;
  readonly onWidened: (dataType: VolumeDataType) => void;
}

/** Gives a time point what fills it; its memory is there. */
export function openTimePoint(opened: OpenedTimePoint): HeldTimePoint {
  const { props, hull, isShown, queue, onDisposed, onWidened } = opened;
  const { volume, texture, isCached } = hull;
  const { store, reservation } = props;
  const source = opened.source ?? textureSourceOf(props, () => controller.sliceFacts);
  const controller: VolumeController = new VolumeController(props, {
    frameOfReferenceUID: volume.metadata.FrameOfReferenceUID,
    isCached,
    isShown,
    notifier: notifierOf(opened, () => controller.states.isLoaded),
    progress: progressOf(opened),
    queue,
    onFrameWritten: (sliceIndex, isOnScreen) => {
      texture.markSlice(source, sliceIndex, isOnScreen);
    },
    onStandInsChanged: () => texture.updateStandIns(source),
    onDisposed,
  });
  followWidening({
    volume,
    store,
    reservation: { grow: growing(reservation, opened.releaseAnother) },
    texture: {
      setVoxelType: (dataType) => {
        texture.setVoxelType(dataType, source);
      },
    },
    isShown,
    onWidened: () => {
      onWidened(store.dataType);
      if (isShown()) {
        opened.notifier.requestRender();
      }
    },
  });
  return { controller, store, source };
}

/** Releases time points farther away where the cache has no room for one that widens. */
function growing(
  { grow }: CacheReservation,
  releaseAnother: () => boolean,
): CacheReservation['grow'] {
  return (bytes, imageId) => {
    for (;;) {
      try {
        return grow(bytes, imageId);
      } catch (error) {
        if (!isShortage(error) || !releaseAnother()) {
          throw error;
        }
      }
    }
  };
}

function notifierOf(
  { index, props, notifier, isShown, onFrameEnded }: OpenedTimePoint,
  isLoaded: () => boolean,
): FrameNotifier {
  const { volumeId, frames } = props;
  return {
    frameChanged: (onScreen) => {
      notifier.frameChanged(onScreen, isShown());
      onFrameEnded();
    },
    frameFailed: (error, imageId, sliceIndex) => {
      notifier.frameFailed(error, imageId, index * frames.length + sliceIndex);
    },
    flush: () => {
      if (isShown()) {
        notifier.flush();
      }
    },
    loadCompleted: () => {
      if (isLoaded()) {
        const detail = { volumeId, dimensionGroupNumber: index + 1 };
        callApplication(() =>
          triggerEvent(eventTarget, DYNAMIC_VOLUME_DIMENSION_GROUP_LOADED, detail),
        );
      }
    },
    requestRender: () => {
      notifier.requestRender();
    },
    uploadPending: () => {
      notifier.uploadPending();
    },
    dispose: () => undefined,
  };
}

/** The load of one time point is a part of the load that is measured. */
function progressOf({ progress }: OpenedTimePoint): LoadMeter {
  return {
    get transport(): VolumeTransport | undefined {
      return progress.transport;
    },
    fetchedBy: (transport, decoder) => {
      progress.fetchedBy(transport, decoder);
    },
    read: () => progress.read(),
    start: () => undefined,
    stop: () => undefined,
  };
}
