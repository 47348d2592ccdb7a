import { internal, prefetchPart10Instance, wadouri } from '@cornerstonejs/dicom-image-loader';
import { checkVolumeEligibility } from '../../src/index.js';
import { createVolume } from '../support/createVolume.js';
import { startCornerstone, stopCornerstone } from '../support/cornerstone.js';
import { startDataSetCache, stopDataSetCache } from '../support/dataSetCache.js';
import { clearRequests, dicomText, dicomWebRoot, fetchSeries } from '../support/dicomWebSeries.js';
import { karmaFixtures } from '../support/karmaFixtures.js';
import { firstWrongVoxel } from '../support/testSeriesTruth.js';

const FRAMES = 24;
const ORIGIN = String(karmaFixtures['origin']);

/** A way to get from a data set to imageIds whose headers Cornerstone knows. */
type Opening = (format: string) => Promise<string[]>;

async function overDicomWeb(format: string): Promise<string[]> {
  return (await fetchSeries(dicomWebRoot(`synthetic/${format}`) as string)).imageIds;
}

async function urlOf(format: string, mark: string): Promise<string> {
  const { instances } = await fetchSeries(dicomWebRoot(`synthetic/${format}`) as string);
  const [instance] = instances;
  if (!instance || instances.length !== 1) {
    throw new Error(`Expected one file of ${format}, got ${instances.length}`);
  }
  // A mark of its own, as Cornerstone keeps the headers of an address for good.
  return `${ORIGIN}/data/synthetic/${format}/files/${dicomText(instance, '00080018')}.dcm?of=${mark}`;
}

function framesOf(url: string): string[] {
  return Array.from({ length: FRAMES }, (_, i) => `wadouri:${url}&frame=${i + 1}`);
}

async function overWadouri(format: string): Promise<string[]> {
  const url = await urlOf(format, 'multi-frame');
  await prefetchPart10Instance(`wadouri:${url}`, await (await fetch(url)).arrayBuffer());
  return framesOf(url);
}

async function overDataSets(format: string): Promise<string[]> {
  const url = await urlOf(format, 'data-set');
  const request = internal.xhrRequest as never;
  await wadouri.dataSetCacheManager.load(url, request, `wadouri:${url}`);
  return framesOf(url);
}

async function countFileRequests(): Promise<number> {
  const response = await fetch(`${ORIGIN}/__requests/count?match=/files/`);
  return ((await response.json()) as { count: number }).count;
}

describe('An image of many frames with functional groups', () => {
  beforeEach(() => {
    startCornerstone();
  });

  afterEach(() => {
    stopCornerstone();
  });

  function isRight(open: Opening): void {
    for (const [format, type] of [
      ['ct-enhanced', Int16Array],
      ['pt-enhanced', Float32Array],
    ] as const) {
      it(`has every voxel of ${format} where its frame lies, in modality units`, async () => {
        const imageIds = await open(format);
        expect(imageIds.length).toBe(FRAMES);
        const { reasons, stack } = checkVolumeEligibility(imageIds);
        expect(reasons).toEqual([]);
        expect(stack?.spacingInMm).toBeCloseTo(2, 5);
        const volume = await createVolume(imageIds);
        await clearRequests();
        expect(await volume.load()).toEqual({ framesLoaded: FRAMES, failed: [] });
        expect(volume.getScalarData()).toBeInstanceOf(type);
        expect(volume.dimensions).toEqual([64, 48, FRAMES]);
        expect([...volume.origin]).toEqual([-24, -30, 10]);
        [0.75, 1.5, 2].forEach((mm, axis) => {
          expect(volume.spacing[axis]).toBeCloseTo(mm, 5);
        });
        expect(firstWrongVoxel(volume, format)).toBe('none');
        // D25: what was read for the headers is not downloaded again, frame by frame.
        expect(await countFileRequests()).toBe(0);
      });
    }

    it('is refused when its frames turn, as in rotational angiography', async () => {
      const imageIds = await open('xa-turning-planes');
      const { eligible, reasons } = checkVolumeEligibility(imageIds);
      expect(eligible).toBeFalse();
      expect(reasons.map(({ code }) => code)).toContain('curved-stack');
      expect(reasons.find(({ code }) => code === 'curved-stack')?.imageIds).toEqual(imageIds);
    });

    it('is refused when no header says how its frames lie', async () => {
      const imageIds = await open('xa-rotational');
      const { reasons } = checkVolumeEligibility(imageIds);
      expect(reasons.map(({ code }) => code)).toEqual(['metadata-missing']);
      expect(reasons[0]?.message).toMatch(/position|Position/);
      expect(reasons[0]?.imageIds).toEqual(imageIds);
      await expectAsync(createVolume(imageIds)).toBeRejectedWith(
        jasmine.objectContaining({ code: 'metadata-missing' }),
      );
    });
  }

  describe('over DICOMweb', () => {
    isRight(overDicomWeb);
  });

  describe('D25: over wadouri', () => {
    isRight(overWadouri);
  });

  describe('D25: over wadouri with the data set cache of dicom-image-loader', () => {
    beforeEach(() => {
      startDataSetCache();
      startCornerstone();
    });

    afterEach(() => {
      stopCornerstone();
      stopDataSetCache();
    });

    isRight(overDataSets);
  });
});
