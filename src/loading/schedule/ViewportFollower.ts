import { Enums, getRenderingEngines } from '@cornerstonejs/core';
import type { RenderingEngine, Types } from '@cornerstonejs/core';
import type { VolumeGeometry } from '../../base/types.js';
import { slicesInView } from '../../geometry/planeAxes.js';
import type { SlicesInView, ViewPlane } from '../../geometry/planeAxes.js';
import type { FrameNeeds, SliceNeed } from './frameOrder.js';

/** Viewports trigger it also when they get a volume. */
const { CAMERA_MODIFIED } = Enums.Events;
/** Interval in ms of the search for viewports outside of the document, while none shows the volume. */
const IDLE_INTERVAL_MS = 100;

/** What a viewport showed when it was last read. */
interface Seen {
  readonly need: SliceNeed;
  /** A counter of moves: the viewport that moved last has the largest. */
  readonly movedAt: number;
}

/**
 * Watches which slices the viewports that show a volume need.
 *
 * Workaround: Cornerstone triggers CAMERA_MODIFIED on the element of a viewport only (RenderingEngine/Viewport.js), and
 * viewports, elements and engines come and go while a volume loads, some of them outside of the document: the
 * follower polls besides listening. Remove when the event is triggered on `eventTarget` too.
 */
export class ViewportFollower {
  readonly #volumeId: string;
  readonly #geometry: VolumeGeometry;
  readonly #isShown: () => boolean;
  #seen = new Map<string, Seen>();
  #moves = 0;
  #hasViewports = false;
  #stopLooking: () => void = () => undefined;

  /**
   * @param isShown - whether the viewports show these frames of the volume, and not those of another time point.
   *   Otherwise the order of the slices follows the viewports too, but none is on screen
   */
  constructor(volumeId: string, geometry: VolumeGeometry, isShown: () => boolean = () => true) {
    this.#volumeId = volumeId;
    this.#geometry = geometry;
    this.#isShown = isShown;
  }

