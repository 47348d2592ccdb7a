import { cache, imageLoader, metaData, utilities } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import { wadouri } from '@cornerstonejs/dicom-image-loader';
import { AnnotationTool, utilities as toolsUtilities } from '@cornerstonejs/tools';
import {
  checkVolumeEligibility,
  createStreamingVolume,
  createVolumeFromImages,
  createVolumeWithoutMetadata,
  prefetchVolume,
  registerStreamingImageVolumeLoader,
} from '../../../src/index.js';
import type { StreamingImageVolume, VolumeOptions } from '../../../src/index.js';
import { newVolumeId, startCornerstone, stopCornerstone } from '../../support/cornerstone.js';
import { encodePart10 } from '../../support/encodePart10.js';
import { imageElements, slicePixels, sq, text, words } from '../../support/imageElements.js';
import { OPENINGS, overWadors } from '../../support/openSeries.js';
import type { TestInstance } from '../../support/openSeries.js';
import {
  DOSE_IN_BQ,
  factorAfter,
  ONE_HOUR,
  petElements,
  petSeries,
  SLICES,
  SLOPES,
  WEIGHT_IN_G,
} from '../../support/petSeries.js';
import { withMetaLength } from '../../support/pixelSeries.js';

const SUV = factorAfter(ONE_HOUR);

/** The voxels of a series of {@link petSeries} with a factor. */
function truth(factor: number, slopes: readonly number[] = SLOPES): number[] {
  return slopes.flatMap((slope, slice) =>
    slicePixels(slice).map((stored) => stored * slope * factor),
  );
}

function expectValues(values: ArrayLike<number>, expected: readonly number[]): void {
  expect(values.length).toBe(expected.length);
  const wrong = expected.findIndex(
    (value, index) => Math.abs((values[index] as number) - value) > Math.abs(value) * 2 ** -23,
  );
  expect(wrong).withContext(`${values[wrong]} instead of ${expected[wrong]} at ${wrong}`).toBe(-1);
}

async function load(
  imageIds: readonly string[],
  options: VolumeOptions = {},
): Promise<StreamingImageVolume> {
  const volume = await createStreamingVolume(newVolumeId(), { imageIds, ...options });
  expect(await volume.load()).toEqual({ framesLoaded: volume.imageIds.length, failed: [] });
  return volume;
}

/** What the tools write behind a value of the volume, and of an Image of its first frame. */
function unitsOf(volume: StreamingImageVolume): string[] {
  const { volumeId, imageIds, isPreScaled } = volume;
  const imageId = imageIds[0] as string;
  const ofVolume = AnnotationTool.isSuvScaled(undefined as never, `volumeId:${volumeId}`, imageId);
  const ofImage = AnnotationTool.isSuvScaled(undefined as never, `imageId:${imageId}`, imageId);
  const units = (isSuvScaled: boolean, scaled: boolean | undefined): string =>
    toolsUtilities.getPixelValueUnits('PT', imageId, {
      isPreScaled: scaled === true,
      isSuvScaled,
    });
  return [
    units(ofVolume, isPreScaled),
    units(ofImage, volume.convertToCornerstoneImage(imageId).preScale?.scaled),
  ];
}

function provideScalingModule(answer: (imageId: string) => unknown): () => void {
  const provider = (type: string, imageId: unknown): unknown =>
    type === 'scalingModule' ? answer(imageId as string) : undefined;
  metaData.addProvider(provider);
  return () => {
    metaData.removeProvider(provider);
  };
}

