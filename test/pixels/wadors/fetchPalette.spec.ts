import { wadors } from '@cornerstonejs/dicom-image-loader';
import type { StreamingVolumeError } from '../../../src/index.js';
import { paletteElements } from '../../support/colorFrames.js';
import type { TableToWrite } from '../../support/colorFrames.js';
import { startCornerstone, stopCornerstone } from '../../support/cornerstone.js';
import { createVolume } from '../../support/createVolume.js';
import { textsOf } from '../../support/errorOf.js';
import { setHooks } from '../../support/hookSets.js';
import { karmaFixtures } from '../../support/karmaFixtures.js';
import { headersOf } from '../../support/pixelSeries.js';
import { giveAnswers, resetServer, seenRequests, setFaults } from '../../support/serverControls.js';
import { multipartBody } from '../../support/servedSeries.js';

const STORED = [0, 1, 2, 3, 200, 255];
const ENTRIES = 128;
const SLICES = 3;

const entry = (color: number, index: number): number => (index * 5 + color * 80) & 0xff;
const table = (color: number): Uint8Array =>
  Uint8Array.from({ length: ENTRIES }, (_, index) => entry(color, index));

const VOXELS = Array.from({ length: SLICES }, () =>
  STORED.flatMap((stored) => [0, 1, 2].map((color) => entry(color, Math.min(stored, ENTRIES - 1)))),
).flat();

let count = 0;

interface Served {
  readonly imageIds: string[];
  /** Path of the series on the fixture server. */
  readonly path: string;
}

/**
 * Serves a series with a palette, whose tables are bulk data.
 *
 * @param uriOf - of the table of a colour, as the metadata state it, by the path of the series
 */
async function serve(uriOf: (color: number, path: string) => string): Promise<Served> {
  count += 1;
  const path = `/palette-${count}/studies/1.${count}/series/2.${count}`;
  const written = (color: number): TableToWrite => ({
    count: ENTRIES,
    first: 0,
    bits: 8,
    data: table(color),
    bulkDataUri: uriOf(color, path),
  });
  const format = {
    rows: 1,
    columns: STORED.length,
    bitsAllocated: 8,
    bitsStored: 8,
    highBit: 7,
    pixelRepresentation: 0,
    photometricInterpretation: 'PALETTE COLOR',
    more: paletteElements([written(0), written(1), written(2)]),
  } as const;
  const frames = Array.from({ length: SLICES }, (_, i) => `${path}/instances/${i + 1}/frames/1`);
  const headers = { 'Content-Type': 'application/octet-stream' };
  await giveAnswers(frames.map((each) => ({ path: each, headers, body: Uint8Array.from(STORED) })));
  const json = headersOf(format, SLICES);
  const imageIds = frames.map((each, i) => {
    const imageId = `wadors:${String(karmaFixtures['origin'])}${each}`;
    wadors.metaDataManager.add(imageId, json[i] as never);
    return imageId;
  });
  return { imageIds, path };
}

/** Serves the tables under a path, in one part or as multipart. */
async function serveTables(path: string, isMultipart: boolean): Promise<void> {
  await giveAnswers(
    [0, 1, 2].map((color) => ({
      path: `${path}/${color}`,
      headers: {
        'Content-Type': isMultipart
          ? 'multipart/related; type="application/octet-stream"; boundary=b'
          : 'application/octet-stream',
      },
      body: isMultipart
        ? multipartBody(table(color), ['Content-Type: application/octet-stream'])
        : table(color),
    })),
  );
}

async function tableRequests(path: string) {
  return (await seenRequests()).filter(({ path: each }) => each.startsWith(`${path}/`));
}

async function load(imageIds: readonly string[]) {
  const volume = await createVolume(imageIds, { retries: 0 });
  const { failed } = await volume.load();
  return { volume, errors: failed.map(({ error }: { error: StreamingVolumeError }) => error) };
}

