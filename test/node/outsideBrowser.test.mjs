/** The functions of the package for metadata, in Node. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { metaData } from '@cornerstonejs/core';
import { wadors } from '@cornerstonejs/dicom-image-loader';
import { build } from 'vite';
import { startDicomWebServer } from '../../demo/server/index.mjs';
import { ensureDemoSeries } from '../../demo/server/syntheticSeries.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SLICES = 5;

/** @type {string} */
let folder;
/** @type {import('../../demo/server/index.mjs').DicomWebServer} */
let server;
/** The package. @type {Api} */
let api;

/**
 * What is called here of src/index.ts, whose own types need those of browsers.
 *
 * @typedef {object} Api
 * @property {(imageIds: readonly string[]) => { eligible: boolean, reasons: unknown[], stack?: object }} checkVolumeEligibility
 * @property {(imageIds: readonly string[]) => { volumes: { imageIds: string[] }[], rest: unknown[] }} groupImageIdsIntoVolumes
 * @property {(service: { wadoRsRoot: string }) => Promise<object[]>} listSeries
 * @property {(series: { wadoRsRoot: string }) => Promise<string[]>} fetchSeries
 * @property {(imageIds: readonly string[], options?: { concurrency: number }) => Promise<void>} prefetchMetadata
 */

before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'outside-browser-'));
  await ensureDemoSeries({ folder, slices: SLICES, size: 16 });
  server = await startDicomWebServer({ folders: [folder] });
  api = await importSources();
});

after(async () => {
  await server?.close();
  await rm(folder, { recursive: true });
});

/** Bundles src/ for Node; packages are not bundled. */
async function importSources() {
  const outDir = path.join(ROOT, '.cache/outside-browser');
  await build({
    root: ROOT,
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: path.join(ROOT, 'src/index.ts'),
      outDir,
      emptyOutDir: true,
      rolldownOptions: { output: { entryFileNames: 'index.mjs' } },
    },
  });
  return import(pathToFileURL(path.join(outDir, 'index.mjs')).href);
}

/** @param {readonly string[]} imageIds */
function checkStack(imageIds) {
  const { eligible, reasons, stack } = api.checkVolumeEligibility(imageIds);
  assert.deepEqual(reasons, []);
  assert.ok(eligible);
  assert.ok(stack);
  const { volumes, rest } = api.groupImageIdsIntoVolumes(imageIds);
  assert.deepEqual([volumes.map((volume) => volume.imageIds.length), rest], [[SLICES], []]);
}

test('reads the headers of a DICOMweb service, and checks them', async () => {
  metaData.addProvider(wadors.metaData.metaDataProvider);
  try {
    const { dicomWebRoot: wadoRsRoot } = server;
    const [series] = await api.listSeries({ wadoRsRoot });
    assert.ok(series);
    const imageIds = await api.fetchSeries({ wadoRsRoot, ...series });
    assert.equal(imageIds.length, SLICES);
    checkStack(imageIds);
  } finally {
    metaData.removeProvider(wadors.metaData.metaDataProvider);
  }
});

for (const { name, refusal } of [
  { name: 'in ranges', refusal: undefined },
  { name: 'whole where the server refuses ranges', refusal: 416 },
]) {
  test(`reads the headers of DICOM files over HTTP, ${name}`, async () => {
    const files = (await readdir(folder)).filter((file) => file.endsWith('.dcm'));
    assert.equal(files.length, SLICES);
    /** @type {(string | undefined)[]} */
    const ranges = [];
    const fileServer = createServer(({ url = '', headers: { range } }, response) => {
      ranges.push(range);
      if (range && refusal) {
        response.writeHead(refusal).end();
        return;
      }
      response.end(readFileSync(path.join(folder, path.basename(url))));
    });
    await new Promise((resolve) => fileServer.listen(0, '127.0.0.1', () => resolve(undefined)));
    const { port } = /** @type {import('node:net').AddressInfo} */ (fileServer.address());
    try {
      const imageIds = files.map((file) => `wadouri:http://127.0.0.1:${port}/${file}`);
      await api.prefetchMetadata(imageIds, { concurrency: 1 });
      checkStack(imageIds);
      assert.ok(ranges.some((range) => range));
      assert.equal(ranges.includes(undefined), refusal !== undefined);
    } finally {
      fileServer.close();
    }
  });
}

test('says with which status the request of a header failed', async () => {
  const imageId = `wadouri:${server.url('/files/none')}`;
  await assert.rejects(api.prefetchMetadata([imageId]), ({ code, errors: [cause] }) => {
    assert.deepEqual([code, cause.code, cause.status], ['metadata-fetch', 'header-fetch', 404]);
    return true;
  });
});
