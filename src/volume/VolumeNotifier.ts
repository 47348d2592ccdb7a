import { Enums, eventTarget, triggerEvent } from '@cornerstonejs/core';
import { callApplication } from '../base/callApplication.js';
import { browserTimer } from '../base/timers.js';
import type { Timer } from '../base/timers.js';
import { VOLUME_PROGRESS } from '../base/volumeEvents.js';
import type { VolumeProgress } from '../loading/LoadProgress.js';
import { viewportsShowing } from '../loading/schedule/ViewportFollower.js';
import { drawsOnEvent, sharedRenderScheduler } from './drawing/RenderScheduler.js';
import type { RenderScheduler } from './drawing/RenderScheduler.js';

/** The volume that a {@link VolumeNotifier} notifies of. */
interface NotifiedVolume {
  readonly volumeId: string;
  readonly frameOfReferenceUID: string;
  readonly frameCount: number;
  readonly progress: () => VolumeProgress;
  /** Whether a slice that a viewport shows is being loaded. */
  readonly isLoadingOnScreen: () => boolean;
  /** Whether all frames that viewports show have ended. */
  readonly isComplete: () => boolean;
  /** Whether slices are missing in gaps too large for a picture across the slices to be recognisable. */
  readonly isSparse: () => boolean;
}

/** How often a {@link VolumeNotifier} notifies and draws. */
interface NotifierSettings {
  /** Least time between two notifications in ms. */
  readonly renderIntervalMs: number;
  /** Largest part of the time that renders take, above 0 and up to 1. */
  readonly renderShare: number;
  /** Default: the browser's. */
  readonly timer?: Timer;
  /** Default: that of the page. */
  readonly scheduler?: Pick<RenderScheduler, 'request' | 'renderNow' | 'endLoad'>;
}

/**
 * Notifies Cornerstone of frames that have arrived: IMAGE_VOLUME_MODIFIED and a render of the viewports that
 * show the volume, at once for the first frame and then at most once in an interval (throttled). Each viewport is
 * rendered when the drawing budget allows it.
 *
 * While a slice on screen is being loaded, every second render is left out: that slice will be drawn at once,
 * unless another render is under way just then.
 */
export class VolumeNotifier {
  readonly #volume: NotifiedVolume;
  readonly #settings: NotifierSettings;
  readonly #timer: Timer;
  readonly #scheduler: Pick<RenderScheduler, 'request' | 'renderNow' | 'endLoad'>;
  #cancelTimer: (() => void) | undefined;
  #isModified = false;
  #isToBeDrawn = false;
  #isToBeAnnounced = false;
  #isDisposed = false;

  constructor(volume: NotifiedVolume, settings: NotifierSettings) {
    this.#volume = volume;
    this.#settings = settings;
    this.#timer = settings.timer ?? browserTimer;
    this.#scheduler = settings.scheduler ?? sharedRenderScheduler();
  }

  /**
   * A frame has got pixels or has failed.
   *
   * @param onScreen - keys of the viewports that show this slice: they are drawn at once
   * @param isShown - whether viewports show the frame's time point: otherwise nothing is drawn for it
   */
  frameChanged(onScreen: readonly string[] = [], isShown = true): void {
    this.#isModified = true;
    this.#isToBeDrawn ||= isShown;
    if (onScreen.length > 0 && !this.#isDisposed) {
      this.#notify(onScreen);
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

  /** Draws again at once although no frame has arrived. May be called during a render. */
  requestRender(): void {
    queueMicrotask(() => {
      if (!this.#isDisposed) {
        this.#scheduler.renderNow(this.#volume.volumeId);
      }
    });
  }

  /** Slices remain to be uploaded: draws again, within the drawing budget while frames arrive. Not during a render. */
  uploadPending(): void {
    if (this.#isDisposed) {
      return;
    }
    this.#draw();
    if (this.#volume.isComplete()) {
      this.#scheduler.endLoad(this.#volume.volumeId);
    }
  }

  /** Sends the notification that is due, at once, as of the last frame: its renders do not wait for the budget. */
  flush(): void {
    this.#notify([], true);
    // One that waits for a render would be lost with the end of the load.
    this.#announce();
    this.#scheduler.endLoad(this.#volume.volumeId);
  }

  /** Ends all notifications. */
  dispose(): void {
    this.#isDisposed = true;
    this.#isModified = false;
    this.#isToBeAnnounced = false;
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#scheduler.endLoad(this.#volume.volumeId);
  }

  #schedule(mayLeaveOut = true): void {
    if (this.#cancelTimer || this.#isDisposed) {
      return;
    }
    const isLeftOut = mayLeaveOut && this.#volume.isLoadingOnScreen();
    if (!isLeftOut) {
      this.#notify();
    }
    this.#cancelTimer = this.#timer(() => {
      this.#cancelTimer = undefined;
      if (this.#isModified) {
        this.#schedule(!isLeftOut);
      }
    }, this.#settings.renderIntervalMs);
  }

  #notify(onScreen: readonly string[] = [], isLast = false): void {
    if (this.#isModified) {
      this.#isModified = false;
      this.#isToBeAnnounced = true;
      const { volumeId } = this.#volume;
      if (isLast || !isDrawnOnEvent(volumeId)) {
        this.#announce();
      }
      trigger(VOLUME_PROGRESS, { volumeId, ...this.#volume.progress() });
      if (this.#isToBeDrawn) {
        this.#isToBeDrawn = false;
        this.#draw(onScreen);
      }
    }
  }

  #draw(onScreen: readonly string[] = []): void {
    const { renderShare: share, renderIntervalMs: intervalMs } = this.#settings;
    this.#scheduler.request({
      onScreen,
      isSparse: this.#volume.isSparse(),
      terms: { volumeId: this.#volume.volumeId, share, intervalMs },
      announce: () => {
        this.#announce();
      },
    });
  }

  #announce(): void {
    if (!this.#isToBeAnnounced) {
      return;
    }
    this.#isToBeAnnounced = false;
    const { volumeId, frameOfReferenceUID, frameCount } = this.#volume;
    const { framesLoaded, framesFailed, framesAbsent } = this.#volume.progress();
    trigger(Enums.Events.IMAGE_VOLUME_MODIFIED, {
      volumeId,
      FrameOfReferenceUID: frameOfReferenceUID,
      numberOfFrames: frameCount,
      framesProcessed: framesLoaded + framesFailed + framesAbsent,
    });
  }
}

/** An error of a listener or of a viewport is not one of the load. */
function trigger(type: string, detail: object): void {
  callApplication(() => triggerEvent(eventTarget, type, detail));
}

function isDrawnOnEvent(volumeId: string): boolean {
  return viewportsShowing(volumeId).some(({ viewports }) => viewports.some(drawsOnEvent));
}
