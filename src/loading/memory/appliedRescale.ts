import { toLinearRescale } from '../../headers/readScaling.js';
import type { LinearRescale, ScalingParameters } from '../../base/types.js';

/**
 * The one linear map that an image loader has applied with these parameters: it takes factors only for
 * the modality that they are of, as dicom-image-loader's worker does.
 */
export function appliedRescale(scaling: ScalingParameters): LinearRescale {
  const { modality, suvbw, doseGridScaling, ...rest } = scaling;
  return toLinearRescale({
    ...rest,
    ...(modality === 'PT' && isFactor(suvbw) ? { suvbw } : {}),
    ...(modality === 'RTDOSE' && isFactor(doseGridScaling) ? { doseGridScaling } : {}),
  });
}

function isFactor(value: number | undefined): value is number {
  return Number.isFinite(value);
}
