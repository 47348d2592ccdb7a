import { Enums, getRenderingEngine } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import { callApplication } from '../../base/callApplication.js';
import { viewportKey, viewportsShowing } from '../../loading/schedule/ViewportFollower.js';
import type { RenderWindow } from '../texture/RenderWindow.js';
import { DrawingBudget } from './DrawingBudget.js';
import type { DrawingTerms } from './DrawingBudget.js';
import { measureRender } from './measureRender.js';
import { browserRenderClock } from './RenderClock.js';
import type { RenderClock } from './RenderClock.js';

const { IMAGE_RENDERED } = Enums.Events;
/** The part of a render's expected time that may be spent on uploads. */
const UPLOAD_PART = 0.5;
/** Expected time of a volume's first picture in 3D, in ms: it needs all slices, and the next one may come late. */
const FIRST_3D_COST_MS = 200;

/** What a volume asks to be drawn. */
export interface DrawingRequest {
  readonly terms: DrawingTerms;
  /** Keys of the viewports that are drawn at once: they show the slice that has arrived. */
  readonly onScreen?: readonly string[];
  /** Whether slices are missing in gaps too large for a picture across the slices to be recognisable. */
  readonly isSparse?: boolean;
  /** Triggers IMAGE_VOLUME_MODIFIED, where that was left to the render of {@link drawsOnEvent}. */
  readonly announce: () => void;
}

/** A viewport of a rendering engine. */
interface Place {
  readonly engineId: string;
  readonly viewport: Types.IViewport;
}

/** What is drawn at one time: a viewport, or all generic viewports of a volume. */
interface Drawn {
  places: readonly Place[];
  /** Of the volumes that have asked for it. */
  readonly announce: Map<string, () => void>;
  readonly stopWatching: Map<Types.IViewport, () => void>;
  /** Whether a render was requested past the budget, so that no person has caused it. */
  isRequestedAtOnce: boolean;
}

/**
 * Renders the viewports that show the volumes of a page when the {@link DrawingBudget} says so: one after the other, so
 * that each is measured alone, and the next one when the GPU is done. Viewports of 3D come last among those
 * that are requested together.
 */
export class RenderScheduler {
  readonly #budget = new DrawingBudget();
  readonly #drawn = new Map<string, Drawn>();
  readonly #clock: RenderClock;
  /** The key of the render that is under way, until the GPU is done. */
  #current: string | undefined;
  /** The same, until Cornerstone has rendered. */
  #awaited: string | undefined;
  #isRendering = false;
  /** Expected time of other pictures that were drawn during the current render. */
  #otherCosts = 0;
  #cancelTimer: (() => void) | undefined;

  constructor(clock: RenderClock = browserRenderClock) {
    this.#clock = clock;
  }

