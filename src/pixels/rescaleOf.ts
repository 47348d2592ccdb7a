import type { LinearRescale } from '../base/types.js';
import type { PreScaleOption } from './DecodedFrame.js';

/** The rescale that a loader is asked to apply; undefined when it is to give stored values. */
export function rescaleOf(preScale: PreScaleOption | undefined): LinearRescale | undefined {
  const scaling = preScale?.enabled ? preScale.scalingParameters : undefined;
  return scaling && { slope: scaling.rescaleSlope, intercept: scaling.rescaleIntercept };
}
