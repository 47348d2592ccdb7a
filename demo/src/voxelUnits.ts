import { metaData } from '@cornerstonejs/core';
import { wadors } from '@cornerstonejs/dicom-image-loader';
import type { StreamingImageVolume } from '../../src/index.js';

/** Texts of Units (0054,1001) of PET (PS3.3 C.8.9.1.1.3). */
const PET_UNITS: Readonly<Record<string, string>> = { BQML: 'Bq/ml', CNTS: 'counts', GML: 'SUV' };

/** The unit of the voxels of a volume; empty where the values have none or it is unknown. */
export function voxelUnit(volume: StreamingImageVolume): string {
  const { Modality } = volume.metadata;
  if (Modality === 'PT') {
    // Volumes have the scale of PET exactly when their voxels are SUV.
    return volume.scaling?.PT
      ? 'SUV'
      : (PET_UNITS[String(readHeader(volume, 'Units', '00541001'))] ?? '');
  }
  if (Modality === 'RTDOSE') {
    return readHeader(volume, 'DoseUnits', '30040002') === 'GY' ? 'Gy' : '';
  }
  return Modality === 'CT' && volume.isPreScaled ? 'HU' : '';
}

/** A voxel's value for readers: whole numbers as they are, others with two digits behind the point. */
export function valueText(values: readonly number[], unit: string): string {
  const text = values
    .map((value) => (Number.isInteger(value) ? String(value) : value.toFixed(2)))
    .join(', ');
  return unit ? `${text} ${unit}` : text;
}

/** Of files, Cornerstone has the header by keywords; of DICOMweb, by tags. */
function readHeader({ imageIds }: StreamingImageVolume, keyword: string, tag: string): unknown {
  const imageId = imageIds[0] as string;
  const instance = metaData.get('instance', imageId) as Record<string, unknown> | undefined;
  const dataSet = wadors.metaDataManager.get(imageId) as DicomJson | undefined;
  return instance?.[keyword] ?? dataSet?.[tag]?.Value?.[0];
}

type DicomJson = Readonly<Record<string, { readonly Value?: readonly unknown[] } | undefined>>;
