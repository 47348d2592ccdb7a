import type { VolumeDataType } from '../../base/types.js';
import type { StreamingVolumeProps, VolumeMemory } from '../StreamingVolumeProps.js';

/** One time point, as the headers describe it. */
export type TimePointProps = Omit<StreamingVolumeProps, keyof VolumeMemory>;

/** All that a volume of time points is made of; known from the headers alone. */
export interface DynamicVolumeProps {
  /** In the order of play, at least one; all with the same geometry, voxel types and settings. */
  readonly timePoints: readonly [TimePointProps, ...TimePointProps[]];
  /** What tells the time points apart, as core names it; null where there is one time point. */
  readonly splittingTag: string | null;
  /** Most bytes of the voxels of all time points together; undefined for what Cornerstone's cache allows. */
  readonly timePointBudgetInBytes: number | undefined;
  /**
   * Reserves and allocates the memory of one time point.
   *
   * @param dataType - of the voxels at first
   * @param takesSpare - whether other volumes release time points that are not shown for it
   * @throws StreamingVolumeError with code `cache-size-exceeded` or `allocation-failed`
   */
  readonly allocate: (
    timePoint: TimePointProps,
    dataType: VolumeDataType,
    takesSpare: boolean,
  ) => VolumeMemory;
}
