import { Enums, RenderingEngine, setVolumesForViewports } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import type { MeasuredVolume } from './volumes.js';

/** Width and height in pixels: small, as the processor draws where there is no graphics card. */
const SIZE = 256;
/** In 3D each pixel is a ray through the whole volume. */
const SIZE_3D = 128;

/**
 * A preset of Cornerstone for a volume in 3D, without shading, which reads six more voxels at each step of a ray: too
 * much for a processor that draws.
 */
export function unshadedPreset(preset: {
  readonly name: string;
  readonly colorTransfer: string;
  readonly scalarOpacity: string;
}) {
  return {
    ...preset,
    gradientOpacity: '4 0 1 255 1',
    ambient: '1',
    diffuse: '0',
    specular: '0',
    specularPower: '1',
    shade: '0',
    interpolation: '1',
  };
}

/** The id of the viewport that shows a volume in 3D. */
export const VIEWPORT_3D = '3d';

export type ViewportId = Enums.OrientationAxis | typeof VIEWPORT_3D;

/** A viewport of a plane or in 3D, which have the members that are used. */
export type AnyViewport = Types.IVolumeViewport;

let engine: RenderingEngine | undefined;

/** The rendering engine of the page, created by the first call and kept. */
function getRenderingEngine(): RenderingEngine {
  engine ??= new RenderingEngine('bench');
  return engine;
}

interface ViewportOptions {
  /** Is added to the page. Default: a new one. */
  readonly element?: HTMLDivElement;
  /** The direction of view of a viewport in 3D. Default: Cornerstone's. */
  readonly orientation?: Enums.OrientationAxis;
  /** Whether the rays of a viewport in 3D are parallel. Default: false. */
  readonly isParallel?: boolean;
}

/**
 * Opens a viewport.
 *
 * @param viewportId - the orientation of a plane, or `VIEWPORT_3D`
 */
export function openViewport(
  viewportId: ViewportId,
  { element = document.createElement('div'), orientation, isParallel }: ViewportOptions = {},
): AnyViewport {
  const size = `${viewportId === VIEWPORT_3D ? SIZE_3D : SIZE}px`;
  Object.assign(element.style, { width: size, height: size });
  document.body.append(element);
  const background: Types.RGB = [0, 0, 0];
  getRenderingEngine().enableElement({
    viewportId,
    element,
    ...(viewportId === VIEWPORT_3D
      ? {
          type: Enums.ViewportType.VOLUME_3D,
          defaultOptions: {
            background,
            ...(orientation && { orientation }),
            ...(isParallel && { parallelProjection: true }),
          },
        }
      : {
          type: Enums.ViewportType.ORTHOGRAPHIC,
          defaultOptions: { orientation: viewportId, background },
        }),
  });
  return getRenderingEngine().getViewport<AnyViewport>(viewportId);
}

/** Disables a viewport and removes its element; the rendering engine is kept. */
export function closeViewport({ id, element }: AnyViewport): void {
  getRenderingEngine().disableElement(id);
  element.remove();
}

/** Shows a volume, loaded or not, in viewports. */
export async function setVolume(
  { volumeId }: MeasuredVolume,
  viewports: readonly AnyViewport[],
): Promise<void> {
  await setVolumesForViewports(
    getRenderingEngine(),
    [{ volumeId }],
    viewports.map(({ id }) => id),
  );
}

/** @param place - column and row as parts of their numbers, and the slice from 0 */
export function worldOf(
  { imageData, dimensions }: MeasuredVolume,
  [column, row, slice]: Types.Point3,
): Types.Point3 {
  const index: Types.Point3 = [column * dimensions[0], row * dimensions[1], slice];
  return imageData?.indexToWorld(index) as Types.Point3;
}
