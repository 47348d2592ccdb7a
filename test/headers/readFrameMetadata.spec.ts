import { metaData } from '@cornerstonejs/core';
import { readFrameMetadata } from '../../src/headers/readFrameMetadata.js';
import type { FrameMetadata } from '../../src/base/types.js';

type Modules = Readonly<Record<string, unknown>>;

const PLANE = {
  rows: 3,
  columns: 4,
  imagePositionPatient: [-10, -20, 30],
  imageOrientationPatient: [1, 0, 0, 0, 1, 0],
  rowPixelSpacing: 0.8,
  columnPixelSpacing: 0.7,
  frameOfReferenceUID: '1.2.3',
};
const PIXEL = {
  bitsAllocated: 16,
  bitsStored: 12,
  pixelRepresentation: 1,
  samplesPerPixel: 1,
  photometricInterpretation: 'MONOCHROME1',
};
const COMPLETE: Modules = {
  imagePlaneModule: PLANE,
  imagePixelModule: PIXEL,
  generalSeriesModule: { modality: 'CT', seriesInstanceUID: '1.2.4' },
  modalityLutModule: { rescaleSlope: 2, rescaleIntercept: -1024 },
};

describe('readFrameMetadata', () => {
  let modulesOf: (imageId: string) => Modules | undefined;
  const provider = (type: string, imageId: unknown): unknown => modulesOf(String(imageId))?.[type];

  beforeEach(() => {
    metaData.addProvider(provider, 9999);
  });

  afterEach(() => {
    metaData.removeProvider(provider);
  });

  function readOne(modules: Modules): FrameMetadata {
    modulesOf = (imageId) => (imageId === 'made-up:1' ? modules : undefined);
    const { frames, missing } = readFrameMetadata(['made-up:1']);
    expect(missing).toEqual([]);
    return frames[0] as FrameMetadata;
  }

  function messagesOf(modules: Modules | undefined): string[] {
    modulesOf = (imageId) => (imageId === 'made-up:1' ? modules : undefined);
    const { frames, missing } = readFrameMetadata(['made-up:1']);
    expect(frames).toEqual([]);
    expect(missing.map(({ code }) => code)).toEqual(['metadata-missing']);
    expect(missing[0]?.imageIds).toEqual(['made-up:1']);
    return missing.map(({ message }) => message);
  }

  it('reads every field', () => {
    expect(readOne(COMPLETE)).toEqual({
      imageId: 'made-up:1',
      rows: 3,
      columns: 4,
      imagePositionPatient: [-10, -20, 30],
      imageOrientationPatient: [1, 0, 0, 0, 1, 0],
      pixelSpacing: [0.8, 0.7],
      frameOfReferenceUID: '1.2.3',
      seriesInstanceUID: '1.2.4',
      modality: 'CT',
      bitsAllocated: 16,
      bitsStored: 12,
      pixelRepresentation: 1,
      samplesPerPixel: 1,
      photometricInterpretation: 'MONOCHROME1',
      rescale: { slope: 2, intercept: -1024 },
      scaling: { modality: 'CT', rescaleSlope: 2, rescaleIntercept: -1024 },
    });
  });

  it('does without optional modules and fields', () => {
    const frame = readOne({
      imagePlaneModule: { ...PLANE, frameOfReferenceUID: undefined },
      imagePixelModule: { bitsAllocated: 8 },
    });
    expect(frame).toEqual(
      jasmine.objectContaining({
        frameOfReferenceUID: undefined,
        seriesInstanceUID: undefined,
        modality: undefined,
        bitsStored: 8,
        pixelRepresentation: 0,
        samplesPerPixel: 1,
        photometricInterpretation: 'MONOCHROME2',
        rescale: { slope: 1, intercept: 0 },
        scaling: { rescaleSlope: 1, rescaleIntercept: 0 },
      }),
    );
  });

  it('takes rows and columns from the pixels where the plane has none', () => {
    const { rows: _rows, columns: _columns, ...plane } = PLANE;
    const frame = readOne({
      imagePlaneModule: plane,
      imagePixelModule: { ...PIXEL, rows: 7, columns: 9 },
    });
    expect([frame.rows, frame.columns]).toEqual([7, 9]);
  });

  it('takes numbers that come as strings', () => {
    const frame = readOne({
      imagePlaneModule: {
        rows: '3',
        columns: '4',
        imagePositionPatient: ['-10.5', ' 20 ', '1e1'],
        imageOrientationPatient: ['1', '0', '0', '0', '1', '0'],
        rowPixelSpacing: '0.80',
        columnPixelSpacing: '0.7 ',
      },
      imagePixelModule: { bitsAllocated: '16', bitsStored: '12', pixelRepresentation: '1' },
      modalityLutModule: { rescaleSlope: '1.5', rescaleIntercept: '-3' },
    });
    expect([frame.rows, frame.columns]).toEqual([3, 4]);
    expect(frame.imagePositionPatient).toEqual([-10.5, 20, 10]);
    expect(frame.imageOrientationPatient).toEqual([1, 0, 0, 0, 1, 0]);
    expect(frame.pixelSpacing).toEqual([0.8, 0.7]);
    expect([frame.bitsAllocated, frame.bitsStored]).toEqual([16, 12]);
    expect(frame.pixelRepresentation).toBe(1);
    expect(frame.rescale).toEqual({ slope: 1.5, intercept: -3 });
  });

  it('takes typed arrays', () => {
    const frame = readOne({
      ...COMPLETE,
      imagePlaneModule: {
        ...PLANE,
        imagePositionPatient: Float64Array.of(1, 2, 3),
        imageOrientationPatient: Float32Array.of(0, 1, 0, 0, 0, -1),
      },
    });
    expect(frame.imagePositionPatient).toEqual([1, 2, 3]);
    expect(frame.imageOrientationPatient).toEqual([0, 1, 0, 0, 0, -1]);
  });

  for (const [name, modules, expected] of [
    ['both modules', undefined, 'imagePlaneModule and imagePixelModule'],
    ['the plane', { ...COMPLETE, imagePlaneModule: undefined }, 'imagePlaneModule'],
    ['the pixels', { ...COMPLETE, imagePixelModule: null }, 'imagePixelModule'],
  ] as const) {
    it(`names the modules that are missing: ${name}`, () => {
      expect(messagesOf(modules)).toEqual([
        `1 of 1 images: no metadata provider knows ${expected}`,
      ]);
    });
  }

  for (const [field, value] of [
    ['rows', 0],
    ['columns', undefined],
    ['rowPixelSpacing', null],
    ['rowPixelSpacing', 0],
    ['columnPixelSpacing', ''],
    ['columnPixelSpacing', 'wide'],
    ['imagePositionPatient', undefined],
    ['imagePositionPatient', [1, 2]],
    ['imagePositionPatient', [1, 2, 3, 4]],
    ['imagePositionPatient', [1, Number.NaN, 3]],
    ['imagePositionPatient', [1, '', 3]],
    ['imagePositionPatient', [1, ' ', 3]],
    ['imagePositionPatient', [1, [], 3]],
    ['imagePositionPatient', [1, null, 3]],
    ['imagePositionPatient', '1\\2\\3'],
    ['imageOrientationPatient', [1, 0, 0]],
    ['imageOrientationPatient', new Float32Array(3)],
  ] as const) {
    it(`names a field that is missing: ${field} ${JSON.stringify(value) ?? ''}`, () => {
      const imagePlaneModule = { ...PLANE, [field]: value };
      expect(messagesOf({ ...COMPLETE, imagePlaneModule })).toEqual([
        `1 of 1 images: imagePlaneModule.${field} missing`,
      ]);
    });
  }

  it('names all fields that are missing', () => {
    const imagePlaneModule = { ...PLANE, rows: undefined, imagePositionPatient: undefined };
    const imagePixelModule = { ...PIXEL, bitsAllocated: undefined };
    expect(messagesOf({ ...COMPLETE, imagePlaneModule, imagePixelModule })).toEqual([
      '1 of 1 images: imagePlaneModule.rows, imagePlaneModule.imagePositionPatient, ' +
        'imagePixelModule.bitsAllocated missing',
    ]);
  });

  it('refuses values that the provider made up', () => {
    const imagePlaneModule = { ...PLANE, usingDefaultValues: true };
    expect(messagesOf({ ...COMPLETE, imagePlaneModule })).toEqual([
      jasmine.stringMatching(/the provider of imagePlaneModule gives default values/),
    ]);
  });

  it('says what a provider said that threw', () => {
    modulesOf = () => {
      throw new Error('the database is closed');
    };
    const { frames, missing } = readFrameMetadata(['made-up:1', 'made-up:2']);
    expect(frames).toEqual([]);
    expect(missing).toEqual([
      {
        code: 'metadata-missing',
        severity: 'error',
        message: '2 of 2 images: a metadata provider failed: the database is closed',
        imageIds: ['made-up:1', 'made-up:2'],
      },
    ]);
  });

  it('says what a provider threw that was no Error', () => {
    modulesOf = () => {
      // eslint-disable-next-line @typescript-eslint/only-throw-error
      throw 'offline';
    };
    expect(readFrameMetadata(['made-up:1']).missing[0]?.message).toContain('offline');
  });

  it('gives one reason for each set of missing fields, and the frames that are complete', () => {
    const without = (field: string) => ({
      ...COMPLETE,
      imagePlaneModule: { ...PLANE, [field]: undefined },
    });
    const modules: Record<string, Modules> = {
      'made-up:1': without('rows'),
      'made-up:2': COMPLETE,
      'made-up:3': without('columns'),
      'made-up:4': without('rows'),
    };
    modulesOf = (imageId) => modules[imageId];
    const { frames, missing } = readFrameMetadata(Object.keys(modules));
    expect(frames.map(({ imageId }) => imageId)).toEqual(['made-up:2']);
    expect(missing.map(({ message, imageIds }) => [message, imageIds])).toEqual([
      ['2 of 4 images: imagePlaneModule.rows missing', ['made-up:1', 'made-up:4']],
      ['1 of 4 images: imagePlaneModule.columns missing', ['made-up:3']],
    ]);
  });

  for (const [name, scalingModule, rescale] of [
    ['its SUV factor', { suvbw: 0.5, suvlbm: 3, suvbsa: 4 }, { slope: 1, intercept: -512 }],
    ['an SUV factor as a string', { suvbw: '0.5' }, { slope: 1, intercept: -512 }],
    ['no SUV factor', undefined, { slope: 2, intercept: -1024 }],
    ['an SUV factor that is no number', { suvbw: Number.NaN }, { slope: 2, intercept: -1024 }],
  ] as const) {
    it(`scales PT with ${name}`, () => {
      const generalSeriesModule = { modality: 'PT' };
      const frame = readOne({ ...COMPLETE, generalSeriesModule, scalingModule });
      expect(frame.rescale).toEqual(rescale);
      expect(frame.scaling.modality).toBe('PT');
    });
  }

  it('keeps the other SUV factors of PT', () => {
    const scalingModule = { suvbw: 0.5, suvlbm: 3, suvbsa: 4 };
    const { scaling } = readOne({
      ...COMPLETE,
      generalSeriesModule: { modality: 'PT' },
      scalingModule,
    });
    expect(scaling).toEqual({
      modality: 'PT',
      rescaleSlope: 2,
      rescaleIntercept: -1024,
      ...scalingModule,
    });
  });

  it('scales RTDOSE with its Dose Grid Scaling', () => {
    const frame = readOne({
      ...COMPLETE,
      generalSeriesModule: { modality: 'RTDOSE' },
      modalityLutModule: undefined,
      scalingModule: { DoseGridScaling: 0.25, suvbw: 9 },
    });
    expect(frame.rescale).toEqual({ slope: 0.25, intercept: 0 });
    expect(frame.scaling).toEqual({
      modality: 'RTDOSE',
      rescaleSlope: 1,
      rescaleIntercept: 0,
      doseGridScaling: 0.25,
    });
  });

  it('leaves scaling factors of other modalities alone', () => {
    const scalingModule = { suvbw: 0.5, DoseGridScaling: 0.25 };
    const frame = readOne({ ...COMPLETE, scalingModule });
    expect(frame.rescale).toEqual({ slope: 2, intercept: -1024 });
  });

  it('reads a slope of 0 as none', () => {
    const modalityLutModule = { rescaleSlope: 0, rescaleIntercept: 5 };
    expect(readOne({ ...COMPLETE, modalityLutModule }).rescale).toEqual({ slope: 1, intercept: 5 });
  });
});
