/** Whether the voxels of PET are made SUV by body weight. */
export type SuvChoice = 'auto' | 'off';

/**
 * Why the voxels of a PET volume are not SUV, as a stable word.
 *
 * - `switched-off`: the option `suv` is `off`
 * - `header-missing`: an attribute that SUV is computed of is missing, or is no number above 0
 * - `units`: Units (0054,1001) is neither BQML, nor CNTS with a scale factor of Philips, nor GML
 * - `suv-type`: the stored values are SUV, but not by body weight
 * - `not-corrected`: the images are not corrected for attenuation and decay
 * - `decay-correction`: Decay Correction (0054,1102) is neither START nor ADMIN
 * - `injection`: the injection is later than the scan or so early that nothing is left of the dose, or there are
 *   several
 */
export type NoSuvCode =
  | 'switched-off'
  | 'header-missing'
  | 'units'
  | 'suv-type'
  | 'not-corrected'
  | 'decay-correction'
  | 'injection';

/** Why the voxels of a PET volume are not SUV. */
export interface NoSuvReason {
  readonly code: NoSuvCode;
  /** A sentence with the attribute, its value and the first imageId. */
  readonly message: string;
  /** The frames that have no SUV factor; all of them for `switched-off`. */
  readonly imageIds: readonly string[];
}

/** What the voxels of a PET volume mean. All slices of a volume have the same meaning. */
export interface ScalingReport {
  /**
   * `SUV` by body weight in g/ml (PS3.3 C.8.9.1.1.3); otherwise Units (0054,1001) of the rescaled values, such as
   * `BQML`, and undefined where no header states it.
   */
  readonly units: string | undefined;
  /**
   * Origin of the SUV factor: the `scalingModule` of an application's metadata provider, or the headers. Undefined
   * where the voxels are not SUV.
   */
  readonly suvFrom: 'provider' | 'headers' | undefined;
  /** Undefined where the voxels are SUV. */
  readonly reason: NoSuvReason | undefined;
}
