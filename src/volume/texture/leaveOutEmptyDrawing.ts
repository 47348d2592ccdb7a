import { mappersWith } from './RenderWindow.js';
import type { Mapper, RenderWindow } from './RenderWindow.js';

/** The members of vtk.js's texture that mappers call around their drawing. */
interface ActivatedTexture {
  activate(): void;
  deactivate(): void;
}

/**
 * Leaves out the drawing of a whole volume that has no slice yet: its rays would go through nothing, which takes as
 * long as through voxels, seconds without a graphics card, and the first slice of other viewports would wait.
 *
 * @param texture - its members are replaced
 * @param emptyWindow - the window that the texture is drawn in, where it has no slice there; otherwise undefined
 */
export function leaveOutEmptyDrawing(
  texture: ActivatedTexture,
  emptyWindow: () => RenderWindow | undefined,
): void {
  const { activate, deactivate } = texture;
  let discarding: WebGL2RenderingContext | undefined;
  texture.activate = () => {
    activate();
    const window = emptyWindow();
    const gl = window?.getContext();
    if (window && gl && drawsWholeVolumes(window, texture)) {
      gl.enable(gl.RASTERIZER_DISCARD);
      discarding = gl;
    }
  };
  texture.deactivate = () => {
    discarding?.disable(discarding.RASTERIZER_DISCARD);
    discarding = undefined;
    deactivate();
  };
}

/** Whether all that is drawn with a texture now are volumes in 3D. */
function drawsWholeVolumes(window: RenderWindow, texture: object): boolean {
  const drawing = mappersWith(window, texture, (renderer) => renderer.getDraw());
  return drawing.length > 0 && drawing.every(drawsWholeVolume);
}

/** Planes have clipping planes before and behind the slab. */
function drawsWholeVolume(mapper: Mapper): boolean {
  return (
    mapper.getSampleDistance !== undefined &&
    mapper.getNumberOfInputPorts() === 1 &&
    mapper.getClippingPlanes().length === 0
  );
}
