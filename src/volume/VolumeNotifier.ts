import { Enums, eventTarget, triggerEvent } from '@cornerstonejs/core';
import { callApplication } from '../base/callApplication.js';
import { browserTimer } from '../base/timers.js';
import type { Timer } from '../base/timers.js';
import type { VolumeProgress } from '../loading/LoadProgress.js';
import { viewportsShowing } from '../loading/schedule/ViewportFollower.js';

/** Type of the event on Cornerstone's `eventTarget` that carries a {@link VolumeProgress}. */
export const VOLUME_PROGRESS = 'STREAMING_IMAGE_VOLUME_PROGRESS';

/** The volume that a {@link VolumeNotifier} notifies of. */
interface NotifiedVolume {
  readonly volumeId: string;
  readonly frameOfReferenceUID: string;
  readonly frameCount: number;
  readonly progress: () => VolumeProgress;
  /** Whether a slice that a viewport shows is being loaded. */
  readonly isLoadingOnScreen: () => boolean;
}

/**
 * Notifies Cornerstone of frames that have arrived: IMAGE_VOLUME_MODIFIED and a render of the viewports that
 * show the volume, at once for the first frame and then at most once in an interval (throttled).
 *
 * While a slice on screen is being loaded, every second render is left out: that slice will be drawn at once,
 * unless another render is under way just then.
 */
export class VolumeNotifier {
  readonly #volume: NotifiedVolume;
  readonly #interval: number;
  readonly #timer: Timer;
  #cancelTimer: (() => void) | undefined;
  #isModified = false;
  #isToBeDrawn = false;
  #isDisposed = false;

  /** @param interval - least time between two renders in ms */
  constructor(volume: NotifiedVolume, interval: number, timer: Timer = browserTimer) {
    this.#volume = volume;
    this.#interval = interval;
    this.#timer = timer;
  }

  /**
   * A frame has got pixels or has failed.
   *
   * @param isOnScreen - whether a viewport shows this slice: then it is drawn at once
   * @param isShown - whether viewports show the frame's time point: otherwise nothing is drawn for it
   */
  frameChanged(isOnScreen = false, isShown = true): void {
    this.#isModified = true;
    this.#isToBeDrawn ||= isShown;
    if (isOnScreen && !this.#isDisposed) {
      this.flush();
    }
    this.#schedule();
  }

  /** A frame could not be loaded. */
  frameFailed(error: unknown, imageId: string, imageIdIndex: number): void {
    trigger(Enums.Events.IMAGE_LOAD_ERROR, { error, imageId, imageIdIndex });
  }

  /** The last frame has ended. */
  loadCompleted(): void {
    const { volumeId, frameOfReferenceUID } = this.#volume;
    trigger(Enums.Events.IMAGE_VOLUME_LOADING_COMPLETED, {
      volumeId,
      FrameOfReferenceUID: frameOfReferenceUID,
    });
  }

  /** Draws again although no frame has arrived. May be called during a render. */
  requestRender(): void {
    queueMicrotask(() => {
      if (!this.#isDisposed) {
        renderViewportsOf(this.#volume.volumeId);
      }
    });
  }

  /** Sends the notification that is due, at once. */
  flush(): void {
    if (!this.#isModified) {
      return;
    }
    this.#isModified = false;
    const { volumeId, frameOfReferenceUID, frameCount } = this.#volume;
    const progress = this.#volume.progress();
    const { framesLoaded, framesFailed, framesAbsent } = progress;
    trigger(Enums.Events.IMAGE_VOLUME_MODIFIED, {
      volumeId,
      FrameOfReferenceUID: frameOfReferenceUID,
      numberOfFrames: frameCount,
      framesProcessed: framesLoaded + framesFailed + framesAbsent,
    });
    trigger(VOLUME_PROGRESS, { volumeId, ...progress });
    if (this.#isToBeDrawn) {
      this.#isToBeDrawn = false;
      renderViewportsOf(volumeId);
    }
  }

  /** Ends all notifications. */
  dispose(): void {
    this.#isDisposed = true;
    this.#isModified = false;
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }

  #schedule(mayLeaveOut = true): void {
    if (this.#cancelTimer || this.#isDisposed) {
      return;
    }
    const isLeftOut = mayLeaveOut && this.#volume.isLoadingOnScreen();
    if (!isLeftOut) {
      this.flush();
    }
    this.#cancelTimer = this.#timer(() => {
      this.#cancelTimer = undefined;
      if (this.#isModified) {
        this.#schedule(!isLeftOut);
      }
    }, this.#interval);
  }
}

/** An error of a listener or of a viewport is not one of the load. */
function trigger(type: string, detail: object): void {
  callApplication(() => triggerEvent(eventTarget, type, detail));
}

function renderViewportsOf(volumeId: string): void {
  for (const { engine, viewports } of viewportsShowing(volumeId)) {
    callApplication(() => {
      engine.renderViewports(viewports.map(({ id }) => id));
    });
  }
}
