import { Enums } from '@cornerstonejs/core';
import type { Fence, RenderClock } from './RenderClock.js';

const { IMAGE_RENDERED } = Enums.Events;
/** An animation frame may wait this long for the display although nothing is drawn. */
const IDLE_FRAME_MS = 1000 / 60;
/** Limits of the time between two looks at a fence: one in eight of what has passed. */
const LOOK_MS = [1, 50] as const;
const LOOKS_PER_RENDER = 8;

/** Viewports that are rendered in one animation frame. */
export interface MeasuredRender {
  readonly elements: readonly EventTarget[];
  /** The WebGL contexts that they are drawn in; none where the CPU draws. Called after the render. */
  readonly contexts: () => readonly WebGL2RenderingContext[];
  /** Requests the render of Cornerstone. */
  readonly request: () => void;
  /** Called in the animation frame of the render, before it. */
  readonly onBegin: () => void;
  /** Called after the calls of the render, while the GPU may still work. */
  readonly onRendered: () => void;
  /**
   * Called once, when the GPU is done, or when a frame has passed without a picture, as of hidden viewports.
   *
   * @param costMs - how long the render took; undefined where that is not known
   */
  readonly onEnd: (costMs: number | undefined) => void;
}

/**
 * Requests a render and measures how long it takes, from the beginning of its animation frame until the GPU is done.
 * That is asked of a fence sync object, which is polled without blocking; without a context it is the
 * next animation frame.
 */
export function measureRender(render: MeasuredRender, clock: RenderClock): void {
  const { elements, contexts } = render;
  const missing = new Set(elements);
  let startedAt: number | undefined;
  let renderedAt: number | undefined;
  let cancelFrame = clock.onFrame(() => {
    startedAt = clock.now();
    render.onBegin();
    // In an animation frame of its own there is no picture of viewports that are hidden or gone.
    cancelFrame = clock.onFrame(stopListening);
  });
  const onRendered = ({ currentTarget }: Event): void => {
    renderedAt = clock.now();
    if (currentTarget) {
      missing.delete(currentTarget);
    }
    if (missing.size === 0) {
      cancelFrame();
      stopListening();
    }
  };
  function stopListening(): void {
    elements.forEach((element) => {
      element.removeEventListener(IMAGE_RENDERED, onRendered);
    });
    if (renderedAt === undefined) {
      render.onEnd(undefined);
    } else {
      render.onRendered();
      awaitGPU(renderedAt);
    }
  }
  function end(at: number): void {
    // A render that was requested before may have begun before the start of this measurement.
    render.onEnd(startedAt === undefined ? undefined : Math.max(0, at - startedAt));
  }
  function awaitGPU(at: number): void {
    const fences = contexts()
      .map((gl) => clock.insertFence(gl))
      .filter((fence) => fence !== undefined);
    if (fences.length > 0) {
      awaitFences(fences, { clock, startedAt: at, onPassed: end });
    } else {
      clock.onFrame(() => {
        end(Math.max(at, clock.now() - IDLE_FRAME_MS));
      });
    }
  }
  elements.forEach((element) => {
    element.addEventListener(IMAGE_RENDERED, onRendered);
  });
  render.request();
}

interface FenceWait {
  readonly clock: RenderClock;
  /** When the fences were inserted. */
  readonly startedAt: number;
  /** Called with the likely time: halfway between the last look at which they were not passed, and the next one. */
  readonly onPassed: (at: number) => void;
}

function awaitFences(fences: readonly Fence[], { clock, startedAt, onPassed }: FenceWait): void {
  let lookedAt = startedAt;
  const look = (): void => {
    const now = clock.now();
    if (fences.every((fence) => fence.isPassed())) {
      fences.forEach((fence) => {
        fence.delete();
      });
      onPassed((lookedAt + now) / 2);
      return;
    }
    lookedAt = now;
    lookLater();
  };
  const lookLater = (): void => {
    const [least, most] = LOOK_MS;
    const wait = (clock.now() - startedAt) / LOOKS_PER_RENDER;
    clock.timer(look, Math.min(most, Math.max(least, wait)));
  };
  lookLater();
}
