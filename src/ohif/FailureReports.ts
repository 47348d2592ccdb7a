import { Enums, eventTarget } from '@cornerstonejs/core';
import type { FailedFrame, StreamingImageVolume } from '../index.js';
import { findStreamingVolume } from './LoadOverlays.js';
import type { OhifTexts } from './ohifOptions.js';
import type { OhifNotificationService } from './ohifTypes.js';

/** Long enough to be read and to reach the button. */
const DURATION_MS = 15_000;

/**
 * Reports to the user, when a load has ended, which images of a volume could not be loaded, with a button that
 * loads them again. An image is reported once, although OHIF calls `load` for each viewport that it sets up;
 * and again when it fails after the button was used.
 */
export class FailureReports {
  readonly #notifications: OhifNotificationService;
  readonly #texts: OhifTexts;
  /** ImageIds that were reported, by volumeId. */
  readonly #reported = new Map<string, Set<string>>();

  constructor(notifications: OhifNotificationService, texts: OhifTexts) {
    this.#notifications = notifications;
    this.#texts = texts;
    eventTarget.addEventListener(Enums.Events.IMAGE_VOLUME_LOADING_COMPLETED, this.#onCompleted);
    eventTarget.addEventListener(Enums.Events.VOLUME_CACHE_VOLUME_REMOVED, this.#onRemoved);
  }

  /** Loads the failed images of a volume again; images that fail again are reported again. */
  readonly retry = (volume: StreamingImageVolume): void => {
    this.#forget(volume.volumeId);
    // Failures of the new load are reported by LOADING_COMPLETED, as for any load.
    void volume.retryFailedFrames();
  };

  /** Hides all notifications, and reports nothing from now on. */
  dispose(): void {
    eventTarget.removeEventListener(Enums.Events.IMAGE_VOLUME_LOADING_COMPLETED, this.#onCompleted);
    eventTarget.removeEventListener(Enums.Events.VOLUME_CACHE_VOLUME_REMOVED, this.#onRemoved);
    for (const volumeId of this.#reported.keys()) {
      this.#forget(volumeId);
    }
  }

  readonly #onCompleted = ((event: CustomEvent<{ volumeId: string }>): void => {
    const { volumeId } = event.detail;
    const volume = findStreamingVolume(volumeId);
    const reported = this.#reported.get(volumeId) ?? new Set();
    const failed = volume?.failedFrames.filter(({ imageId }) => !reported.has(imageId)) ?? [];
    if (volume && failed.length > 0) {
      failed.forEach(({ imageId }) => reported.add(imageId));
      this.#reported.set(volumeId, reported);
      this.#show(volume, failed);
    }
  }) as EventListener;

  readonly #onRemoved = ((event: CustomEvent<{ volumeId: string }>): void => {
    this.#forget(event.detail.volumeId);
  }) as EventListener;

  #show(volume: StreamingImageVolume, failed: readonly FailedFrame[]): void {
    const { failed: describe, failedTitle, retry } = this.#texts;
    const counts = {
      loaded: volume.framesLoaded,
      failed: failed.length,
      total: volume.imageIds.length,
    };
    this.#notifications.show({
      id: notificationId(volume.volumeId),
      title: failedTitle,
      message: `${describe(counts)}. ${reasonOf(failed)}`,
      type: 'error',
      duration: DURATION_MS,
      allowDuplicates: true,
      action: {
        label: retry,
        onClick: () => {
          this.retry(volume);
        },
      },
    });
  }

  #forget(volumeId: string): void {
    if (this.#reported.delete(volumeId)) {
      this.#notifications.hide(notificationId(volumeId));
    }
  }
}

/** Why the first image failed, without its imageId, which means nothing to users. */
function reasonOf([first]: readonly FailedFrame[]): string {
  return first?.error.message.replace(` (${first.imageId})`, '') ?? '';
}

function notificationId(volumeId: string): string {
  return `streaming-image-volume-loader:${volumeId}`;
}
