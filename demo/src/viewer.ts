import { Enums, RenderingEngine, setVolumesForViewports, utilities } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import { vec3 } from 'gl-matrix';
import { isStreamingDynamicImageVolume } from '../../src/index.js';
import { findAcquisitionPlane, moveToPoint, moveToSlice, sliceAt } from './acquisitionPlane.js';
import type { DrawnVolume } from './drawnVolume.js';
import { planeTexts } from './overlays.js';
import { Pane } from './pane.js';
import { Tools } from './tools.js';
import { volumeLook } from './volumeLook.js';
import { setVolumeQuality } from './volumeQuality.js';

const ENGINE_ID = 'viewer';
const VOLUME_3D = 'volume3d';
const STACK = 'stack';
const PLANES = [
  { id: 'axial', title: 'Axial', orientation: Enums.OrientationAxis.AXIAL },
  { id: 'sagittal', title: 'Sagittal', orientation: Enums.OrientationAxis.SAGITTAL },
  { id: 'coronal', title: 'Coronal', orientation: Enums.OrientationAxis.CORONAL },
] as const;
/** Part of its height and width that a slab is thick at most. */
const SLAB_PART = 0.5;
const PLANE_IDS: string[] = PLANES.map(({ id }) => id);

/** The callbacks of the viewer. */
export interface ViewerListener {
  /** A plane was drawn. */
  readonly onPlaneDrawn: () => void;
  /** The stack was drawn. */
  readonly onStackDrawn: () => void;
  /** The window of the planes, passed with each picture. */
  readonly onWindow: (range: Types.VOIRange) => void;
}

/** The three planes, the 3D view and the stack, all in one rendering engine. */
export class Viewer {
  readonly engine = new RenderingEngine(ENGINE_ID);
  readonly #panes = new Map<string, Pane>();
  readonly tools = new Tools();
  readonly #listener: ViewerListener;
  #volume: DrawnVolume | undefined;

