/** Plain data that is passed between the rooms, without types of Cornerstone. */
import type { ScalingReport } from './scalingReport.js';

/** A point or vector in millimetres, in the patient coordinate system (DICOM PS3.3 C.7.6.2.1.1). */
export type Vector3 = readonly [number, number, number];

/** Row cosines followed by column cosines (Image Orientation (Patient), PS3.3 C.7.6.2). */
export type Orientation = readonly [number, number, number, number, number, number];

/** The voxel types that a volume is stored in. */
export type VolumeDataType = 'Uint8Array' | 'Uint16Array' | 'Int16Array' | 'Float32Array';

/**
 * How the voxel type of a volume is chosen.
 *
 * - `likely`: the smallest type that the values are likely to fit; the volume widens when a frame does not
 * - `headers`: the smallest type that holds every value that the headers allow
 * - a type: that one; a frame whose values it does not hold fails with the code `value-out-of-range`
 */
export type VoxelTypeChoice = 'likely' | 'headers' | VolumeDataType;

/** The typed arrays behind {@link VolumeDataType}. */
export type VolumeArray = Uint8Array | Uint16Array | Int16Array | Float32Array;

/** Any array of pixels that a decoder or an image loader may return. */
export type PixelArray =
  VolumeArray | Int8Array | Uint8ClampedArray | Int32Array | Uint32Array | Float64Array;

/** `value = stored * slope + intercept` (Modality LUT, PS3.3 C.11.1), in modality units or SUV. */
export interface LinearRescale {
  readonly slope: number;
  readonly intercept: number;
}

/** The header fields behind a {@link LinearRescale}, named as Cornerstone's `preScale` names them. */
export interface ScalingParameters {
  readonly modality?: string;
  readonly rescaleSlope: number;
  readonly rescaleIntercept: number;
  /** Factor from activity to body-weight SUV in g/ml (PT only). */
  readonly suvbw?: number;
  readonly suvlbm?: number;
  readonly suvbsa?: number;
  /** Dose Grid Scaling (3004,000E) (RTDOSE only). */
  readonly doseGridScaling?: number;
}

/** The thread that fetches the frames of a volume. */
export interface VolumeTransport {
  /** `main thread` as soon as one frame was fetched there. */
  readonly thread: 'worker' | 'main thread';
  /** The reason in words for a developer, for the first frame that was fetched there. */
  readonly reason: string;
  /**
   * What decodes compressed frames: `dicom-image-loader` as soon as its worker has decoded one. Undefined where no
   * frame was compressed.
   */
  readonly decoder?: FrameDecoder;
}

/** What decodes compressed frames. */
export interface FrameDecoder {
  readonly thread: 'frame worker' | 'dicom-image-loader';
  /** Why frame workers did not decode the first frame that dicom-image-loader has decoded. */
  readonly reason?: string;
}

/** Smallest and largest value, both included. */
export interface ValueRange {
  readonly min: number;
  readonly max: number;
}

/** A table from stored values to modality values (Modality LUT Sequence, PS3.3 C.11.1). */
export interface ModalityLut {
  /** The stored value that is mapped to the first entry. */
  readonly firstValue: number;
  /** At least one entry; entries have no sign (PS3.3 C.11.1.1.1). */
  readonly entries: Uint16Array;
}

/** The headers of one frame; read once, before any pixel. */
export interface FrameMetadata {
  readonly imageId: string;
  /** Number of rows, the height in pixels. */
  readonly rows: number;
  /** Number of columns, the width in pixels. */
  readonly columns: number;
  /** Centre of the first pixel in mm. */
  readonly imagePositionPatient: Vector3;
  readonly imageOrientationPatient: Orientation;
  /** `[between rows, between columns]` in mm: DICOM's order (PS3.3 10.7.1.3). */
  readonly pixelSpacing: readonly [number, number];
  readonly frameOfReferenceUID: string | undefined;
  readonly seriesInstanceUID: string | undefined;
  /** Of the instance that the frame is of (PS3.3 C.12.1), where it is known. */
  readonly sopInstanceUID?: string;
  /** From 1; 1 for an image with one frame. Undefined where the frame of a multi-frame image is unknown. */
  readonly frameNumber?: number;
  /** Spacing Between Slices (0018,0088) in mm, where the header states it. */
  readonly spacingBetweenSlices?: number;
  readonly modality: string | undefined;
  readonly bitsAllocated: number;
  readonly bitsStored: number;
  /** 0 for unsigned, 1 for two's complement (PS3.3 C.7.6.3). */
  readonly pixelRepresentation: 0 | 1;
  /** Smallest and largest stored value, where the header states plausible ones. */
  readonly storedExtremes?: ValueRange;
  readonly samplesPerPixel: number;
  readonly photometricInterpretation: string;
  /** The transform from stored values to voxels, with the SUV or dose factor included. */
  readonly rescale: LinearRescale;
  readonly scaling: ScalingParameters;
  /** What the rescaled values of PET are; undefined for other modalities. */
  readonly scalingReport?: ScalingReport;
  /** The table that makes voxels of stored values; `rescale` is the identity then. */
  readonly modalityLut?: ModalityLut | undefined;
  /** A map of stored values that is not applied; undefined where the header has none. */
  readonly unappliedMap?: UnappliedMap;
  /** Why the pixels cannot be read, as far as the headers tell; undefined where nothing is known against it. */
  readonly pixelFault?: string;
  /** Why the colours of the frame are not read; undefined where they are, and for grey values. */
  readonly colorFault?: string;
  /** Whether some of the grey values are indices into a palette, which is not applied (PS3.3 C.7.6.19). */
  readonly hasSupplementalPalette?: true;
}

/**
 * A map of stored values in a header, other than a rescale.
 *
 * - `modality-lut`: by a table (Modality LUT Sequence, PS3.3 C.11.1) that must not or cannot be applied
 * - `real-world-value`: by a Real World Value Mapping (PS3.3 C.7.6.16.2.11), and by nothing else
 * - `dose-grid-scaling`: by the Dose Grid Scaling of a dose (PS3.3 C.8.8.3), which is absent or not above 0
 */
export type UnappliedMap = 'modality-lut' | 'real-world-value' | 'dose-grid-scaling';

/** Position, size and axes of a volume, derived from the headers alone. */
export interface VolumeGeometry {
  /** `[columns, rows, slices]`. */
  readonly dimensions: readonly [number, number, number];
  /** Distance between voxel centres in mm along each of {@link VolumeGeometry.dimensions}. */
  readonly spacing: Vector3;
  /** Centre of the first voxel in mm. */
  readonly origin: Vector3;
  /** Row cosines, column cosines, normal: three unit vectors. */
  readonly direction: readonly number[];
}

/** Quality of the pixels of a frame, in the numbers of Cornerstone's ImageQualityStatus. */
export const IMAGE_QUALITY = {
  /** A copy of a distant frame. */
  farReplicate: 1,
  /** Its own pixels with fewer rows and columns; lower numbers are pixels of another frame. */
  subresolution: 6,
  /** Its own pixels with all rows and columns, from a part of what their codestream has of them. */
  lossy: 7,
  /** Its own pixels at full resolution. */
  full: 8,
} as const;
