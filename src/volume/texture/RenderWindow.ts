/** The members that are used of vtk.js's vtkOpenGLRenderWindow; its types lack some of them. */
export interface RenderWindow {
  isDeleted(): boolean;
  getContext(): WebGL2RenderingContext | null;
  getContainer(): HTMLElement | null | undefined;
  getCanvas(): HTMLCanvasElement | null;
  onModified(callback: () => void): { unsubscribe(): void };
  activateTexture(texture: object): void;
  deactivateTexture(texture: object): void;
  /** The scene that is drawn in the window. */
  getRenderable(): Scene | null;
  getViewNodeFor(object: object): ViewNode | undefined;
  /** Drops one user of the resources that were made of an object; the last one frees them (reference count). */
  unregisterGraphicsResourceUser(object: object, user: ViewNode): void;
}

/** The members that are used of vtk.js's vtkRenderWindow. */
interface Scene {
  getRenderersByReference(): readonly Renderer[];
}

/** The members that are used of vtk.js's vtkRenderer: the picture of one viewport. */
interface Renderer {
  /** Whether the next render of the window draws it; Cornerstone's engines choose so among viewports. */
  getDraw(): boolean;
  getViewProps(): readonly { getMapper?(): Mapper | null }[];
}

/** The members that are used of vtk.js's mappers. */
export interface Mapper {
  getScalarTexture?(): object | null;
  getNumberOfInputPorts(): number;
  getClippingPlanes(): readonly object[];
  /** Only of mappers that cast rays. */
  getSampleDistance?(): number;
}

/**
 * The mappers that draw with a texture in a window.
 *
 * @param isMeant - which renderers count. Default: all
 */
export function mappersWith(
  window: RenderWindow,
  texture: object,
  isMeant: (renderer: Renderer) => boolean = () => true,
): Mapper[] {
  const renderers = window.getRenderable()?.getRenderersByReference() ?? [];
  return renderers
    .filter(isMeant)
    .flatMap((renderer) => renderer.getViewProps())
    .map((actor) => actor.getMapper?.())
    .filter((mapper) => mapper !== null && mapper !== undefined)
    .filter((mapper) => mapper.getScalarTexture?.() === texture);
}

/** The object that draws a part of the scene in one window, such as vtk.js's vtkOpenGLVolumeMapper. */
export interface ViewNode {
  isDeleted(): boolean;
  get(...fields: string[]): Record<string, unknown>;
  /** Called when the node begins to draw. */
  onEvent(callback: () => void): { unsubscribe(): void };
}

/** Frees the resources of a render window. */
interface WindowResources {
  release(window: RenderWindow): void;
}

/**
 * Releases a window's resources when the window is taken out of its page, which is the first step of its
 * deletion, or when its WebGL context is lost or restored: both end with a context
 * without the old textures.
 *
 * @param resources - held weakly, so that a window does not keep a volume alive
 * @returns ends the watch
 */
export function watchRenderWindow(window: RenderWindow, resources: WindowResources): () => void {
  const owner = new WeakRef(resources);
  const release = () => owner.deref()?.release(window);

  let hadContainer = Boolean(window.getContainer());
  const subscription = window.onModified(() => {
    const hasContainer = Boolean(window.getContainer());
    if (hadContainer && !hasContainer) {
      release();
    }
    hadContainer = hasContainer;
  });

  const canvas = window.getCanvas();
  canvas?.addEventListener('webglcontextlost', release);
  canvas?.addEventListener('webglcontextrestored', release);

  return () => {
    subscription.unsubscribe();
    canvas?.removeEventListener('webglcontextlost', release);
    canvas?.removeEventListener('webglcontextrestored', release);
  };
}
