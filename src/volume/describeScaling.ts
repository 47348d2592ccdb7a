import type { FrameMetadata } from '../base/types.js';

/** The `scaling` of a volume as Cornerstone's tools read it; only PET in SUV has one. */
export interface VolumeScaling {
  readonly PT?: {
    readonly suvbw: number;
    readonly suvbwToSuvlbm?: number;
    readonly suvbwToSuvbsa?: number;
  };
}

/**
 * Tells which SUV the voxels of a PET volume are in, and the factors to the other kinds.
 *
 * @param first - the first frame in volume order
 */
export function describeScaling({ scaling }: FrameMetadata): VolumeScaling | undefined {
  const { suvbw, suvlbm, suvbsa } = scaling;
  if (suvbw === undefined) {
    return undefined;
  }
  return {
    PT: {
      suvbw,
      ...(suvlbm === undefined ? {} : { suvbwToSuvlbm: suvlbm / suvbw }),
      ...(suvbsa === undefined ? {} : { suvbwToSuvbsa: suvbsa / suvbw }),
    },
  };
}