  /** Requests a render of the viewports that show a volume, each when the budget allows it. */
  request({ terms, onScreen = [], isSparse = false, announce }: DrawingRequest): void {
    const now = this.#clock.now();
    const pictures = this.#picturesOf(terms.volumeId);
    for (const { key, places } of pictures) {
      const drawn: Drawn = this.#drawn.get(key) ?? {
        places,
        announce: new Map(),
        stopWatching: new Map(),
        isRequestedAtOnce: false,
      };
      drawn.places = places;
      drawn.announce.set(terms.volumeId, announce);
      this.#drawn.set(key, drawn);
      this.#watch(key, drawn);
      this.#budget.request(key, terms, now, { isSparse, waitsWhileSparse: places.some(is3D) });
    }
    for (const { key, places } of pictures) {
      if (places.some((place) => onScreen.includes(viewportKeyOf(place)))) {
        this.#drawAtOnce(key);
      }
    }
    this.#advance();
  }

  /** Renders all viewports that show a volume now, whatever they cost. May not be called during a render. */
  renderNow(volumeId: string): void {
    for (const { key } of this.#picturesOf(volumeId)) {
      const drawn = this.#drawn.get(key);
      if (drawn) {
        drawn.isRequestedAtOnce = true;
      }
    }
    for (const { engine, viewports } of viewportsShowing(volumeId)) {
      callApplication(() => {
        engine.renderViewports(viewports.map(({ id }) => id));
      });
    }
  }

  /** The load of a volume has ended, or the volume is removed: what is not drawn of it waits no longer. */
  endLoad(volumeId: string): void {
    this.#budget.endLoad(volumeId);
    this.#drawn.forEach(({ announce }) => announce.delete(volumeId));
    this.#advance();
  }

  /**
   * The longest that uploads may take in the render that is under way, in ms: half of what the render is expected to
   * take where that is more than the given limit. Few long renders upload as much as many short ones.
   */
  uploadBudgetMs(limitMs: number): number {
    const key = this.#isRendering ? this.#current : undefined;
    return key === undefined ? limitMs : Math.max(limitMs, this.#expectedCost(key) * UPLOAD_PART);
  }

  #expectedCost(key: string): number {
    const measured = this.#budget.costOf(key);
    return measured === 0 && this.#drawn.get(key)?.places.some(is3D) ? FIRST_3D_COST_MS : measured;
  }

  /** The pictures of a volume; those of 3D last. */
  #picturesOf(volumeId: string): { key: string; places: Place[] }[] {
    const places = viewportsShowing(volumeId).flatMap(({ engine, viewports }) =>
      viewports.map((viewport) => ({ engineId: engine.id, viewport })),
    );
    const generic = places.filter(({ viewport }) => drawsOnEvent(viewport));
    const pictures = places
      .filter(({ viewport }) => !drawsOnEvent(viewport))
      .sort((a, b) => Number(is3D(a)) - Number(is3D(b)))
      .map((place) => ({ key: viewportKeyOf(place), places: [place] }));
    return generic.length > 0
      ? [...pictures, { key: `event ${volumeId}`, places: generic }]
      : pictures;
  }

  /** Also renders that others ask for show what is requested. */
  #watch(key: string, { places, stopWatching }: Drawn): void {
    for (const { viewport } of places) {
      if (!stopWatching.has(viewport)) {
        const onRendered = (): void => {
          this.#rendered(key);
        };
        viewport.element.addEventListener(IMAGE_RENDERED, onRendered);
        stopWatching.set(viewport, () => {
          viewport.element.removeEventListener(IMAGE_RENDERED, onRendered);
        });
      }
    }
  }

  #rendered(key: string): void {
    const drawn = this.#drawn.get(key);
    if (!drawn || key === this.#awaited) {
      return;
    }
    const now = this.#clock.now();
    if (!drawn.isRequestedAtOnce) {
      this.#budget.interacted(now);
    }
    drawn.isRequestedAtOnce = false;
    if (this.#awaited !== undefined) {
      this.#otherCosts += this.#budget.costOf(key);
    }
    if (drawn.places.length === 1) {
      this.#budget.drawn(key, now);
      this.#advance();
    }
  }

  #advance(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#forgetDrawn();
    if (this.#current !== undefined) {
      return;
    }
    const next = this.#budget.next(this.#clock.now());
    if (next && 'key' in next) {
      this.#draw(next.key);
    } else if (next) {
      this.#cancelTimer = this.#clock.timer(() => {
        this.#cancelTimer = undefined;
        this.#advance();
      }, next.waitMs);
    }
  }

  /** Measured where nothing else is. */
  #drawAtOnce(key: string): void {
    if (this.#current === undefined) {
      this.#draw(key);
    } else {
      const drawn = this.#drawn.get(key) as Drawn;
      drawn.isRequestedAtOnce = true;
      requestRender(drawn);
    }
  }

  #draw(key: string): void {
    const drawn = this.#drawn.get(key) as Drawn;
    const { places } = drawn;
    const startedAt = this.#clock.now();
    this.#current = key;
    this.#awaited = key;
    this.#otherCosts = 0;
    measureRender(
      {
        elements: places.map(({ viewport }) => viewport.element),
        contexts: () => contextsOf(places),
        request: () => {
          requestRender(drawn);
        },
        onBegin: () => {
          this.#isRendering = true;
          this.#budget.drawn(key, startedAt);
        },
        onRendered: () => {
          this.#isRendering = false;
          this.#awaited = undefined;
          this.#budget.drawn(key, startedAt);
        },
        onEnd: (costMs) => {
          this.#isRendering = false;
          this.#awaited = undefined;
          this.#current = undefined;
          if (costMs !== undefined) {
            this.#budget.measured(key, Math.max(0, costMs - this.#otherCosts));
          }
          this.#advance();
        },
      },
      this.#clock,
    );
  }

  /** Forgets what is drawn and not loading, and viewports that are gone. */
  #forgetDrawn(): void {
    for (const [key, { places, stopWatching }] of this.#drawn) {
      const isNeeded = this.#budget.isActive(key) && places.some(isPresent);
      if (!isNeeded && key !== this.#current) {
        stopWatching.forEach((stop) => {
          stop();
        });
        this.#drawn.delete(key);
        this.#budget.forget(key);
      }
    }
  }
}

let pageScheduler: RenderScheduler | undefined;

/** The scheduler that all volumes of the page share. */
export function sharedRenderScheduler(): RenderScheduler {
  pageScheduler ??= new RenderScheduler();
  return pageScheduler;
}

/**
 * Whether a viewport renders itself on IMAGE_VOLUME_MODIFIED.
 *
 * Workaround: generic viewports (core 5.14, RenderingEngine/GenericViewport, VtkVolumeSliceRenderPath.js and
 * VtkVolume3DRenderPath.js) render on each IMAGE_VOLUME_MODIFIED of their volume, so that the event waits for the
 * budget. Remove when they render on request only.
 */
export function drawsOnEvent(viewport: Types.IViewport): boolean {
  return typeof (viewport as { getResolvedView?: unknown }).getResolvedView === 'function';
}

function requestRender({ places, announce }: Drawn): void {
  if (places.some(({ viewport }) => drawsOnEvent(viewport))) {
    announce.forEach((trigger) => {
      trigger();
    });
  }
  for (const engineId of new Set(places.map((place) => place.engineId))) {
    const ids = places
      .filter((place) => place.engineId === engineId)
      .map(({ viewport }) => viewport.id);
    callApplication(() => getRenderingEngine(engineId)?.renderViewports(ids));
  }
}

function isPresent({ engineId, viewport }: Place): boolean {
  return getRenderingEngine(engineId)?.getViewport(viewport.id) === viewport;
}

function viewportKeyOf({ engineId, viewport }: Place): string {
  return viewportKey(engineId, viewport.id);
}

function is3D({ viewport }: Place): boolean {
  return viewport.type === Enums.ViewportType.VOLUME_3D;
}

/** The WebGL contexts that viewports are drawn in. */
function contextsOf(places: readonly Place[]): WebGL2RenderingContext[] {
  const contexts = places.map(({ engineId, viewport }) => {
    try {
      const window = getRenderingEngine(engineId)
        ?.getOffscreenMultiRenderWindow(viewport.id)
        .getOpenGLRenderWindow() as RenderWindow | undefined;
      return window?.getContext();
    } catch {
      // Engines throw for viewports that the CPU draws, or that have gone.
      return undefined;
    }
  });
  return [...new Set(contexts)].filter((context) => context !== undefined && context !== null);
}
