import { mappersWith } from './RenderWindow.js';
import type { RenderWindow, ViewNode } from './RenderWindow.js';

/**
 * Fields of the mappers' view nodes, of vtk.js and of Cornerstone, that hold the objects that textures were made of:
 * colours, opacities and label outlines of volume mappers, colours and opacities of reslice mappers.
 */
const SHARED = [
  '_colorTextureCore',
  '_opacityTextureCore',
  '_labelOutlineThicknessTextureCore',
  '_pwfTextureCore',
] as const;

/** The resources of one view node in its window. */
interface Held {
  /** The objects that it is registered with as a user of shared textures. */
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
 * Workaround: the mappers register as users of these textures with the render window, and do not unregister when
 * their view nodes are deleted: `vtkStreamingOpenGLVolumeMapper` (core, RenderingEngine/vtkClasses) counts in a map
 * of its own, and the `delete` of vtk.js's `vtkOpenGLVolumeMapper` reads another one. This class unregisters them.
 * Remove when deleting a view node frees its textures.
 */
export class MapperResources {
  readonly #nodes = new Map<RenderWindow, Map<ViewNode, Held>>();

  /** Finds the view nodes that draw with a texture in a window, and watches them from now on. */
  watch(window: RenderWindow, texture: object): void {
    this.#releaseWhere(window, (node) => node.isDeleted());
    for (const node of drawingNodes(window, texture)) {
      if (!this.#nodes.get(window)?.has(node)) {
        this.#add(window, node);
      }
    }
  }

  /**
   * Frees the resources of the watched view nodes in a window. A view node that is drawn once more makes them
   * again.
   */
  release(window: RenderWindow): void {
    this.#releaseWhere(window, () => true);
  }

  #add(window: RenderWindow, node: ViewNode): void {
    const { unsubscribe } = node.onEvent(() => {
      // The event comes before the node builds its resources, in the same task.
      queueMicrotask(() => {
        this.#readAnew(window, node);
      });
    });
    const nodes = this.#nodes.get(window) ?? new Map<ViewNode, Held>();
    this.#nodes.set(window, nodes.set(node, { ...readHeld(node), stopWatching: unsubscribe }));
    // The event of the present drawing is over.
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
  return mappersWith(window, texture)
    .map((mapper) => window.getViewNodeFor(mapper))
    .filter((node) => node !== undefined);
}

function readHeld(node: ViewNode): Pick<Held, 'shared' | 'jitter'> {
  const fields = node.get(...SHARED, 'jitterTexture');
  return {
    shared: SHARED.map((name) => fields[name]).filter((object) => object instanceof Object),
    jitter: fields['jitterTexture'] as OwnTexture | undefined,
  };
}
