import { fetchSeries, listSeries } from '../../src/index.js';
import type { SeriesSummary, StreamingImageVolume } from '../../src/index.js';
import { createVolume } from '../support/createVolume.js';
import { startCornerstone, stopCornerstone } from '../support/cornerstone.js';
import { dicomWebRoot } from '../support/dicomWebSeries.js';
import { karmaFixtures } from '../support/karmaFixtures.js';
import { frameRequests, fileRequests, resetServer } from '../support/serverControls.js';

const SLICES = 24;

let useCount = 0;

/** A way to get to the imageIds of a data set. */
type Opening = (format: string) => Promise<string[]>;

async function overDicomWeb(format: string): Promise<string[]> {
  const wadoRsRoot = dicomWebRoot(`synthetic/${format}`) as string;
  const [series] = await listSeries({ wadoRsRoot });
  return fetchSeries({ wadoRsRoot, ...(series as SeriesSummary) });
}

async function overWadouri(format: string): Promise<string[]> {
  useCount += 1;
  const imageIds = await overDicomWeb(format);
  const files = `${String(karmaFixtures['origin'])}/data/synthetic/${format}/files`;
  return imageIds.map((imageId) => {
    const [, uid] = /instances\/([\d.]+)/.exec(imageId) ?? [];
    return `wadouri:${files}/${uid}.dcm?of=resampling${useCount}`;
  });
}

describe('A series that is resampled', () => {
  beforeEach(async () => {
    startCornerstone();
    await resetServer();
  });

  afterEach(async () => {
    await resetServer();
    stopCornerstone();
  });

  async function load(open: Opening, format: string): Promise<StreamingImageVolume> {
    const imageIds = await open(format);
    const volume = await createVolume(Object.freeze(imageIds), { onIrregular: 'resample' });
    await resetServer();
    expect(await volume.load()).toEqual({ framesLoaded: volume.imageIds.length, failed: [] });
    return volume;
  }

  /** The place of the first voxel that is not that of the field; `none` when all are right. */
  function firstWrongVoxel(
    volume: StreamingImageVolume,
    valueAt: (column: number, row: number, along: number) => number,
  ): string {
    const [columns, rows] = volume.dimensions;
    const wrong = volume.getScalarData().findIndex((value, i) => {
      const [column, row] = [i % columns, Math.floor(i / columns) % rows];
      const along = Math.floor(i / columns / rows) * volume.spacing[2];
      const expected = valueAt(column, row, along);
      return !(Math.abs(value - expected) <= 0.5 + 1e-3 * Math.abs(expected));
    });
    return wrong < 0 ? 'none' : `${wrong}: ${volume.getScalarData()[wrong]}`;
  }

  for (const [name, open] of [
    ['DICOMweb', overDicomWeb],
    ['wadouri', overWadouri],
  ] as const) {
    it(`has the field of its frames on a regular grid: ${name}`, async () => {
      const volume = await load(open, 'ct-irregular');
      expect(volume.dimensions.slice(0, 2)).toEqual([64, 48]);
      expect(firstWrongVoxel(volume, (c, r, along) => 3 * c + 7 * r + 20 * along - 200)).toBe(
        'none',
      );
      const requests = name === 'wadouri' ? await fileRequests() : await frameRequests();
      // No frame is requested twice, though most go into two slices.
      expect(new Set(requests.map(({ path }) => path)).size).toBe(requests.length);
      expect(requests.length).toBeLessThanOrEqual(SLICES);
    });

    it(`has the field of its frames in an upright box: ${name}`, async () => {
      const volume = await load(open, 'ct-tilted');
      // 23 times 1.2 mm are 36.8 columns of 0.75 mm.
      expect(volume.dimensions).toEqual([64 + 37, 48, SLICES]);
      expect(volume.origin[0]).toBeCloseTo(-24 - 23 * 1.2, 4);
      const { shear } = volume.geometryReport;
      expect(shear?.tiltInDegrees).toBeCloseTo((Math.atan(0.6) * 180) / Math.PI, 3);
      const inFrame = (column: number, along: number): number => column - (23 - along / 2) * 1.6;
      const padding = shear?.paddingValue;
      expect(padding).toBe(-1000);
      const wrong = firstWrongVoxel(volume, (column, r, along) => {
        const c = inFrame(column, along);
        const isInside = c >= -1e-6 && c <= 63 + 1e-6;
        return isInside ? 10 * c + 7 * r + 12 * along - 200 : -1000;
      });
      expect(wrong).toBe('none');
    });
  }
});