describe('A PET volume', () => {
  let undo: (() => void)[] = [];

  beforeEach(() => {
    startCornerstone();
    undo = [];
  });

  afterEach(() => {
    undo.forEach((each) => {
      each();
    });
    stopCornerstone();
  });

  for (const [scheme, open] of Object.entries(OPENINGS)) {
    it(`has the factors of an application before those of the headers, over ${scheme}`, async () => {
      undo.push(provideScalingModule(() => ({ suvbw: 0.5, suvlbm: 0.25, suvbsa: 0.125 })));
      const volume = await load(await open(petSeries({})));
      expectValues(volume.getScalarData(), truth(0.5));
      expect(volume.scalingReport).toEqual({
        units: 'SUV',
        suvFrom: 'provider',
        reason: undefined,
      });
      expect(volume.scaling as unknown).toEqual({
        PT: { suvbw: 0.5, suvbwToSuvlbm: 0.5, suvbwToSuvbsa: 0.25 },
      });
    });

    it(`has the factors of an application where the headers have none, over ${scheme}`, async () => {
      undo.push(provideScalingModule(() => ({ suvbw: 0.5 })));
      const volume = await load(await open(petSeries({ weight: null })));
      expectValues(volume.getScalarData(), truth(0.5));
      expect(volume.scalingReport?.suvFrom).toBe('provider');
    });

    it(`gives Cornerstone the factors, over ${scheme}`, async () => {
      const [imageId = ''] = await open(petSeries({}));
      await createStreamingVolume(newVolumeId(), { imageIds: await open(petSeries({})) });
      const { suvbw, suvlbm, suvbsa } = metaData.get('scalingModule', imageId) as Record<
        'suvbw' | 'suvlbm' | 'suvbsa',
        number
      >;
      expect(suvbw / SUV).toBeCloseTo(1, 9);
      const [weight, size] = [WEIGHT_IN_G / 1000, 175];
      const leanMassInG = 1000 * (1.07 * weight - 148 * (weight / size) ** 2);
      expect(suvlbm / suvbw).toBeCloseTo(leanMassInG / WEIGHT_IN_G, 9);
      const areaInCm2 = 71.84 * weight ** 0.425 * size ** 0.725;
      expect(suvbsa / suvbw).toBeCloseTo(areaInCm2 / WEIGHT_IN_G, 9);
    });
  }

  for (const [units, more] of [
    ['GML', []],
    [
      'CNTS',
      [text(0x70530010, 'LO', 'Philips PET Private Group'), text(0x70531000, 'DS', '0.000375')],
    ],
  ] as const) {
    it(`in ${units} has the same ratio to SUV by lean body mass and surface`, async () => {
      const inBq = await load(await overWadors(petSeries({})));
      const volume = await load(await overWadors(petSeries({ units, more })));
      const ratios = ({ scaling }: StreamingImageVolume): number[] => {
        const { suvbwToSuvlbm, suvbwToSuvbsa } = (
          scaling as { PT: { suvbwToSuvlbm: number; suvbwToSuvbsa: number } }
        ).PT;
        return [suvbwToSuvlbm, suvbwToSuvbsa];
      };
      ratios(inBq).forEach((ratio, index) => {
        expect(ratios(volume)[index]).toBeCloseTo(ratio, 9);
      });
    });
  }

  it('has no slice in SUV where one has no factor, and names that one', async () => {
    const series = petSeries((slice) => (slice === 2 ? { weight: null } : {}));
    const volume = await load(await overWadors(series));
    expectValues(volume.getScalarData(), truth(1));
    const { reason, units } = volume.scalingReport ?? {};
    expect(units).toBe('BQML');
    expect(reason?.code).toBe('header-missing');
    expect(reason?.imageIds).toEqual([volume.imageIds[2] as string]);
    expect(reason?.message).toMatch(/^1 of 4 PET images .*Patient's Weight \(0010,1030\)/);
    expect(unitsOf(volume)[0]).toBe('BQML');
  });

  it('has no slice in SUV where an application has the factors of some', async () => {
    const imageIds = await overWadors(petSeries({ weight: null }));
    undo.push(
      provideScalingModule((imageId) => (imageId === imageIds[1] ? { suvbw: 0.5 } : undefined)),
    );
    const volume = await load(imageIds);
    expectValues(volume.getScalarData(), truth(1));
    expect(volume.scaling).toBeUndefined();
    expect(volume.scalingReport?.reason?.imageIds.length).toBe(SLICES - 1);
    expect(volume.convertToCornerstoneImage(imageIds[1] as string).preScale).toEqual({
      enabled: true,
      scaled: true,
      scalingParameters: jasmine.objectContaining({ modality: 'PT', rescaleSlope: SLOPES[1] }),
    } as never);
  });

  for (const value of [0, -1, Number.NaN, Infinity, 'many', null]) {
    it(`does not take ${String(value)} of a provider for a factor`, async () => {
      undo.push(provideScalingModule(() => ({ suvbw: value })));
      const volume = await load(await overWadors(petSeries({})));
      expectValues(volume.getScalarData(), truth(SUV));
      expect(volume.scalingReport?.suvFrom).toBe('headers');
    });
  }

  it('says whose provider throws where it is asked for factors', async () => {
    const imageIds = await overWadors(petSeries({}));
    undo.push(
      provideScalingModule(() => {
        throw new Error('no such study');
      }),
    );
    const { reasons } = checkVolumeEligibility(imageIds);
    expect(reasons.map(({ code, message }) => [code, message.includes('no such study')])).toEqual([
      ['metadata-missing', true],
    ]);
  });

  it('does without what a provider that throws for a module may have', async () => {
    const provider = (type: string): unknown => {
      if (type === 'patientStudyModule') {
        throw new Error('no such patient');
      }
      return undefined;
    };
    metaData.addProvider(provider, 10_000);
    undo.push(() => {
      metaData.removeProvider(provider);
    });
    const volume = await load(await overWadors(petSeries({ weight: null })));
    expectValues(volume.getScalarData(), truth(1));
    expect(volume.scalingReport?.reason?.code).toBe('header-missing');
  });

  /** Gives the modules of images under other imageIds, without factors, until it is called. */
  function provideModules(
    imageIds: readonly string[],
    described: readonly string[],
    isKnown: (imageId: string) => boolean = () => true,
  ): void {
    const provider = (type: string, imageId: unknown): unknown => {
      const index = imageIds.indexOf(imageId as string);
      return index < 0 || type === 'scalingModule' || !isKnown(imageId as string)
        ? undefined
        : (metaData.get(type, described[index] as string) as unknown);
    };
    metaData.addProvider(provider);
    undo.push(() => {
      metaData.removeProvider(provider);
    });
  }

  it('is computed of modules, where a provider has them and nothing else', async () => {
    const described = await overWadors(petSeries({}));
    const imageIds = described.map((imageId, index) => `${imageId}?of=modules-${index}`);
    provideModules(imageIds, described);
    const volume = await load(imageIds);
    expectValues(volume.getScalarData(), truth(SUV));
  });

  it('is told once where it is not in SUV, and not where that was asked for', async () => {
    const log = utilities.logger.cs3dLog.getLogger('streamingImageVolumeLoader');
    const warned = spyOn(log, 'warn');
    await load(await overWadors(petSeries({ dose: null })));
    expect(warned).toHaveBeenCalledOnceWith(jasmine.stringContaining('(0018,1074) is missing'));
    warned.calls.reset();
    await load(await overWadors(petSeries({ dose: null })), { suv: 'off' });
    await load(await overWadors(petSeries({})));
    expect(warned).not.toHaveBeenCalled();
  });

  describe("with the option suv: 'off'", () => {
    for (const [scheme, open] of Object.entries(OPENINGS)) {
      it(`has the rescaled values, and the tools write their units, over ${scheme}`, async () => {
        const volume = await load(await open(petSeries({})), { suv: 'off' });
        expectValues(volume.getScalarData(), truth(1));
        expect(volume.scalingReport?.units).toBe('BQML');
        expect(volume.scalingReport?.reason?.code).toBe('switched-off');
        expect(unitsOf(volume)).toEqual(['BQML', 'BQML']);
      });
    }

    it('has the rescaled values also where an application has factors', async () => {
      undo.push(provideScalingModule(() => ({ suvbw: 0.5 })));
      const volume = await load(await overWadors(petSeries({})), { suv: 'off' });
      expectValues(volume.getScalarData(), truth(1));
    });

    it('is the default of all volumes where it is given to the registration', async () => {
      registerStreamingImageVolumeLoader({ suv: 'off' });
      const volume = await load(await overWadors(petSeries({})));
      expectValues(volume.getScalarData(), truth(1));
    });

    it('is one of the words', async () => {
      const creating = createStreamingVolume(newVolumeId(), {
        imageIds: await overWadors(petSeries({})),
        suv: 'on' as never,
      });
      await expectAsync(creating).toBeRejectedWithError(TypeError, /suv to be one of auto, off/);
    });
  });

  it('is SUV for the tools, the volume and the Images of its frames', async () => {
    const volume = await load(await overWadors(petSeries({})));
    expect(unitsOf(volume)).toEqual(['SUV', 'SUV']);
  });

  it('gives Images in SUV that say so', async () => {
    const volume = await load(await overWadors(petSeries({})));
    volume.imageIds.forEach((imageId, slice) => {
      const ofSlice = truth(SUV).slice(12 * slice, 12 * slice + 12);
      for (const image of [
        volume.convertToCornerstoneImage(imageId),
        cache.getImage(imageId) as Types.IImage,
      ]) {
        expectValues(image.getPixelData(), ofSlice);
        expect(utilities.isPTPrescaledWithSUV(image)).toBeTrue();
        expect(image.preScale?.scalingParameters?.rescaleSlope).toBe(SLOPES[slice]);
      }
    });
  });

  describe('of frames that are in memory in another scale', () => {
    it('loads them again, beside a volume in SUV', async () => {
      const imageIds = await overWadors(petSeries({}));
      const inSuv = await load(imageIds);
      const inBq = await load(imageIds, { suv: 'off' });
      const again = await load(imageIds);
      expectValues(inSuv.getScalarData(), truth(SUV));
      expectValues(inBq.getScalarData(), truth(1));
      expectValues(again.getScalarData(), truth(SUV));
    });

    for (const [first, second] of [
      ['auto', 'off'],
      ['off', 'auto'],
    ] as const) {
      it(`has Images with the unit of their values where '${second}' follows '${first}'`, async () => {
        const imageIds = await overWadors(petSeries({}));
        await load(imageIds, { suv: first });
        const inOtherUnit = await load(imageIds, { suv: second });
        const factor = first === 'auto' ? SUV : 1;
        const images = imageIds.map((imageId) => cache.getImage(imageId) as Types.IImage);
        expectValues(
          images.flatMap((image) => Array.from(image.getPixelData())),
          truth(factor),
        );
        // The tools take the unit of a stack viewport from the scalingModule.
        const [ofVolume, ofImage] = unitsOf(inOtherUnit);
        expect(ofVolume).toBe(second === 'auto' ? 'SUV' : 'BQML');
        expect(ofImage).toBe(first === 'auto' ? 'SUV' : 'BQML');
      });
    }

    it('loads them again where Images in SUV are in the cache', async () => {
      const imageIds = await overWadors(petSeries({}));
      // The provider is there once a volume or a check was made.
      await createStreamingVolume(newVolumeId(), { imageIds: await overWadors(petSeries({})) });
      const images = await Promise.all(
        imageIds.map((imageId) => imageLoader.loadAndCacheImage(imageId)),
      );
      expectValues(
        images.flatMap((image) => Array.from(image.getPixelData())),
        truth(SUV),
      );
      const inBq = await load(imageIds, { suv: 'off' });
      expectValues(inBq.getScalarData(), truth(1));
    });

    it('takes Images in SUV without a request, where it is in SUV too', async () => {
      const imageIds = await overWadors(petSeries({}));
      await createStreamingVolume(newVolumeId(), { imageIds: await overWadors(petSeries({})) });
      await Promise.all(imageIds.map((imageId) => imageLoader.loadAndCacheImage(imageId)));
      const volume = await createVolumeFromImages(newVolumeId(), imageIds);
      expectValues(volume.getScalarData(), truth(SUV));
    });

    it('does not take over a prefetched volume of another scale', async () => {
      const imageIds = await overWadors(petSeries({}));
      const { volumeId } = await prefetchVolume(imageIds);
      const inBq = await load(imageIds, { suv: 'off' });
      expectValues(inBq.getScalarData(), truth(1));
      expect(cache.getVolume(volumeId)).toBeDefined();
      const inSuv = await load(imageIds);
      expectValues(inSuv.getScalarData(), truth(SUV));
      expect(cache.getVolume(volumeId)).toBeUndefined();
    });
  });

  it('that is made of images without metadata has the factor of the whole series', async () => {
    const described = await overWadors(
      petSeries({
        seriesTime: '180000',
        acquisitionTimes: ['104500', '103000', '104000', '110000'],
      }),
    );
    const imageIds = described.map((_, index) => `late:${index}`);
    const loaded = new Set<string>();
    provideModules(imageIds, described, (imageId) => loaded.has(imageId));
    const loadLate = (imageId: string): { promise: Promise<Types.IImage> } => {
      const address = described[imageIds.indexOf(imageId)] as string;
      const loading = imageLoader.loadImage(address, { preScale: { enabled: false } } as never);
      const promise = loading.then((image) => {
        loaded.add(imageId);
        return { ...image, imageId };
      });
      return { promise };
    };
    registerStreamingImageVolumeLoader({ imageLoaders: { late: loadLate } });
    const volume = await createVolumeWithoutMetadata(newVolumeId(), imageIds);
    expectValues(volume.getScalarData(), truth(SUV));
    expect(volume.scalingReport?.suvFrom).toBe('headers');
  });

  it('of files that dicom-image-loader has read has the private factors too', async () => {
    const more = [
      text(0x70530010, 'LO', 'Philips PET Private Group'),
      text(0x70531000, 'DS', '0.000375'),
    ];
    const instances = petSeries({ units: 'CNTS', more });
    const files = await Promise.all(
      instances.map(async ({ elements, frames }) =>
        withMetaLength(
          await encodePart10(
            [...elements, { tag: 0x7fe00010, vr: 'OW', value: frames[0] as Uint8Array }],
            'explicit',
          ),
        ),
      ),
    );
    const imageIds = files.map((file) =>
      wadouri.fileManager.add(new File([file as Uint8Array<ArrayBuffer>], 'slice.dcm')),
    );
    const volume = await createVolumeWithoutMetadata(newVolumeId(), imageIds);
    expectValues(volume.getScalarData(), truth(0.000375));
    expect(volume.scalingReport?.suvFrom).toBe('headers');
  });

  describe('of an enhanced image', () => {
    const code = (value: string): ReturnType<typeof sq> =>
      sq(0x004008ea, [text(0x00080100, 'SH', value), text(0x00080102, 'SH', 'UCUM')]);

    /** Slices with rescales of their own; Real World Value Mappings say what they are in. */
    function enhanced(unit: string, decayCorrected = 'YES'): TestInstance[] {
      const frames = SLOPES.map((slope, slice) => [
        sq(0x00209113, [text(0x00200032, 'DS', `0\\0\\${3 * slice}`)]),
        sq(0x00289145, [text(0x00281052, 'DS', '0'), text(0x00281053, 'DS', String(slope))]),
        sq(0x00409096, [
          code(unit),
          { tag: 0x00409224, vr: 'FD', value: [0] },
          { tag: 0x00409225, vr: 'FD', value: [slope] },
        ]),
      ]);
      return [
        {
          elements: imageElements({
            series: `1.2.826.16.${unit.length}.${decayCorrected}`,
            number: 1,
            modality: 'PT',
            frames: SLICES,
            more: [
              ...petElements({ units: null, corrections: null, decayCorrection: null }, 0).filter(
                ({ tag }) => tag !== 0x00281052 && tag !== 0x00281053,
              ),
              text(0x00189701, 'DT', '20240229113000'),
              text(0x00189758, 'CS', decayCorrected),
              text(0x00189759, 'CS', 'YES'),
              sq(0x52009229, [
                sq(0x00209116, [text(0x00200037, 'DS', '1\\0\\0\\0\\1\\0')]),
                sq(0x00289110, [text(0x00280030, 'DS', '0.8\\0.7')]),
              ]),
              sq(0x52009230, ...frames),
            ],
          }),
          frames: SLOPES.map((_, slice) => words(...slicePixels(slice))),
        },
      ];
    }

    for (const [scheme, open] of Object.entries(OPENINGS)) {
      it(`is in SUV by its Decay Correction DateTime, over ${scheme}`, async () => {
        const volume = await load(await open(enhanced('Bq/ml')));
        expectValues(volume.getScalarData(), truth(factorAfter(ONE_HOUR + 3600)));
        expect(volume.scalingReport?.units).toBe('SUV');
      });

      it(`is taken as it is where it is in SUV, over ${scheme}`, async () => {
        const volume = await load(await open(enhanced('{SUVbw}g/ml')));
        expectValues(volume.getScalarData(), truth(1));
        expect(volume.scalingReport?.units).toBe('SUV');
      });

      it(`says where it is not corrected for decay, over ${scheme}`, async () => {
        const volume = await load(await open(enhanced('Bq/ml', 'NO')));
        expectValues(volume.getScalarData(), truth(1));
        expect(volume.scalingReport?.units).toBe('BQML');
        expect(volume.scalingReport?.reason?.code).toBe('not-corrected');
      });
    }
  });

  it('with several injections says so', async () => {
    const injection = (time: string): ReturnType<typeof text>[] => [
      text(0x00181072, 'TM', time),
      text(0x00181074, 'DS', String(DOSE_IN_BQ / 2)),
      text(0x00181075, 'DS', '6586.2'),
    ];
    const series = petSeries({
      more: [sq(0x00540016, injection('093000'), injection('101500'))],
    });
    const volume = await load(await overWadors(series));
    expectValues(volume.getScalarData(), truth(1));
    expect(volume.scalingReport?.reason?.message).toContain('has 2 injections');
  });
});
