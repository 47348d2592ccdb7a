import { mappersWith } from './RenderWindow.js';
import type { Mapper, RenderWindow } from './RenderWindow.js';

/**
 * Leaves out the drawing of a whole volume that has no slice yet: its rays would go through nothing, which takes as
 * long as through voxels, seconds without a graphics card, and the first slice of other viewports would wait.
 */
export class EmptyDrawing {
  #gl: WebGL2RenderingContext | undefined;

  /**
   * To be called when a mapper has bound the empty texture of a volume, before it draws.
   *
   * @param window - that is drawn
   */
  begin(window: RenderWindow, texture: object): void {
    const gl = window.getContext();
    const drawing = mappersWith(window, texture, (renderer) => renderer.getDraw());
    if (gl && drawing.length > 0 && drawing.every(drawsWholeVolume)) {
      gl.enable(gl.RASTERIZER_DISCARD);
      this.#gl = gl;
    }
  }

  /** To be called when a mapper has drawn; may be called without {@link begin}. */
  end(): void {
    this.#gl?.disable(this.#gl.RASTERIZER_DISCARD);
    this.#gl = undefined;
  }
}

/** Whether a mapper draws one volume in 3D: planes have clipping planes before and behind the slab. */
function drawsWholeVolume(mapper: Mapper): boolean {
  return (
    mapper.getSampleDistance !== undefined &&
    mapper.getNumberOfInputPorts() === 1 &&
    mapper.getClippingPlanes().length === 0
  );
}
