import { Enums, eventTarget, getRenderingEngines } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import { VOLUME_PROGRESS } from '../index.js';
import type { StreamingImageVolume } from '../index.js';
import type { OhifTexts } from './ohifTexts.js';
import { streamingVolumes } from './streamingVolumes.js';
import { ViewportOverlay } from './ViewportOverlay.js';

/** After each of them an overlay may have to come, to change or to go. */
const CHANGES = [
  VOLUME_PROGRESS,
  Enums.Events.IMAGE_VOLUME_LOADING_COMPLETED,
  Enums.Events.ELEMENT_DISABLED,
];
/** Comes to a viewport's element and does not rise to the document, which hears it on its way down. */
const NEW_VOLUME = Enums.Events.VOLUME_VIEWPORT_NEW_VOLUME;

/**
 * Shows on each viewport how far the volumes of this package are that it draws, and which images failed.
 *
 * OHIF's own overlay items are React elements that are drawn again when React sees a reason, which a load
 * is not; so these are elements of the document, driven by Cornerstone's events.
 */
export class LoadOverlays {
  readonly #texts: OhifTexts;
  readonly #retry: (volume: StreamingImageVolume) => void;
  readonly #overlays = new Map<Types.IViewport, ViewportOverlay>();

  constructor(texts: OhifTexts, retry: (volume: StreamingImageVolume) => void) {
    this.#texts = texts;
    this.#retry = retry;
    for (const type of CHANGES) {
      eventTarget.addEventListener(type, this.#onChange);
    }
    eventTarget.addEventListener(Enums.Events.VOLUME_CACHE_VOLUME_REMOVED, this.#onRemoved);
    document.addEventListener(NEW_VOLUME, this.#onChange, { capture: true });
    this.#update();
  }

  /** Takes all overlays off, for good. */
  dispose(): void {
    for (const type of CHANGES) {
      eventTarget.removeEventListener(type, this.#onChange);
    }
    eventTarget.removeEventListener(Enums.Events.VOLUME_CACHE_VOLUME_REMOVED, this.#onRemoved);
    document.removeEventListener(NEW_VOLUME, this.#onChange, { capture: true });
    this.#overlays.forEach((overlay) => {
      overlay.remove();
    });
    this.#overlays.clear();
  }

  readonly #onChange = (): void => {
    this.#update();
  };

  readonly #onRemoved = ((event: CustomEvent<{ volumeId: string }>): void => {
    this.#update(event.detail.volumeId);
  }) as EventListener;

  /** @param removed - a volume that is in the cache still when its removal is told */
  #update(removed?: string): void {
    const volumes = streamingVolumes().filter(
      (volume) => volume.volumeId !== removed && hasSomethingToTell(volume),
    );
    const viewports = volumes.length > 0 ? allViewports() : [];
    const told = new Set<Types.IViewport>();
    for (const viewport of viewports) {
      const shown = volumes.filter(({ volumeId }) => isShown(viewport, volumeId));
      if (shown.length > 0) {
        told.add(viewport);
        this.#show(viewport, shown);
      }
    }
    for (const [viewport, overlay] of this.#overlays) {
      if (!told.has(viewport)) {
        overlay.remove();
        this.#overlays.delete(viewport);
      }
    }
  }

  #show(viewport: Types.IViewport, volumes: readonly StreamingImageVolume[]): void {
    let overlay = this.#overlays.get(viewport);
    if (overlay?.parent !== viewport.element) {
      overlay?.remove();
      overlay = new ViewportOverlay(viewport.element, this.#texts, () => {
        this.#retryShown(viewport);
      });
      this.#overlays.set(viewport, overlay);
    }
    const counts = { loaded: 0, failed: 0, total: 0 };
    for (const { progress } of volumes) {
      counts.loaded += progress.framesLoaded;
      counts.failed += progress.framesFailed;
      counts.total += progress.framesTotal - progress.framesAbsent;
    }
    overlay.show(counts, volumes.some(isLoading));
  }

  #retryShown(viewport: Types.IViewport): void {
    for (const volume of streamingVolumes()) {
      if (isShown(viewport, volume.volumeId) && volume.progress.framesFailed > 0) {
        this.#retry(volume);
      }
    }
  }
}

function hasSomethingToTell(volume: StreamingImageVolume): boolean {
  return isLoading(volume) || volume.progress.framesFailed > 0;
}

/** Also under a load strategy of OHIF, which runs the requests without a call of `load`. */
function isLoading({ loadStatus, progress }: StreamingImageVolume): boolean {
  const { framesLoaded, framesFailed, framesAbsent, framesTotal } = progress;
  const ended = framesLoaded + framesFailed + framesAbsent;
  return (
    ended < framesTotal && !loadStatus.cancelled && (loadStatus.loading || ended > framesAbsent)
  );
}

function allViewports(): Types.IViewport[] {
  return (getRenderingEngines() ?? [])
    .filter((engine) => !engine.hasBeenDestroyed)
    .flatMap((engine) => engine.getViewports());
}

function isShown(viewport: Types.IViewport, volumeId: string): boolean {
  const { hasVolumeId } = viewport as { hasVolumeId?: (id: string) => boolean };
  return hasVolumeId?.call(viewport, volumeId) === true;
}
