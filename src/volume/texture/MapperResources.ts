import type { RenderWindow, ViewNode } from './RenderWindow.js';

/**
 * Fields of the mappers' view nodes, of vtk.js and of Cornerstone, that name what a texture was made of:
 * colours, opacities and label outlines of volume mappers, colours and opacities of reslice mappers.
 */
const SHARED = [
  '_colorTextureCore',
  '_opacityTextureCore',
  '_labelOutlineThicknessTextureCore',
  '_pwfTextureCore',
] as const;

/** What one view node has in its window. */
interface Held {
  /** What it is registered with as a user of textures that view nodes share. */
  shared: readonly object[];
  /** The texture of a volume mapper's noise, which is its own. */
  jitter: OwnTexture | undefined;
  readonly stopWatching: () => void;
}

interface OwnTexture {
  releaseGraphicsResources(window: RenderWindow): void;
}

/**
 * The small textures that Cornerstone's mappers make beside that of the volume, where they draw it.
 *
 * The mappers register as users of these with the render window, and do not take that back when their
 * view nodes are deleted: `vtkStreamingOpenGLVolumeMapper` counts in a map of its own, and the `delete`
 * of vtk.js's `vtkOpenGLVolumeMapper` looks at another. Here it is seen to that they go.
 */
export class MapperResources {
  readonly #nodes = new Map<RenderWindow, Map<ViewNode, Held>>();

  /** Looks for the view nodes that draw with a texture in a window, and watches them from now on. */
  watch(window: RenderWindow, texture: object): void {
    this.#releaseWhere(window, (node) => node.isDeleted());
    for (const node of drawingNodes(window, texture)) {
      if (!this.#nodes.get(window)?.has(node)) {
        this.#add(window, node);
      }
    }
  }

  /**
   * Frees what the view nodes that were watched have in a window. Those that are drawn once more make it
   * anew.
   */
  release(window: RenderWindow): void {
    this.#releaseWhere(window, () => true);
  }

  #add(window: RenderWindow, node: ViewNode): void {
    const { unsubscribe } = node.onEvent(() => {
      // The event comes before the node builds what it draws with, in the same task.
      queueMicrotask(() => {
        this.#readAnew(window, node);
      });
    });
    const nodes = this.#nodes.get(window) ?? new Map<ViewNode, Held>();
    this.#nodes.set(window, nodes.set(node, { ...readHeld(node), stopWatching: unsubscribe }));
    // The event of this time is over.
    queueMicrotask(() => {
      this.#readAnew(window, node);
    });
  }

  #readAnew(window: RenderWindow, node: ViewNode): void {
    const held = this.#nodes.get(window)?.get(node);
    if (held && !node.isDeleted()) {
      Object.assign(held, readHeld(node));
    }
  }

  #releaseWhere(window: RenderWindow, isToGo: (node: ViewNode) => boolean): void {
    const nodes = this.#nodes.get(window) ?? new Map<ViewNode, Held>();
    for (const [node, { shared, jitter, stopWatching }] of nodes) {
      if (isToGo(node)) {
        nodes.delete(node);
        stopWatching();
        if (!window.isDeleted()) {
          shared.forEach((object) => {
            window.unregisterGraphicsResourceUser(object, node);
          });
          jitter?.releaseGraphicsResources(window);
        }
      }
    }
    if (nodes.size === 0) {
      this.#nodes.delete(window);
    }
  }
}

/** The view nodes of the mappers that draw with a texture. */
function drawingNodes(window: RenderWindow, texture: object): ViewNode[] {
  const renderers = window.getRenderable()?.getRenderersByReference() ?? [];
  return renderers
    .flatMap((renderer) => renderer.getViewProps())
    .map((actor) => actor.getMapper?.())
    .filter((mapper) => mapper?.getScalarTexture?.() === texture)
    .map((mapper) => window.getViewNodeFor(mapper as object))
    .filter((node) => node !== undefined);
}

function readHeld(node: ViewNode): Pick<Held, 'shared' | 'jitter'> {
  const fields = node.get(...SHARED, 'jitterTexture');
  return {
    shared: SHARED.map((name) => fields[name]).filter((object) => object instanceof Object),
    jitter: fields['jitterTexture'] as OwnTexture | undefined,
  };
}
