import { cache, Enums, eventTarget, getRenderingEngines } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import { isStreamingImageVolume, VOLUME_PROGRESS } from '../index.js';
import type { StandInOnScreen, StreamingImageVolume } from '../index.js';
import type { ImageCounts, OhifTexts } from './ohifOptions.js';

/** Events after which an overlay may have to be added, changed or removed. */
const CHANGES = [
  VOLUME_PROGRESS,
  Enums.Events.IMAGE_VOLUME_LOADING_COMPLETED,
  Enums.Events.ELEMENT_DISABLED,
];
/** Dispatched on the element of a viewport without bubbling, so that the document listens in the capture phase. */
const NEW_VOLUME = Enums.Events.VOLUME_VIEWPORT_NEW_VOLUME;
/** The same. */
const { IMAGE_RENDERED } = Enums.Events;

/**
 * Shows on each viewport the progress of its volumes of this package, and which images failed.
 *
 * Workaround: OHIF's overlay items (3.13) are React elements that are rendered again only when React state changes,
 * which a load does not do. So these are elements of the document, updated by Cornerstone's events. Remove when OHIF
 * renders overlay items on events of volumes.
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
    document.addEventListener(IMAGE_RENDERED, this.#onRendered, { capture: true });
    this.#update();
  }

  /** Removes all overlays, for good. */
  dispose(): void {
    for (const type of CHANGES) {
      eventTarget.removeEventListener(type, this.#onChange);
    }
    eventTarget.removeEventListener(Enums.Events.VOLUME_CACHE_VOLUME_REMOVED, this.#onRemoved);
    document.removeEventListener(NEW_VOLUME, this.#onChange, { capture: true });
    document.removeEventListener(IMAGE_RENDERED, this.#onRendered, { capture: true });
    this.#overlays.forEach((overlay) => {
      overlay.remove();
    });
    this.#overlays.clear();
  }

  readonly #onChange = (): void => {
    this.#update();
  };

  /** Only now is it known what the picture shows. */
  readonly #onRendered = ({ target }: Event): void => {
    for (const [viewport, overlay] of this.#overlays) {
      if (overlay.parent === target) {
        overlay.showStandIn(findStandIn(viewport));
      }
    }
  };

  readonly #onRemoved = ((event: CustomEvent<{ volumeId: string }>): void => {
    this.#update(event.detail.volumeId);
  }) as EventListener;

  /** @param removed - a volume whose removal was announced while it is still in the cache */
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
    overlay.show(counts, volumes.some(isUnderWay));
    overlay.showStandIn(findStandIn(viewport));
  }

  #retryShown(viewport: Types.IViewport): void {
    for (const volume of streamingVolumes()) {
      if (isShown(viewport, volume.volumeId) && volume.progress.framesFailed > 0) {
        this.#retry(volume);
      }
    }
  }
}

/** The first of the volumes that a viewport shows another slice of than it is at. */
function findStandIn(viewport: Types.IViewport): StandInOnScreen | undefined {
  return streamingVolumes()
    .filter(({ volumeId }) => isShown(viewport, volumeId))
    .map((volume) => volume.standInOnScreen(viewport))
    .find((standIn) => standIn !== undefined);
}

function hasSomethingToTell(volume: StreamingImageVolume): boolean {
  return isUnderWay(volume) || volume.progress.framesFailed > 0;
}