for (const options of [{}, { frameWorkers: 0 }]) {
  describe(`D26: a palette as bulk data, ${'frameWorkers' in options ? 'on the main thread' : 'with frame workers'},`, () => {
    let takeHooksBack: () => void;

    beforeEach(async () => {
      startCornerstone(options);
      takeHooksBack = setHooks({});
      await resetServer();
    });

    afterEach(async () => {
      stopCornerstone();
      takeHooksBack();
      await resetServer();
    });

    for (const isMultipart of [false, true]) {
      it(`is fetched once for all frames, ${isMultipart ? 'as multipart' : 'as one part'}`, async () => {
        const bulk = `/bulk-${count}-${String(isMultipart)}-${JSON.stringify(options).length}`;
        const { imageIds } = await serve(
          (color) => `${String(karmaFixtures['origin'])}${bulk}/${color}`,
        );
        await serveTables(bulk, isMultipart);
        const { volume, errors } = await load(imageIds);
        expect(errors).toEqual([]);
        expect([...volume.getScalarData()]).toEqual(VOXELS);
        expect((await tableRequests(bulk)).length).toBe(3);
      });
    }

    it('is found at an address relative to the metadata of the series', async () => {
      const { imageIds, path } = await serve((color) => `../../tables/${color}`);
      const tables = `${path.replace(/\/series.*/, '')}/tables`;
      await serveTables(tables, false);
      const { volume, errors } = await load(imageIds);
      expect(errors).toEqual([]);
      expect([...volume.getScalarData()]).toEqual(VOXELS);
      expect((await tableRequests(tables)).length).toBe(3);
    });

    it('is requested with the hooks of the application', async () => {
      setHooks({ beforeSend: () => ({ 'X-Token': 'yes' }) });
      const { imageIds, path } = await serve((color) => `tables/${color}`);
      await serveTables(`${path}/tables`, true);
      const { volume, errors } = await load(imageIds);
      expect(errors).toEqual([]);
      expect([...volume.getScalarData()]).toEqual(VOXELS);
      const requests = await tableRequests(`${path}/tables`);
      expect(requests.map(({ headers }) => headers['x-token'])).toEqual(['yes', 'yes', 'yes']);
    });

    it('is requested of another origin without the hooks of the application, which add its credentials', async () => {
      setHooks({ beforeSend: () => ({ Authorization: 'Bearer token' }) });
      const other = String(karmaFixtures['origin']).replace('//127.0.0.1', '//elsewhere.localhost');
      const { imageIds, path } = await serve((color, of) => `${other}${of}/tables/${color}`);
      await serveTables(`${path}/tables`, false);
      const { errors } = await load(imageIds);
      expect(errors).toEqual([]);
      const requests = await tableRequests(`${path}/tables`);
      expect(requests.map(({ headers }) => headers['authorization'])).toEqual([
        undefined,
        undefined,
        undefined,
      ]);
    });

    it('fails each frame with the HTTP status, and loads after a retry', async () => {
      const { imageIds, path } = await serve((color) => `tables/${color}`);
      await setFaults([{ match: `${path}/tables`, status: 404 }]);
      const { volume, errors } = await load(imageIds);
      expect(errors.map(({ code, status }) => [code, status])).toEqual(
        imageIds.map(() => ['frame-fetch', 404]),
      );
      expect(errors[0]?.message).toContain(`${path}/tables/`);
      await setFaults([]);
      await serveTables(`${path}/tables`, false);
      await volume.retryFailedFrames();
      expect([...volume.getScalarData()]).toEqual(VOXELS);
    });

    it('that is too short fails each frame', async () => {
      const { imageIds, path } = await serve((color) => `tables/${color}`);
      await giveAnswers(
        [0, 1, 2].map((color) => ({
          path: `${path}/tables/${color}`,
          headers: { 'Content-Type': 'application/octet-stream' },
          body: table(color).subarray(0, ENTRIES - 1),
        })),
      );
      const { errors } = await load(imageIds);
      expect(errors.map(({ code }) => code)).toEqual(imageIds.map(() => 'frame-decode'));
    });

    it('that is too long, or a page, fails each frame', async () => {
      const long = await serve((color) => `tables/${color}`);
      await giveAnswers(
        [0, 1, 2].map((color) => ({
          path: `${long.path}/tables/${color}`,
          headers: { 'Content-Type': 'application/octet-stream' },
          body: new Uint8Array(1024 * 1024 + 1),
        })),
      );
      expect((await load(long.imageIds)).errors.map(({ code }) => code)).toEqual(
        long.imageIds.map(() => 'frame-body'),
      );
      const page = await serve((color) => `tables/${color}`);
      await giveAnswers(
        [0, 1, 2].map((color) => ({
          path: `${page.path}/tables/${color}`,
          headers: { 'Content-Type': 'text/html' },
          body: table(color),
        })),
      );
      expect((await load(page.imageIds)).errors.map(({ code }) => code)).toEqual(
        page.imageIds.map(() => 'frame-body'),
      );
    });

    it('at an address that is none fails each frame', async () => {
      const { imageIds } = await serve(() => 'http://[/?name=Doe Jane');
      const { errors } = await load(imageIds);
      expect(errors.map(({ code }) => code)).toEqual(imageIds.map(() => 'frame-fetch'));
      expect(errors.map(textsOf).join('\n')).not.toContain('Jane');
    });

    it('ends with the load that it is for', async () => {
      const { imageIds, path } = await serve((color) => `tables/${color}`);
      await setFaults([{ match: `${path}/tables`, hold: true }]);
      const volume = await createVolume(imageIds);
      const loading = volume.load();
      volume.cancelLoading();
      await expectAsync(loading).toBeRejected();
    });
  });
}
