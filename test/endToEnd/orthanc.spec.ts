import { fetchSeries, listSeries } from '../../src/index.js';
import type { SeriesSummary } from '../../src/index.js';
import {
  fetchBrainTruth,
  firstDifference,
  isDecodable,
  positionOf,
} from '../support/brainTruth.js';
import { createVolume } from '../support/createVolume.js';
import { startCornerstone, stopCornerstone } from '../support/cornerstone.js';
import {
  clearRequests,
  countFrameRequests,
  dicomText,
  dicomWebRoot,
  fetchSeries as fetchFromFixture,
} from '../support/dicomWebSeries.js';
import type { DicomJson } from '../support/dicomWebSeries.js';
import { karmaFixtures } from '../support/karmaFixtures.js';
import { firstWrongVoxel } from '../support/testSeriesTruth.js';

interface OrthancFixture {
  readonly dicomWebRoot: string;
  /** Names of the data sets of the fixture server that Orthanc holds too. */
  readonly dataSets: readonly string[];
}

const orthanc = karmaFixtures['orthanc'] as OrthancFixture | null;

describe("A series over Orthanc's DICOMweb", () => {
  beforeEach(() => {
    startCornerstone();
  });

  afterEach(() => {
    stopCornerstone();
  });

  /** The imageIds of a data set, but as Orthanc has it. */
  async function fetchFromOrthanc(dataSet: string): Promise<string[]> {
    const { instances } = await fetchFromFixture(dicomWebRoot(dataSet) as string);
    const uid = dicomText(instances[0] as DicomJson, '0020000E');
    const wadoRsRoot = (orthanc as OrthancFixture).dicomWebRoot;
    const list = await listSeries({ wadoRsRoot });
    const series = list.filter(({ seriesInstanceUID }) => seriesInstanceUID === uid);
    expect(series.length).toBe(1);
    expect(series[0]?.instanceCount).toBe(instances.length);
    return fetchSeries({ wadoRsRoot, ...(series[0] as SeriesSummary) });
  }

  if (!orthanc) {
    it('has every voxel', () => {
      if (karmaFixtures.ci) {
        fail('Orthanc is not running');
      }
      pending('Orthanc is not on this machine');
    });
  }

  for (const dataSet of orthanc?.dataSets ?? []) {
    const [group, name = ''] = dataSet.split('/');
    if (group === 'synthetic') {
      it(`has every voxel of ${dataSet}`, async () => {
        const imageIds = await fetchFromOrthanc(dataSet);
        const volume = await createVolume(imageIds);
        expect(await volume.load()).toEqual({ framesLoaded: 24, failed: [] });
        expect(firstWrongVoxel(volume, name)).toBe('none');
      });
    } else if (group === 'mr-brain' && isDecodable(name)) {
      it(`has every voxel of a real MR in ${name}`, async () => {
        const truth = await fetchBrainTruth();
        const imageIds = await fetchFromOrthanc(dataSet);
        const volume = await createVolume(imageIds);
        await clearRequests();
        expect(await volume.load()).toEqual({ framesLoaded: 20, failed: [] });
        expect(volume.dimensions).toEqual([256, 256, 20]);
        volume.imageIds.forEach((imageId, slice) => {
          expect(imageId).toContain('/orthanc/');
          expect(firstDifference(volume, slice, truth.get(positionOf(imageId)) ?? [])).toBe(-1);
        });
        expect(await countFrameRequests()).toBe(20);
      });
    }
  }
});