/** Also under a load strategy of OHIF, which runs the requests without a call of `load`. */
function isUnderWay({ loadStatus, progress }: StreamingImageVolume): boolean {
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

/** Events that must not reach the viewport's tools, which would begin to draw. */
const PRESSES = ['pointerdown', 'mousedown', 'touchstart', 'dblclick'] as const;

/** Class of the overlay's element, for the style sheet of a site. */
const OVERLAY_CLASS = 'streaming-image-volume-overlay';
/** Class of the line that marks a stand-in. */
const STAND_IN_CLASS = 'streaming-image-volume-stand-in';
/** Both are readable on any picture, and let pointer events through to the viewport. */
const OVER_PICTURE = {
  position: 'absolute',
  left: '50%',
  transform: 'translateX(-50%)',
  zIndex: '5',
  pointerEvents: 'none',
  textAlign: 'center',
  width: 'max-content',
  maxWidth: '90%',
  font: '12px sans-serif',
  textShadow: '0 0 2px #000, 0 0 4px #000',
};

/**
 * The overlay of one viewport: a line with a progress bar while its volumes load, a line where it shows another slice
 * than the one that it is at, and the number of images that failed with a button. All pointer events but those on the button pass through to the viewport.
 */
class ViewportOverlay {
  readonly #texts: OhifTexts;
  readonly #root: HTMLElement;
  readonly #loading: HTMLElement;
  readonly #bar: HTMLElement;
  readonly #filled: HTMLElement;
  readonly #standIn: HTMLElement;
  readonly #failures: HTMLElement;
  readonly #failed: HTMLElement;

  /**
   * @param parent - of the viewport
   * @param onRetry - called when the button is pressed
   */
  constructor(parent: HTMLElement, texts: OhifTexts, onRetry: () => void) {
    this.#texts = texts;
    this.#standIn = element('div', { ...OVER_PICTURE, top: '8px', color: '#ffd27d' });
    this.#standIn.className = STAND_IN_CLASS;
    this.#loading = element('div', {});
    this.#filled = element('div', { height: '100%', background: 'currentColor' });
    this.#bar = element('div', { height: '2px', background: 'rgba(128, 128, 128, 0.6)' });
    this.#bar.setAttribute('role', 'progressbar');
    this.#bar.setAttribute('aria-valuemin', '0');
    this.#bar.append(this.#filled);
    this.#failed = element('span', { color: '#ff9d9d' });
    this.#failures = element('div', { display: 'none' });
    this.#failures.append(this.#failed, retryButton(texts.retry, onRetry));
    // At the bottom, between OHIF's own texts in the corners.
    this.#root = element('div', { ...OVER_PICTURE, bottom: '8px', color: '#e6e6e6' });
    this.#root.className = OVERLAY_CLASS;
    this.#root.append(this.#loading, this.#bar, this.#failures);
    parent.append(this.#root, this.#standIn);
  }

  /** The element of the viewport. */
  get parent(): HTMLElement | null {
    return this.#root.parentElement;
  }

  /** @param isLoading - whether images are still to come */
  show(counts: ImageCounts, isLoading: boolean): void {
    const { loaded, failed, total } = counts;
    this.#loading.style.display = this.#bar.style.display = isLoading ? '' : 'none';
    this.#loading.textContent = this.#texts.loading(counts);
    this.#filled.style.width = `${(100 * (loaded + failed)) / total}%`;
    this.#bar.setAttribute('aria-valuemax', String(total));
    this.#bar.setAttribute('aria-valuenow', String(loaded + failed));
    this.#failures.style.display = failed > 0 ? '' : 'none';
    this.#failed.textContent = `${this.#texts.failed(counts)} `;
  }

  /** @param standIn - undefined where the viewport shows the slice that it is at */
  showStandIn(standIn: StandInOnScreen | undefined): void {
    const text = standIn ? this.#texts.standIn(standIn) : '';
    if (this.#standIn.textContent !== text) {
      this.#standIn.textContent = text;
    }
  }

  /** Removes the overlay from the viewport. */
  remove(): void {
    this.#root.remove();
    this.#standIn.remove();
  }
}

function retryButton(label: string, onRetry: () => void): HTMLElement {
  const button = element('button', {
    pointerEvents: 'auto',
    cursor: 'pointer',
    textDecoration: 'underline',
    color: 'inherit',
    background: 'none',
    border: 'none',
    padding: '2px',
    font: 'inherit',
  });
  button.setAttribute('type', 'button');
  button.textContent = label;
  for (const press of PRESSES) {
    button.addEventListener(press, (event) => {
      event.stopPropagation();
    });
  }
  button.addEventListener('click', onRetry);
  return button;
}

/** Sets styles by the object model: a Content Security Policy may forbid style sheets and attributes. */
function element(tag: string, style: Partial<CSSStyleDeclaration>): HTMLElement {
  const created = document.createElement(tag);
  Object.assign(created.style, style);
  return created;
}

/** The volumes of this package in Cornerstone's cache. */
export function streamingVolumes(): StreamingImageVolume[] {
  // Workaround: core's cache (cache/cache.js; 5.6.8 to 5.14) lists a volume that is still being made as undefined.
  // Remove when getVolumes leaves it out.
  return (cache.getVolumes() as unknown[]).filter(isStreamingImageVolume);
}

/** @returns undefined for a volume of another loader, and for one that is not in the cache */
export function findStreamingVolume(volumeId: string): StreamingImageVolume | undefined {
  const volume: unknown = cache.getVolume(volumeId);
  return isStreamingImageVolume(volume) ? volume : undefined;
}
