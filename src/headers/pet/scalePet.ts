import type { NoSuvReason, ScalingReport, SuvChoice } from '../../base/scalingReport.js';
import type { FrameMetadata } from '../../base/types.js';
import { findFrameHeader } from '../frameHeader.js';
import type { FrameHeader } from '../frameHeader.js';
import { toLinearRescale } from '../readScaling.js';
import { readFrameMetadata } from '../readFrameMetadata.js';
import type { FrameMetadataReading } from '../readFrameMetadata.js';
import { computeSuvFactors } from './computeSuvFactors.js';
import { readPetHeader } from './readPetHeader.js';
import type { PetHeader } from './readPetHeader.js';
import { computeSuvBy, isNoSuv, keepSuv } from './suvProvider.js';
import type { NoSuv, SuvFactors } from './suvProvider.js';

/**
 * Reads the headers of every imageId as {@link readFrameMetadata} does, with PET scaled to SUV.
 *
 * @param suv - default `auto`
 */
export function readScaledFrames(
  imageIds: readonly string[],
  suv: SuvChoice = 'auto',
): FrameMetadataReading {
  computeSuvBy(computeOfImage);
  const { frames, missing } = readFrameMetadata(imageIds);
  return { frames: scalePet(frames, suv), missing };
}

/**
 * Scales PET frames to SUV, all of a series or none: by the factors that they have of an application's metadata
 * provider, or else by those that are computed of the headers. Frames of other modalities are left as they are.
 *
 * The start of a scan may be that of its earliest frame; so all frames of the series should be in the list, or have
 * been in an earlier one.
 *
 * @param frames - as `readScaling` scales them, in any order; not changed
 */
function scalePet(frames: readonly FrameMetadata[], choice: SuvChoice): FrameMetadata[] {
  const bySeries = new Map<string | undefined, FrameMetadata[]>();
  for (const frame of frames.filter(isPet)) {
    const series = bySeries.get(frame.seriesInstanceUID) ?? [];
    series.push(frame);
    bySeries.set(frame.seriesInstanceUID, series);
  }
  const scaled = new Map<FrameMetadata, FrameMetadata>();
  for (const series of bySeries.values()) {
    scaleSeries(series, choice).forEach((frame, index) => {
      scaled.set(series[index] as FrameMetadata, frame);
    });
  }
  return frames.map((frame) => scaled.get(frame) ?? frame);
}

function isPet({ modality }: FrameMetadata): boolean {
  return modality === 'PT';
}

interface PetFrame {
  readonly frame: FrameMetadata;
  readonly header: FrameHeader | undefined;
  readonly pet: PetHeader;
}

function scaleSeries(series: readonly FrameMetadata[], choice: SuvChoice): FrameMetadata[] {
  const petFrames = series.map((frame): PetFrame => {
    const header = findFrameHeader(frame.imageId);
    return { frame, header, pet: readPetHeader(frame.imageId, header) };
  });
  const found = choice === 'off' ? petFrames.map(switchOff) : findFactors(petFrames);
  const factors = found.filter((each): each is SuvFactors => !isNoSuv(each));
  if (factors.length === series.length) {
    const isProvided = series.every(({ scaling }) => scaling.suvbw !== undefined);
    const suvFrom = isProvided ? ('provider' as const) : ('headers' as const);
    const scalingReport = { units: 'SUV', suvFrom, reason: undefined };
    return series.map((frame, index) => rescaled(frame, factors[index], scalingReport));
  }
  const scalingReport = {
    units: petFrames[0]?.pet.units,
    suvFrom: undefined,
    reason: toReason(series, found),
  };
  return series.map((frame) => rescaled(frame, undefined, scalingReport));
}

function rescaled(
  frame: FrameMetadata,
  factors: SuvFactors | undefined,
  scalingReport: ScalingReport,
): FrameMetadata {
  const { rescaleSlope, rescaleIntercept } = frame.scaling;
  const scaling = { modality: 'PT', rescaleSlope, rescaleIntercept, ...factors };
  return { ...frame, scaling, rescale: toLinearRescale(scaling), scalingReport };
}

function switchOff({ header }: PetFrame): NoSuv {
  const result: NoSuv = { code: 'switched-off', why: "the option suv is 'off'" };
  if (header) {
    keepSuv(header, result);
  }
  return result;
}

/** The earliest acquisition of the series that a data set is of, as far as it was known when the series was read. */
const earliestKnown = new WeakMap<object, number>();

function findFactors(petFrames: readonly PetFrame[]): (SuvFactors | NoSuv)[] {
  const acquired = petFrames.flatMap(({ header, pet }) => [
    pet.acquiredAt ?? Infinity,
    (header && earliestKnown.get(header.source)) ?? Infinity,
  ]);
  const earliest = acquired.reduce((a, b) => Math.min(a, b), Infinity);
  return petFrames.map(({ frame, header, pet }) => {
    const computed = computeSuvFactors(pet, Number.isFinite(earliest) ? earliest : undefined);
    if (header) {
      earliestKnown.set(header.source, earliest);
      keepSuv(header, computed);
    }
    const { suvbw, suvlbm, suvbsa } = frame.scaling;
    return suvbw === undefined
      ? computed
      : { suvbw, ...(suvlbm !== undefined && { suvlbm }), ...(suvbsa !== undefined && { suvbsa }) };
  });
}

function toReason(
  series: readonly FrameMetadata[],
  found: readonly (SuvFactors | NoSuv)[],
): NoSuvReason | undefined {
  const imageIds = series.flatMap(({ imageId }, index) =>
    isNoSuv(found[index] as SuvFactors | NoSuv) ? [imageId] : [],
  );
  const first = found.find(isNoSuv);
  return (
    first && {
      code: first.code,
      message:
        `${imageIds.length} of ${series.length} PET images have no SUV factor, so that the voxels are the rescaled ` +
        `values: ${first.why} (first: ${imageIds[0]}). A metadata provider of the application can give the factor: ` +
        `suvbw of the scalingModule`,
      imageIds,
    }
  );
}

/** For a frame of which the series was not read. */
function computeOfImage(imageId: string, header: FrameHeader | undefined): SuvFactors | NoSuv {
  const pet = readPetHeader(imageId, header);
  const result = computeSuvFactors(pet, pet.acquiredAt);
  if (header) {
    keepSuv(header, result);
  }
  return result;
}
