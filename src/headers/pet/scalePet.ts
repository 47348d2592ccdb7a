import type { NoSuvReason, SuvChoice } from '../../base/scalingReport.js';
import type { FrameMetadata } from '../../base/types.js';
import { findFrameHeader } from '../frameHeader.js';
import type { FrameHeader } from '../frameHeader.js';
import { toLinearRescale } from '../readScaling.js';
import { computeSuvFactors, isNoSuv } from './computeSuvFactors.js';
import type { NoSuv, SuvFactors } from './computeSuvFactors.js';
import { readPetHeader } from './readPetHeader.js';
import type { PetHeader } from './readPetHeader.js';
import { keepSuv, readProvidedSuv } from './suvProvider.js';

/**
 * Scales PET frames to SUV, all of a series or none: by the factors of an application's metadata provider, or else by
 * those that are computed of the headers. Frames of other modalities are left as they are.
 *
 * The start of a scan may be that of its earliest frame; so all frames of the series should be in the list, or have
 * been in an earlier one.
 *
 * @param frames - with the rescale of their headers, in any order; not changed
 */
export function scalePet(frames: readonly FrameMetadata[], choice: SuvChoice): FrameMetadata[] {
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
  readonly provided: SuvFactors | undefined;
}

function scaleSeries(series: readonly FrameMetadata[], choice: SuvChoice): FrameMetadata[] {
  const petFrames = series.map((frame): PetFrame => {
    const header = findFrameHeader(frame.imageId);
    const { imageId } = frame;
    return {
      frame,
      header,
      pet: readPetHeader(imageId, header),
      provided: readProvidedSuv(imageId),
    };
  });
  const found = choice === 'off' ? petFrames.map(switchOff) : findFactors(petFrames);
  const without = petFrames.flatMap(({ frame: { imageId } }, index) => {
    const factors = found[index] as SuvFactors | NoSuv;
    return isNoSuv(factors) ? [{ imageId, ...factors }] : [];
  });
  const [first] = without;
  const units = petFrames[0]?.pet.units;
  if (!first) {
    const isProvided = petFrames.every(({ provided }) => provided !== undefined);
    const scalingReport = {
      units: 'SUV',
      suvFrom: isProvided ? ('provider' as const) : ('headers' as const),
      reason: undefined,
    };
    return series.map((frame, index) => {
      const scaling = { ...frame.scaling, ...(found[index] as SuvFactors) };
      return { ...frame, scaling, rescale: toLinearRescale(scaling), scalingReport };
    });
  }
  const reason: NoSuvReason = {
    code: first.code,
    message: describe(first, without.length, series.length),
    imageIds: without.map(({ imageId }) => imageId),
  };
  return series.map((frame) => ({
    ...frame,
    scalingReport: { units, suvFrom: undefined, reason },
  }));
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
  return petFrames.map(({ header, pet, provided }) => {
    const computed = computeSuvFactors(pet, Number.isFinite(earliest) ? earliest : undefined);
    if (header) {
      earliestKnown.set(header.source, earliest);
      keepSuv(header, computed);
    }
    return provided ?? computed;
  });
}

function describe(
  { why, imageId }: NoSuv & { readonly imageId: string },
  count: number,
  total: number,
): string {
  return (
    `${count} of ${total} PET images have no SUV factor, so that the voxels are the rescaled values: ${why} ` +
    `(first: ${imageId}). A metadata provider of the application can give the factor: suvbw of the scalingModule`
  );
}
