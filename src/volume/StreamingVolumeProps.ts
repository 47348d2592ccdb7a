import { Enums } from '@cornerstonejs/core';
import type { ImageVolume, Types } from '@cornerstonejs/core';
import type { GeometryReport } from '../base/eligibilityReason.js';
import type { FrameStore } from '../base/voxels/FrameStore.js';
import type { FrameMetadata } from '../base/types.js';
import type { VoxelTypes } from '../geometry/voxelType.js';
import { readModule } from '../headers/readModule.js';
import type { LoadSettings } from '../loading/LoadContext.js';
import type { CacheReservation } from '../loading/memory/reserveCache.js';
import { createVoxelManager } from './createVoxelManager.js';
import type { VolumeContents } from './VolumeFilling.js';

/** All that a volume is made of; known from the headers alone. */
export interface StreamingVolumeProps extends LoadSettings, VolumeMemory {
  /** Indices of the slices that the series has no frame of. */
  readonly absentFrames: readonly number[];
  /** Frames of the series without a voxel in the volume, which are loaded for Images only. */
  readonly skippedFrames?: readonly FrameMetadata[] | undefined;
  readonly geometryReport: GeometryReport;
  /** The voxel type at first, and the widest one that the volume may move to. */
  readonly voxelTypes: VoxelTypes;
  readonly publishFrameViews: boolean;
  readonly renderIntervalMs: number;
  readonly renderShare: number;
  readonly uploadBudgetMs: number;
  /** What pictures show of slices whose pixels are to come. */
  readonly standIns: 'nearest' | 'none';
}

/** Where the voxels of a volume are; owned by the volume. */
export interface VolumeMemory {
  readonly store: FrameStore;
  /** Slices whose frames are in the store already. */
  readonly loadedFrames?: readonly number[];
  /** The volume's bytes in Cornerstone's cache. */
  readonly reservation: CacheReservation;
}

/**
 * The argument of the constructor of core's `ImageVolume`.
 *
 * @param contents - the imageIds and the voxel manager of a volume of time points
 */
export function imageVolumeProps(
  { volumeId, frames, geometry, numberOfComponents, store }: StreamingVolumeProps,
  contents?: Pick<VolumeContents, 'imageIds' | 'voxelManager'>,
): ConstructorParameters<typeof ImageVolume>[0] {
  const first = frames[0] as FrameMetadata;
  return {
    volumeId,
    imageIds: [...(contents?.imageIds ?? frames.map(({ imageId }) => imageId))],
    metadata: describeMetadata(first),
    dimensions: [...geometry.dimensions],
    spacing: [...geometry.spacing],
    origin: [...geometry.origin],
    direction: [...geometry.direction] as Types.Mat3,
    dataType: store.dataType,
    numberOfComponents,
    voxelManager:
      contents?.voxelManager ??
      createVoxelManager({
        volumeId,
        store,
        imageIdAt: (sliceIndex) => frames[sliceIndex]?.imageId ?? volumeId,
        dimensions: geometry.dimensions,
        numberOfComponents,
        isFixed: !store.mayWiden,
      }),
    scaling: describeScaling(first),
  };
}

/**
 * The `metadata` of a volume, with the names that Cornerstone and its tools read
 * (core's `makeVolumeMetadata`).
 *
 * @param first - the first frame in volume order
 */
function describeMetadata(first: FrameMetadata): Types.Metadata {
  const { MetadataModules } = Enums;
  const voi = readModule(MetadataModules.VOI_LUT, first.imageId);
  const pixel = readModule(MetadataModules.IMAGE_PIXEL, first.imageId);
  const widths = toList(voi?.['windowWidth']);
  const centers = toList(voi?.['windowCenter']);
  return {
    BitsAllocated: first.bitsAllocated,
    BitsStored: first.bitsStored,
    SamplesPerPixel: first.samplesPerPixel,
    HighBit: Number(pixel?.['highBit'] ?? first.bitsStored - 1),
    PhotometricInterpretation: first.photometricInterpretation,
    PixelRepresentation: first.pixelRepresentation,
    Modality: first.modality as string,
    SeriesInstanceUID: first.seriesInstanceUID,
    ImageOrientationPatient: [...first.imageOrientationPatient],
    PixelSpacing: [...first.pixelSpacing],
    FrameOfReferenceUID: first.frameOfReferenceUID as string,
    Columns: first.columns,
    Rows: first.rows,
    voiLut: widths.map((windowWidth, i) => ({
      windowWidth: windowWidth as number,
      windowCenter: centers[i] as number,
    })),
    VOILUTFunction: voi?.['voiLUTFunction'] as string,
  };
}

/** A window attribute has one value or several (PS3.3 C.11.2). */
function toList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [value];
}

/** The `scaling` of a volume, as Cornerstone's tools read it; undefined except for PET in SUV. */
interface VolumeScaling {
  readonly PT?: {
    readonly suvbw: number;
    readonly suvbwToSuvlbm?: number;
    readonly suvbwToSuvbsa?: number;
  };
}

/**
 * The kind of SUV that the voxels of a PET volume are in, and the factors to the other kinds.
 *
 * @param first - the first frame in volume order
 */
function describeScaling({ scaling }: FrameMetadata): VolumeScaling | undefined {
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
