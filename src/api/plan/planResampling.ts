import type {
  EligibilityReason,
  GeometryReport,
  StackMeasures,
} from '../../base/eligibilityReason.js';
import { resampledSliceImageId } from '../../base/sliceImageIds.js';
import type { FrameMetadata, VolumeGeometry } from '../../base/types.js';
import { completeTolerance } from '../../geometry/geometryTolerance.js';
import type { ToleranceOptions } from '../../geometry/geometryTolerance.js';
import { resampleStack } from '../../geometry/resampleStack.js';
import type { GridSlice, SliceSource, VolumeResampling } from '../../geometry/resampleStack.js';
import { rescaledRange } from '../../geometry/voxelType.js';
import { readPaddingValue } from '../../headers/readScaling.js';

/** A volume whose slices are made of frames beside them. */
export interface ResamplingPlan {
  /** In volume order; a slice that is not one unchanged frame has an imageId of its own. */
  readonly frames: readonly FrameMetadata[];
  readonly geometry: VolumeGeometry;
  readonly resampling: VolumeResampling;
  readonly geometryReport: Pick<
    GeometryReport,
    'resampledSlices' | 'shear' | 'leftOut' | 'worstOffsetInMm'
  >;
}

/** Air, which is around every patient in a CT. */
const AIR_IN_HOUNSFIELD_UNITS = -1000;

/**
 * Plans an upright volume on a regular grid, of frames that lie beside its slices.
 *
 * A frame so near to a slice that there would be no warning makes that slice alone. Frames of a tilted stack are
 * moved in plane; the volume is large enough for all of them.
 */
export function planResampling(
  frames: readonly FrameMetadata[],
  reasons: readonly EligibilityReason[],
  stack: StackMeasures,
  tolerance?: ToleranceOptions,
): ResamplingPlan {
  const { spacingInMm, relativeSpacing, samePositionInPixels } = completeTolerance(tolerance);
  const isSheared = reasons.some(({ code }) => code === 'gantry-tilt');
  const { geometry, slices, leftOut, worstOffsetInMm } = resampleStack(frames, {
    spacingInMm: stack.spacingInMm,
    inPlaceInMm:
      Math.max(spacingInMm, relativeSpacing * stack.spacingInMm) + 2 * stack.roundingInMm,
    samePositionInPixels,
    isSheared,
  });
  const [columns, rows] = geometry.dimensions;
  const recipes = slices.map(({ sources }) => steepestFirst(sources, frames));
  const padding = paddingOf(frames);
  const first = frames[0] as FrameMetadata;
  return {
    frames: slices.map((slice, index) =>
      frameOf(slice, recipes[index] as readonly SliceSource[], frames, { columns, rows }),
    ),
    geometry,
    resampling: { sources: frames, slices: recipes, padding },
    geometryReport: {
      resampledSlices: slices.flatMap(({ position, isFrame }, imageIdIndex) =>
        isFrame ? [] : [{ imageIdIndex, positionInMm: position }],
      ),
      shear: isSheared
        ? {
            tiltInDegrees: stack.tiltInDegrees,
            addedColumns: columns - first.columns,
            addedRows: rows - first.rows,
            paddingValue: padding,
          }
        : undefined,
      leftOut: leftOut.flatMap((index) => frames[index]?.imageId ?? []),
      worstOffsetInMm,
    },
  };
}

/** A slice of stored values has the scale of its first source: the steepest, whose steps hold the range of all. */
function steepestFirst(
  sources: readonly SliceSource[],
  frames: readonly FrameMetadata[],
): SliceSource[] {
  const slope = ({ sourceIndex }: SliceSource): number =>
    Math.abs(frames[sourceIndex]?.rescale.slope ?? 0);
  return sources.toSorted((a, b) => slope(b) - slope(a));
}

function frameOf(
  { position, isFrame }: GridSlice,
  sources: readonly SliceSource[],
  frames: readonly FrameMetadata[],
  { columns, rows }: { readonly columns: number; readonly rows: number },
): FrameMetadata {
  const [neighbour, ...others] = sources.flatMap(({ sourceIndex }) => frames[sourceIndex] ?? []);
  if (isFrame || !neighbour) {
    return neighbour as FrameMetadata;
  }
  const sourceImageIds = [neighbour, ...others].map(({ imageId }) => imageId);
  return {
    ...neighbour,
    imageId: resampledSliceImageId({ position, columns, rows, sourceImageIds }),
    columns,
    rows,
    imagePositionPatient: position,
  };
}

/** A value that every frame can have, so that the padding needs no other voxel type. */
function paddingOf(frames: readonly FrameMetadata[]): number {
  const [first] = frames as readonly [FrameMetadata, ...FrameMetadata[]];
  const stored = readPaddingValue(first.imageId);
  const { slope, intercept } = first.rescale;
  const background = first.modality === 'CT' ? AIR_IN_HOUNSFIELD_UNITS : 0;
  const wanted = stored === undefined ? background : stored * slope + intercept;
  const ranges = frames.map(rescaledRange);
  const lowest = Math.min(...ranges.map(({ min }) => min));
  const highest = Math.max(...ranges.map(({ max }) => max));
  return Math.min(highest, Math.max(lowest, wanted));
}
