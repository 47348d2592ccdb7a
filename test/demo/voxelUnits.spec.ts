import { metaData } from '@cornerstonejs/core';
import { wadors } from '@cornerstonejs/dicom-image-loader';
import { valueText, voxelUnit } from '../../demo/src/voxelUnits.js';
import type { StreamingImageVolume } from '../../src/index.js';

describe('voxelUnit', () => {
  const IMAGE_ID = 'units:1';
  let instance: Record<string, unknown>;
  const provider = (type: string, imageId: unknown): unknown =>
    type === 'instance' && imageId === IMAGE_ID ? instance : undefined;

  beforeEach(() => {
    instance = {};
    metaData.addProvider(provider, 20_000);
  });

  afterEach(() => {
    metaData.removeProvider(provider);
  });

  const volume = (Modality: string, members: object = {}): StreamingImageVolume =>
    ({
      metadata: { Modality },
      imageIds: [IMAGE_ID],
      isPreScaled: true,
      ...members,
    }) as unknown as StreamingImageVolume;

  it('is HU for CT, and none for MR', () => {
    expect(voxelUnit(volume('CT'))).toBe('HU');
    expect(voxelUnit(volume('MR'))).toBe('');
  });

  it('is SUV for PET with a scale, and else what Units says', () => {
    instance = { Units: 'BQML' };
    expect(voxelUnit(volume('PT'))).toBe('Bq/ml');
    expect(voxelUnit(volume('PT', { scaling: { PT: { suvbw: 1 } } }))).toBe('SUV');
    instance = { Units: 'PROPCNTS' };
    expect(voxelUnit(volume('PT'))).toBe('');
  });

  it('is read from the headers of DICOMweb too', () => {
    const imageId = 'wadors:http://localhost/instances/1/frames/1';
    wadors.metaDataManager.add(imageId, {
      '30040002': { vr: 'CS', Value: ['GY'] },
    } as never);

    expect(voxelUnit(volume('RTDOSE', { imageIds: [imageId] }))).toBe('Gy');
    wadors.metaDataManager.remove(imageId);
  });

  it('is Gy for a dose in Gy, and none for a relative one', () => {
    instance = { DoseUnits: 'GY' };
    expect(voxelUnit(volume('RTDOSE'))).toBe('Gy');
    instance = { DoseUnits: 'RELATIVE' };
    expect(voxelUnit(volume('RTDOSE'))).toBe('');
  });
});

describe('valueText', () => {
  it('has two digits behind the point, or none for whole numbers', () => {
    expect(valueText([-45], 'HU')).toBe('-45 HU');
    expect(valueText([3.456], 'SUV')).toBe('3.46 SUV');
    expect(valueText([1, 2, 3], '')).toBe('1, 2, 3');
  });
});
