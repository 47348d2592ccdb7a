import { utilities } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import { utilities as toolUtilities } from '@cornerstonejs/tools';
import { vec3 } from 'gl-matrix';
import type { PaneTexts } from './pane.js';

const { getOrientationStringLPS, invertOrientationStringLPS } = toolUtilities.orientation;

/**
 * Windows below this width are of SUV or dose: the width of whole numbers (PS3.3 C.11.2.1.2), of which both ends
 * count, would be wrong by 1.
 */
const NARROW_WINDOW = 100;

/**
 * The texts over a plane: slice, window, and the directions of the patient.
 *
 * @param sliceIndex - from 0; default: the index of the viewport, which counts from the far end of the view
 * @param shownSliceIndex - the slice that is shown in place of this one, until it is loaded
 * @param slicesPerTimePoint - how many images of a stack are one time point; default: all
 */
export function planeTexts(
  viewport: Types.IVolumeViewport | Types.IStackViewport,
  sliceIndex = viewport.getSliceIndex(),
  shownSliceIndex?: number,
  slicesPerTimePoint = viewport.getNumberOfSlices(),
): PaneTexts {
  const total = Math.min(viewport.getNumberOfSlices(), slicesPerTimePoint);
  const note = shownSliceIndex === undefined ? '' : ` (shown: ${shownSliceIndex + 1})`;
  return {
    slice: total > 0 ? `Slice ${(sliceIndex % total) + 1} / ${total}${note}` : '',
    window: windowText(viewport.getProperties()?.voiRange),
    ...edgeTexts(viewport.getCamera()),
  };
}

function windowText(range: Types.VOIRange | undefined): string {
  if (!range) {
    return '';
  }
  const { lower, upper } = range;
  if (upper - lower < NARROW_WINDOW) {
    return `W ${decimalText(upper - lower)}  L ${decimalText((lower + upper) / 2)}`;
  }
  const { windowWidth, windowCenter } = utilities.windowLevel.toWindowLevel(lower, upper);
  return `W ${Math.round(windowWidth)}  L ${Math.round(windowCenter)}`;
}

function decimalText(value: number): string {
  return String(Number(value.toFixed(1)));
}

/** The patient's directions (PS3.3 C.7.6.1.1.1) at the edges of the picture. */
function edgeTexts({ viewUp, viewPlaneNormal }: Types.ICamera): PaneTexts {
  if (!viewUp || !viewPlaneNormal) {
    return {};
  }
  const toRight = vec3.cross(vec3.create(), viewUp, viewPlaneNormal);
  const top = mainDirection(viewUp);
  const right = mainDirection([toRight[0], toRight[1], toRight[2]]);
  return {
    top,
    right,
    bottom: invertOrientationStringLPS(top),
    left: invertOrientationStringLPS(right),
  };
}

/** Oblique directions have two or three letters, the main one first. */
function mainDirection(direction: Types.Point3): string {
  return getOrientationStringLPS(direction).slice(0, 1);
}
