import type { Types } from '@cornerstonejs/core';
import { vec3 } from 'gl-matrix';
import type { DrawnVolume } from './drawnVolume.js';

/** The viewport whose line of sight is nearest to the normal of the acquired slices. */
export function findAcquisitionPlane(
  volume: DrawnVolume,
  viewports: readonly Types.IVolumeViewport[],
): Types.IVolumeViewport | undefined {
  let found: Types.IVolumeViewport | undefined;
  let best = 0;
  for (const viewport of viewports) {
    const straightness = Math.abs(alongNormal(volume, viewport));
    if (straightness > best) {
      best = straightness;
      found = viewport;
    }
  }
  return found;
}

/** The slice from 0, in volume order, nearest to the focal point of a viewport. */
export function sliceAt(volume: DrawnVolume, viewport: Types.IVolumeViewport): number | undefined {
  const slice = sliceCoordinate(volume, viewport);
  return slice === undefined ? undefined : Math.round(slice);
}

/** Moves a viewport along its line of sight until its focal point is on a slice; pan and zoom stay. */
export function moveToSlice(
  volume: DrawnVolume,
  viewport: Types.IVolumeViewport,
  sliceIndex: number,
): void {
  const slice = sliceCoordinate(volume, viewport);
  if (slice === undefined) {
    return;
  }
  moveBy(viewport, ((sliceIndex - slice) * volume.spacing[2]) / alongNormal(volume, viewport));
}

/** Moves a viewport along its line of sight until a point in mm is in its plane; pan and zoom stay. */
export function moveToPoint(viewport: Types.IVolumeViewport, point: Types.Point3): void {
  const { focalPoint, viewPlaneNormal } = viewport.getCamera();
  if (focalPoint && viewPlaneNormal) {
    moveBy(viewport, vec3.dot(vec3.subtract(vec3.create(), point, focalPoint), viewPlaneNormal));
  }
}

/** @param distance - in mm, in the direction of the normal */
function moveBy(viewport: Types.IVolumeViewport, distance: number): void {
  const { focalPoint, position, viewPlaneNormal } = viewport.getCamera();
  if (!focalPoint || !position || !viewPlaneNormal) {
    return;
  }
  const move = (point: Types.Point3): Types.Point3 =>
    vec3.scaleAndAdd([0, 0, 0], point, viewPlaneNormal, distance) as Types.Point3;
  viewport.setCamera({ focalPoint: move(focalPoint), position: move(position) });
  viewport.render();
}

/** Cosine of the angle between the line of sight and the normal of the slices. */
function alongNormal({ direction }: DrawnVolume, viewport: Types.IVolumeViewport): number {
  const { viewPlaneNormal } = viewport.getCamera();
  const normal: Types.Point3 = [direction[6], direction[7], direction[8]];
  return viewPlaneNormal ? vec3.dot(viewPlaneNormal, normal) : 0;
}

function sliceCoordinate(
  { imageData }: DrawnVolume,
  viewport: Types.IVolumeViewport,
): number | undefined {
  const { focalPoint } = viewport.getCamera();
  return focalPoint ? imageData?.worldToIndex(focalPoint)[2] : undefined;
}
