import { Enums, RenderingEngine, utilities } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import type { StreamingImageVolume } from '../../../src/index.js';
import type { StreamingTexture } from '../../../src/volume/texture/createStreamingTexture.js';
import { Picture } from './Picture.js';
import type { Area } from './Picture.js';
import type { PlaneName } from './planeImages.js';

/** Width and height of a pane in pixels. */
export const PANE_SIZE = [120, 100] as const;

let count = 0;
let engines: RenderingEngine[] = [];
let elements: HTMLElement[] = [];

/** A rendering engine that goes at the end of the spec. */
export function createEngine(): RenderingEngine {
  const engine = new RenderingEngine(`engine-${count++}`);
  engines.push(engine);
  return engine;
}

/** Takes away all panes and engines. */
export function removePanes(): void {
  for (const engine of engines) {
    engine.destroy();
  }
  engines = [];
  elements.forEach((element) => {
    element.remove();
  });
  elements = [];
}

/** What a pane needs of a viewport, of whatever kind. */
export interface Drawable {
  readonly id: string;
  render(): void;
  getCanvas(): HTMLCanvasElement;
  worldToCanvas(point: Types.Point3): Types.Point2;
}

/** A volume viewport as it is, not narrowed. */
export type OrthographicViewport = Types.IVolumeViewport & Drawable;

/** What the specs use of a generic planar viewport, whose type Cornerstone does not export. */
export interface PlanarNext extends Drawable {
  setDisplaySets(entry: { displaySetId: string; options: object }): Promise<void>;
  setDisplaySetPresentation(displaySetId: string, presentation: object): void;
  setViewState(state: object): void;
  getResolvedView(): { toICamera(): Types.ICamera };
  getActors(): Types.ActorEntry[];
}

/** A viewport on the page. */
export class Pane<T extends Drawable = Drawable> {
  readonly engine: RenderingEngine;
  readonly viewport: T;
  readonly element: HTMLDivElement;

  constructor(
    type: Enums.ViewportType,
    { engine = createEngine(), plane }: { engine?: RenderingEngine; plane?: PlaneName } = {},
  ) {
    this.engine = engine;
    this.element = document.createElement('div');
    const [width, height] = PANE_SIZE;
    Object.assign(this.element.style, { width: `${width}px`, height: `${height}px` });
    document.body.append(this.element);
    elements.push(this.element);
    const viewportId = `pane-${count++}`;
    engine.enableElement({
      viewportId,
      element: this.element,
      type,
      defaultOptions: plane
        ? { orientation: plane as Enums.OrientationAxis, background: [0, 0, 0] }
        : { background: [0, 0, 0] },
    });
    this.viewport = engine.getViewport<never>(viewportId);
  }

  /** Draws what is to be shown now. */
  async render(): Promise<Picture> {
    // A render from before may be on its way, and its event then comes for that of the first.
    for (let times = 0; times < 2; times++) {
      const rendered = this.nextRender();
      this.viewport.render();
      await rendered;
    }
    return this.picture();
  }

  /** Resolves after the next render, whoever asks for it. */
  nextRender(): Promise<void> {
    return new Promise((resolve) => {
      this.element.addEventListener(
        Enums.Events.IMAGE_RENDERED,
        () => {
          resolve();
        },
        { once: true },
      );
    });
  }

  /**
   * Draws until the graphics card has all of the volume's slices that are there. Not for viewports
   * that the CPU draws.
   */
  async renderAll(volume: StreamingImageVolume): Promise<Picture> {
    const texture = volume.vtkOpenGLTexture as unknown as StreamingTexture;
    let picture = await this.render();
    while (texture.hasUpdatedFrames()) {
      picture = await this.render();
    }
    return picture;
  }

  /** What the pane shows now. */
  picture(): Picture {
    const canvas = this.viewport.getCanvas();
    const context = canvas.getContext('2d') as CanvasRenderingContext2D;
    return new Picture(context.getImageData(0, 0, canvas.width, canvas.height));
  }

  /**
   * Pixels between two points.
   *
   * @param margin - to leave out on each side
   */
  areaBetween(a: Types.Point3, b: Types.Point3, margin: number): Area {
    const [p, q] = [this.viewport.worldToCanvas(a), this.viewport.worldToCanvas(b)];
    return {
      left: Math.ceil(Math.min(p[0], q[0])) + margin,
      top: Math.ceil(Math.min(p[1], q[1])) + margin,
      right: Math.floor(Math.max(p[0], q[0])) - margin,
      bottom: Math.floor(Math.max(p[1], q[1])) - margin,
    };
  }
}

/** A pane that shows a plane of a volume, without a render. */
export async function showPlane(
  volume: StreamingImageVolume,
  plane: PlaneName,
  voiRange: Types.VOIRange,
  engine?: RenderingEngine,
): Promise<Pane<OrthographicViewport>> {
  const { ORTHOGRAPHIC } = Enums.ViewportType;
  const pane = new Pane<OrthographicViewport>(ORTHOGRAPHIC, { plane, ...(engine && { engine }) });
  await pane.viewport.setVolumes([{ volumeId: volume.volumeId }]);
  pane.viewport.setProperties({ voiRange });
  return pane;
}

/** A pane that shows an image in a stack viewport, seen by a camera of another viewport. */
export async function showStack(
  imageId: string,
  camera: Types.ICamera,
  voiRange: Types.VOIRange,
  engine?: RenderingEngine,
): Promise<Pane<Types.IStackViewport>> {
  const { STACK } = Enums.ViewportType;
  const pane = new Pane<Types.IStackViewport>(STACK, engine && { engine });
  await pane.viewport.setStack([imageId]);
  pane.viewport.setProperties({ voiRange });
  aim(pane.viewport, camera);
  return pane;
}

interface AimedViewport {
  getCamera(): Types.ICamera;
  setCamera(camera: Types.ICamera): void;
}

/** Lets a viewport look where a camera looks, from its own side of the plane. */
export function aim(viewport: AimedViewport, camera: Types.ICamera): void {
  const { focalPoint, parallelScale } = camera as Required<Types.ICamera>;
  const own = viewport.getCamera() as Required<Types.ICamera>;
  const position = own.position.map(
    (start, axis) => start + (focalPoint[axis] as number) - (own.focalPoint[axis] as number),
  );
  viewport.setCamera({
    focalPoint,
    position: position as Types.Point3,
    parallelScale,
  });
}

/** A generic planar viewport that shows a plane of a volume. */
export async function showPlanarNext(
  volume: StreamingImageVolume,
  plane: PlaneName,
  voiRange: Types.VOIRange,
): Promise<Pane<PlanarNext>> {
  const pane = new Pane<PlanarNext>(Enums.ViewportType.PLANAR_NEXT);
  const displaySetId = `display-set-${count++}`;
  utilities.genericViewportDisplaySetMetadataProvider.add(displaySetId, {
    kind: 'planar',
    imageIds: volume.imageIds,
    volumeId: volume.volumeId,
  });
  await pane.viewport.setDisplaySets({
    displaySetId,
    options: { orientation: plane as Enums.OrientationAxis.AXIAL },
  });
  pane.viewport.setDisplaySetPresentation(displaySetId, { voiRange });
  return pane;
}