  /** What the viewports need now. */
  read(): FrameNeeds {
    const seen = new Map<string, Seen>();
    let acrossSlices = false;
    for (const { engine, viewports } of viewportsShowing(this.#volumeId)) {
      for (const viewport of viewports) {
        const key = viewportKey(engine.id, viewport.id);
        const plane = readViewPlane(viewport);
        const inView = plane && slicesInView(this.#geometry, plane);
        if (inView) {
          seen.set(key, this.#see(this.#seen.get(key), inView));
        } else {
          acrossSlices = true;
        }
      }
    }
    this.#seen = seen;
    this.#hasViewports = seen.size > 0 || acrossSlices;
    const slices = [...seen.values()].sort((a, b) => b.movedAt - a.movedAt).map(({ need }) => need);
    return { slices, acrossSlices };
  }

  /** Whether a viewport showed these frames when they were last read. */
  get hasViewports(): boolean {
    return this.#hasViewports && this.#isShown();
  }

  /** The slices that viewports in the acquisition plane showed in their middle when they were last read. */
  slicesOnScreen(): number[] {
    return this.#isShown() ? [...this.#seen.values()].map(({ need }) => need.frameIndex) : [];
  }

  /** Whether a viewport shows this slice: it is one of {@link slicesOnScreen}. */
  isOnScreen(sliceIndex: number): boolean {
    return this.slicesOnScreen().includes(sliceIndex);
  }

  /** The {@link viewportKey}s of the viewports that show this slice, of those in {@link slicesOnScreen}. */
  viewportsOn(sliceIndex: number): string[] {
    const seen = this.#isShown() ? [...this.#seen] : [];
    return seen.filter(([, { need }]) => need.frameIndex === sliceIndex).map(([key]) => key);
  }

  /**
   * Calls back when the needs have changed, until {@link stop}: as soon as a viewport in the document has moved
   * or got the volume. At the latest in the next animation frame, or within {@link IDLE_INTERVAL_MS} while no
   * viewport shows the volume.
   *
   * @returns the needs at the start
   */
  start(onChange: (needs: FrameNeeds) => void): FrameNeeds {
    const first = this.read();
    let last = JSON.stringify(first);
    const look = (): void => {
      const needs = this.read();
      const now = JSON.stringify(needs);
      if (now !== last) {
        last = now;
        onChange(needs);
      }
    };
    this.stop();
    const stopListening = listenToViewports(look);
    const stopRepeating = repeat(look, () => this.#hasViewports);
    this.#stopLooking = () => {
      stopListening();
      stopRepeating();
    };
    return first;
  }

  /** Stops watching. */
  stop(): void {
    this.#stopLooking();
    this.#stopLooking = () => undefined;
  }

  #see(before: Seen | undefined, { sliceIndex: frameIndex, radius }: SlicesInView): Seen {
    if (before && before.need.frameIndex === frameIndex && before.need.radius === radius) {
      return before;
    }
    const direction = before ? Math.sign(frameIndex - before.need.frameIndex) : 0;
    this.#moves += 1;
    return {
      need: { frameIndex, radius, direction: direction as SliceNeed['direction'] },
      movedAt: this.#moves,
    };
  }
}

/** Calls back after the code that changes viewports, in a microtask (debounced). */
function listenToViewports(look: () => void): () => void {
  let isListening = true;
  let isDue = false;
  const onEvent = (): void => {
    if (isDue) {
      return;
    }
    isDue = true;
    queueMicrotask(() => {
      isDue = false;
      if (isListening) {
        look();
      }
    });
  };
  // These events do not bubble.
  document.addEventListener(CAMERA_MODIFIED, onEvent, { capture: true });
  return () => {
    isListening = false;
    document.removeEventListener(CAMERA_MODIFIED, onEvent, { capture: true });
  };
}

/**
 * Calls back with each animation frame, or slower while no viewport shows the volume: an animation frame makes
 * the browser draw a picture, also where nothing has changed in it.
 */
function repeat(look: () => void, hasViewports: () => boolean): () => void {
  let cancel: () => void;
  const lookAndGoOn = (): void => {
    goOn();
    look();
  };
  const goOn = (): void => {
    if (hasViewports()) {
      const handle = requestAnimationFrame(lookAndGoOn);
      cancel = () => {
        cancelAnimationFrame(handle);
      };
    } else {
      const timer = setTimeout(lookAndGoOn, IDLE_INTERVAL_MS);
      cancel = () => {
        clearTimeout(timer);
      };
    }
  };
  goOn();
  return () => {
    cancel();
  };
}

/** The plane of a viewport; undefined in 3D and before the viewport has a camera. */
export function readViewPlane(
  viewport: Pick<Types.IViewport, 'type' | 'getCamera'>,
): ViewPlane | undefined {
  if (viewport.type === Enums.ViewportType.VOLUME_3D) {
    return undefined;
  }
  const { getResolvedView, getSlabThickness } = viewport as {
    getResolvedView?: () => { toICamera(): Types.ICamera } | undefined;
    getSlabThickness?: () => number | undefined;
  };
  const camera = getResolvedView
    ? getResolvedView.call(viewport)?.toICamera()
    : viewport.getCamera();
  if (!camera?.focalPoint || !camera.viewPlaneNormal) {
    return undefined;
  }
  return {
    focalPoint: camera.focalPoint,
    viewPlaneNormal: camera.viewPlaneNormal,
    slabThicknessInMm: getSlabThickness?.call(viewport) ?? 0,
  };
}

/** Names a viewport among those of all rendering engines. */
export function viewportKey(engineId: string, viewportId: string): string {
  return `${engineId} ${viewportId}`;
}

/** The viewports of one rendering engine that show a volume; at least one. */
interface ShowingViewports {
  readonly engine: RenderingEngine;
  readonly viewports: readonly Types.IViewport[];
}

/** The viewports that show a volume, by rendering engine: each engine draws only its own. */
export function viewportsShowing(volumeId: string): ShowingViewports[] {
  return (getRenderingEngines() ?? [])
    .filter((engine) => !engine.hasBeenDestroyed)
    .map((engine) => ({
      engine,
      viewports: engine.getViewports().filter((viewport) => {
        const { hasVolumeId } = viewport as { hasVolumeId?: (id: string) => boolean };
        return hasVolumeId?.call(viewport, volumeId) === true;
      }),
    }))
    .filter(({ viewports }) => viewports.length > 0);
}
