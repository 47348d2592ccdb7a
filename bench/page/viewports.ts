import { Enums, RenderingEngine } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import type { MeasuredVolume } from './volumes.js';

/** Width and height in pixels: small, as the processor draws where there is no graphics card. */
const SIZE = 256;

let engine: RenderingEngine | undefined;

/** The rendering engine of the page, created by the first call and kept. */
export function getRenderingEngine(): RenderingEngine {
  engine ??= new RenderingEngine('bench');
  return engine;
}

/** Opens a viewport whose id is its orientation, and adds its element to the page. */
export function openViewport(
  orientation: Enums.OrientationAxis,
  element: HTMLDivElement,
): Types.IVolumeViewport {
  Object.assign(element.style, { width: `${SIZE}px`, height: `${SIZE}px` });
  document.body.append(element);
  getRenderingEngine().enableElement({
    viewportId: orientation,
    element,
    type: Enums.ViewportType.ORTHOGRAPHIC,
    defaultOptions: { orientation, background: [0, 0, 0] },
  });
  return getRenderingEngine().getViewport<Types.IVolumeViewport>(orientation);
}

/** @param place - column and row as parts of their numbers, and the slice from 0 */
export function worldOf(
  { imageData, dimensions }: MeasuredVolume,
  [column, row, slice]: Types.Point3,
): Types.Point3 {
  const index: Types.Point3 = [column * dimensions[0], row * dimensions[1], slice];
  return imageData?.indexToWorld(index) as Types.Point3;
}
