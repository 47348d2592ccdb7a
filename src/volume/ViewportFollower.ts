import { Enums } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import type { FrameNeeds, SliceNeed } from '../frames/frameOrder.js';
import { slicesInView } from '../geometry/slicesInView.js';
import type { ViewPlane } from '../geometry/slicesInView.js';
import type { VolumeGeometry } from '../types.js';
import { viewportsShowing } from './viewportsShowing.js';

/** What a viewport showed last. */
interface Seen {
  readonly need: SliceNeed;
  /** Rises with each move, so that the viewport that moved last has the largest. */
  readonly movedAt: number;
}

/**
 * Watches which slices the viewports that show a volume need.
 *
 * Looks once in each animation frame instead of listening: viewports, their elements and rendering
 * engines come and go while a volume loads.
 */
export class ViewportFollower {
  readonly #volumeId: string;
  readonly #geometry: VolumeGeometry;
  #seen = new Map<string, Seen>();
  #moves = 0;
  #handle: number | undefined;

  constructor(volumeId: string, geometry: VolumeGeometry) {
    this.#volumeId = volumeId;
    this.#geometry = geometry;
  }

  /** What the viewports need now. */
  read(): FrameNeeds {
    const seen = new Map<string, Seen>();
    let acrossSlices = false;
    for (const { engine, viewports } of viewportsShowing(this.#volumeId)) {
      for (const viewport of viewports) {
        const key = `${engine.id} ${viewport.id}`;
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
    const slices = [...seen.values()].sort((a, b) => b.movedAt - a.movedAt).map(({ need }) => need);
    return { slices, acrossSlices };
  }

  /** Calls back in each animation frame in which the needs have changed, until {@link stop}. */
  start(onChange: (needs: FrameNeeds) => void): void {
    let last = JSON.stringify(this.read());
    const look = (): void => {
      this.#handle = requestAnimationFrame(look);
      const needs = this.read();
      const now = JSON.stringify(needs);
      if (now !== last) {
        last = now;
        onChange(needs);
      }
    };
    this.stop();
    this.#handle = requestAnimationFrame(look);
  }

  /** Stops watching. */
  stop(): void {
    if (this.#handle !== undefined) {
      cancelAnimationFrame(this.#handle);
      this.#handle = undefined;
    }
  }

  #see(
    before: Seen | undefined,
    { frameIndex, radius }: { frameIndex: number; radius: number },
  ): Seen {
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

/** The plane of a viewport; undefined where it has none: in 3D, and before it has a camera. */
function readViewPlane(viewport: Types.IViewport): ViewPlane | undefined {
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