  constructor(planes: HTMLElement, stack: HTMLElement, listener: ViewerListener) {
    this.#listener = listener;
    const places = [...PLANES, { id: VOLUME_3D, title: '3D' }];
    places.forEach(({ id, title }) => this.#panes.set(id, new Pane(planes, id, title)));
    this.#panes.set(STACK, new Pane(stack, STACK, 'Stack'));
    this.#panes.forEach(({ element }, id) => {
      this.#listen(id, element);
    });
    new ResizeObserver(() => {
      this.engine.resize(true, true);
    }).observe(planes);
  }

  /** Elements of the viewports in which a point is a voxel, by viewport id. */
  get planeElements(): [viewportId: string, element: HTMLDivElement][] {
    return [...this.#panes]
      .filter(([id]) => id !== VOLUME_3D)
      .map(([id, { element }]) => [id, element]);
  }

  /** The planes that show the open volume. */
  get planeViewports(): Types.IVolumeViewport[] {
    return PLANE_IDS.map((id) => this.engine.getViewport<Types.IVolumeViewport>(id)).filter(
      (plane) => plane.getActors().length > 0,
    );
  }

  get stackElement(): HTMLDivElement {
    return (this.#panes.get(STACK) as Pane).element;
  }

  get stackViewport(): Types.IStackViewport {
    return this.engine.getViewport<Types.IStackViewport>(STACK);
  }

  /** Creates all viewports again, empty. */
  clear(): void {
    this.#volume = undefined;
    this.#panes.forEach((pane) => {
      pane.write({});
    });
    // Workaround: `setViewports` leaves the renderers of former viewports in their windows, and these the volumes that
    // they show (core, RenderingEngine/BaseRenderingEngine.js, `_resetViewport`). Remove when it removes them.
    for (const { id } of this.engine.getViewports()) {
      this.engine.disableElement(id);
    }
    this.engine.setViewports([
      ...PLANES.map(({ id, orientation }) =>
        this.#input(id, Enums.ViewportType.ORTHOGRAPHIC, orientation),
      ),
      this.#input(VOLUME_3D, Enums.ViewportType.VOLUME_3D, Enums.OrientationAxis.CORONAL),
      this.#input(STACK, Enums.ViewportType.STACK),
    ]);
    [...PLANE_IDS, STACK].forEach((id) => {
      this.tools.addPlane(id, ENGINE_ID);
    });
    this.tools.addVolume3D(VOLUME_3D, ENGINE_ID);
    // Cornerstone removes its elements from the tab order.
    this.#panes.forEach(({ element }) => {
      element.tabIndex = 0;
      element.querySelector('svg')?.setAttribute('aria-label', 'Measurements');
    });
    this.engine.render();
  }

  /** Shows a volume, loaded or not, in the planes and in 3D. */
  async showVolume(volume: DrawnVolume): Promise<void> {
    const { volumeId } = volume;
    this.#volume = volume;
    await setVolumesForViewports(this.engine, [{ volumeId }], PLANE_IDS);
    PLANE_IDS.forEach((id) => {
      this.tools.shareWindow(id, ENGINE_ID);
    });
    // The first slice does not wait for the 3D view to be set up on the GPU.
    const isDrawn = nextPicture(this.#axial.element);
    this.engine.renderViewports(PLANE_IDS);
    await isDrawn;
    await setVolumesForViewports(this.engine, [{ volumeId }], [VOLUME_3D]);
    this.#lookAtLargestFace(volume);
    this.#volume3D.setZoom(0.9);
    this.refine(volume);
    this.engine.renderViewport(VOLUME_3D);
  }

  /** Adapts the 3D view to the loaded pixels, and draws it finely when the load has ended and nothing plays. */
  refine(volume: DrawnVolume, isPlaying = false): void {
    const look = volumeLook(volume);
    if (look) {
      this.#volume3D.setProperties({ preset: look.preset as unknown as string });
      this.#volume3D.getActors().forEach(({ actor }) => {
        const mapper = (actor as Types.VolumeActor).getMapper();
        if (look.isMaximum) {
          mapper?.setBlendModeToMaximumIntensity();
        } else {
          mapper?.setBlendModeToComposite();
        }
      });
    }
    setVolumeQuality(this.#volume3D, !isPlaying && isFilled(volume));
  }

  /** Shows images one by one; images of a volume are in the cache and cause no request. */
  async showStack(imageIds: readonly string[], imageIdIndex: number): Promise<void> {
    const stack = this.stackViewport;
    await stack.setStack([...imageIds], imageIdIndex);
    const range = this.#voiRange();
    if (range) {
      // A window equal to the current one does not count as set, and would change with the image.
      stack.setProperties({ voiRange: { ...range, upper: range.upper + 1 } }, true);
      stack.setProperties({ voiRange: range });
      this.tools.shareWindow(STACK, ENGINE_ID);
    }
    stack.render();
  }

  /** Shows an image of the stack that is in the cache. */
  async goToStackImage(imageIdIndex: number): Promise<void> {
    await this.stackViewport.setImageIdIndex(imageIdIndex);
    this.stackViewport.render();
  }

  /** Whether the planes show a volume. */
  shows({ volumeId }: DrawnVolume): boolean {
    return this.#axial.hasVolumeId(volumeId) && this.#axial.getActors().length > 0;
  }

  /** The slice from 0, in volume order, of the acquisition plane, if it is shown. */
  get slice(): number | undefined {
    const plane = this.#acquisitionPlane;
    return plane && this.#volume && sliceAt(this.#volume, plane);
  }

  /** Moves the acquisition plane to a slice from 0, in volume order. */
  goToSlice(sliceIndex: number): void {
    const plane = this.#acquisitionPlane;
    if (plane && this.#volume) {
      moveToSlice(this.#volume, plane, sliceIndex);
    }
  }

  /** Moves all planes through a voxel: its column, row and slice from 0. */
  goToVoxel(voxel: Types.Point3): void {
    const point = this.#volume?.imageData?.indexToWorld(voxel) as Types.Point3 | undefined;
    if (point) {
      this.planeViewports.forEach((plane) => {
        moveToPoint(plane, point);
      });
    }
  }

  /**
   * Moves to another slice in the viewport that has the focus, or else in the acquisition plane.
   *
   * @returns whether a viewport shows slices
   */
  scroll(delta: number): boolean {
    const focused = [...this.#panes].find(([, { element }]) => element === document.activeElement);
    const shownId =
      focused && focused[0] !== VOLUME_3D ? focused[0] : (this.#acquisitionPlane?.id ?? STACK);
    const viewport = this.engine.getViewport(shownId);
    const isShown = viewport.getActors().length > 0;
    if (isShown) {
      utilities.scroll(viewport, { delta });
    }
    return isShown;
  }

  /** Sets the window of the planes; the stack follows. */
  setWindow(voiRange: Types.VOIRange): void {
    this.#axial.setProperties({ voiRange }, this.#volume?.volumeId);
    this.#axial.render();
  }

  /** Some slices make a slab, of which the front of the patient shows an edge only: the 3D view looks along its normal. */
  #lookAtLargestFace({ dimensions, spacing }: DrawnVolume): void {
    const [width = 0, height = 0, depth = 0] = dimensions.map(
      (count, i) => count * (spacing[i] ?? 0),
    );
    const { viewPlaneNormal, viewUp } = this.#acquisitionPlane?.getCamera() ?? {};
    const { focalPoint, position } = this.#volume3D.getCamera();
    if (depth < SLAB_PART * Math.min(width, height) && viewPlaneNormal && focalPoint && position) {
      const distance = vec3.distance(position, focalPoint);
      const moved = vec3.scaleAndAdd(vec3.create(), focalPoint, viewPlaneNormal, distance);
      this.#volume3D.setCamera({ focalPoint, position: moved as Types.Point3, viewUp });
      this.#volume3D.resetCamera();
    }
  }

  get #volume3D(): Types.IVolumeViewport {
    return this.engine.getViewport<Types.IVolumeViewport>(VOLUME_3D);
  }

  get #axial(): Types.IVolumeViewport {
    return this.engine.getViewport<Types.IVolumeViewport>('axial');
  }

  get #acquisitionPlane(): Types.IVolumeViewport | undefined {
    const volume = this.#volume;
    const planes =
      volume && this.planeViewports.filter((plane) => plane.hasVolumeId(volume.volumeId));
    return planes && findAcquisitionPlane(volume, planes);
  }

  #voiRange(): Types.VOIRange | undefined {
    return this.#axial.getProperties(this.#volume?.volumeId)?.voiRange;
  }

  #input(
    viewportId: string,
    type: Enums.ViewportType,
    orientation?: Enums.OrientationAxis,
  ): Types.PublicViewportInput {
    const { element } = this.#panes.get(viewportId) as Pane;
    return { viewportId, type, element, defaultOptions: { ...(orientation && { orientation }) } };
  }

  #listen(viewportId: string, element: HTMLDivElement): void {
    element.addEventListener(Enums.Events.IMAGE_RENDERED, () => {
      this.#viewportDrawn(viewportId);
    });
  }

  #viewportDrawn(viewportId: string): void {
    const viewport = this.engine.getViewport<Types.IVolumeViewport>(viewportId);
    const isEmpty = viewport.getActors().length === 0;
    if (viewportId !== VOLUME_3D) {
      // All texts use the same number for a slice: its index in the volume.
      const slice = this.#acquisitionPlane === viewport ? this.slice : undefined;
      const standIn =
        isEmpty || viewportId === STACK ? undefined : this.#volume?.standInOnScreen?.(viewport);
      const pane = this.#panes.get(viewportId) as Pane;
      // Only the stack has the images of all time points.
      const slices = viewportId === STACK ? this.#volume?.dimensions[2] : undefined;
      pane.write(isEmpty ? {} : planeTexts(viewport, slice, standIn?.shownSliceIndex, slices));
      pane.hasStandIn = standIn !== undefined;
    }
    if (PLANE_IDS.includes(viewportId) && !isEmpty) {
      this.#listener.onPlaneDrawn();
    }
    if (viewportId === STACK && !isEmpty) {
      this.#listener.onStackDrawn();
    }
    const range = viewportId === 'axial' && !isEmpty ? this.#voiRange() : undefined;
    if (range) {
      this.#listener.onWindow(range);
    }
  }
}

/** Of a volume with time points, the current one counts. */
function isFilled(volume: DrawnVolume): boolean {
  return isStreamingDynamicImageVolume(volume)
    ? volume.isDimensionGroupLoaded(volume.dimensionGroupNumber)
    : volume.framesProcessed === volume.imageIds.length;
}

function nextPicture(element: HTMLDivElement): Promise<void> {
  return new Promise((resolve) => {
    element.addEventListener(Enums.Events.IMAGE_RENDERED, () => resolve(), { once: true });
  });
}
