import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startDicomWebServer } from '../../demo/server/index.mjs';
import { startCodecServer } from './codecServer.mjs';
import { startEchoServer } from './echoServer.mjs';
import { findOrthanc, startOrthanc } from './orthanc.mjs';
import { startStaticServer } from './staticServer.mjs';
import { LAYOUTS, writeStaticTree } from './staticTree.mjs';
import { writeTestSeries } from './testSeries.mjs';

const SHARED_DATA = resolve(
  fileURLToPath(new URL('../..', import.meta.url)),
  process.env['SHARED_DATA'] ?? '../shared/data',
);

/** Data sets for Orthanc, where it is installed: Orthanc cannot serve frames of the other transfer syntaxes. */
const ORTHANC_DATA = [
  'synthetic/ct-int16',
  'mr-brain/explicit',
  'mr-brain/implicit',
  'mr-brain/jpegls',
  'mr-brain/j2k',
  'mr-brain/rle',
  'mr-brain/jpeg-lossless-sv1',
];

/** Series that are also under one common root, for lists. */
const TOGETHER = ['ct-int16', 'mr-uint16', 'us-uint8', 'mr-multi-frame', 'ct-uint12'];

/** Data sets that are also on a file server, in every layout. */
const IN_TREES = ['synthetic/ct-int16', 'synthetic/mr-multi-frame', 'mr-brain/jpegls'];

/**
 * What the specs get of the servers.
 *
 * @typedef {object} ClientConfig
 * @property {string} origin also of the test controls, `/__requests` and the others
 * @property {Record<string, string>} roots DICOMweb root by name of the data set: `synthetic/<format>`,
 *   `mr-brain/<syntax>`, `ct-single-slice/<syntax>`, `mr-4d-two-time-points`, `ct-tilt-gap-duplicate`
 * @property {Record<string, string>} staticTrees addresses of trees of files with data sets of the roots,
 *   by `<layout>/<data set>`
 * @property {string} echoOrigin of the server whose response is in the address (echoServer.mjs)
 * @property {string} codecOrigin of the server that encodes frames (codecServer.mjs)
 * @property {boolean} sharedData whether the real data sets are on this machine
 * @property {{ dicomWebRoot: string, dataSets: string[] } | null} orthanc holds the same series as the
 *   roots of these names
 * @property {boolean} ci in CI no test may be skipped
 */

/**
 * Starts the servers that the specs in the browser use, all on loopback.
 *
 * @param {{ isolated: boolean }} options whether responses have COOP and COEP
 * @returns {Promise<{ clientConfig: ClientConfig, stop: () => Promise<void> }>}
 * @throws {Error} in CI, when Orthanc is missing
 */
export async function startServers({ isolated }) {
  const ci = Boolean(process.env['CI']);
  const sharedData = existsSync(SHARED_DATA);
  const folder = await mkdtemp(join(tmpdir(), 'test-series-'));
  /** @type {Array<() => Promise<unknown>>} the last first */
  const stops = [() => rm(folder, { recursive: true, force: true })];
  const stop = async () => {
    for (const each of stops.splice(0).reverse()) await each();
  };
  try {
    /** @type {Record<string, string[]>} */
    const data = {};
    for (const [name, path] of Object.entries(await writeTestSeries(folder))) {
      data[`synthetic/${name}`] = [path];
    }
    data['synthetic-together'] = TOGETHER.flatMap((name) => data[`synthetic/${name}`] ?? []);
    if (sharedData) Object.assign(data, await sharedDataSets());
    const orthanc = await orthancWithData(data, ci);
    if (orthanc !== null) stops.push(orthanc.stop);

    const server = await startDicomWebServer({
      roots: data,
      proxies: orthanc === null ? {} : { '/orthanc/': `${orthanc.origin}/` },
      crossOriginIsolated: isolated,
      testControls: true,
    });
    stops.push(server.close);
    const trees = join(folder, 'static-trees');
    const files = await startStaticServer(trees, { isolated });
    stops.push(files.stop);
    const echo = await startEchoServer({ isolated });
    stops.push(echo.stop);
    const codecs = await startCodecServer({ isolated });
    stops.push(codecs.stop);
    /** @type {Record<string, string>} */
    const staticTrees = {};
    for (const [name, layout] of Object.entries(LAYOUTS)) {
      for (const dataSet of IN_TREES.filter((each) => each in data)) {
        const root = server.url(`/data/${dataSet}/dicomweb`);
        await writeStaticTree(join(trees, name, dataSet), root, layout);
        staticTrees[`${name}/${dataSet}`] = `${files.origin}/${name}/${dataSet}`;
      }
    }
    server.requests.clear();
    return {
      clientConfig: {
        origin: server.origin,
        roots: Object.fromEntries(
          Object.keys(data).map((name) => [name, server.url(`/data/${name}/dicomweb`)]),
        ),
        staticTrees,
        echoOrigin: echo.origin,
        codecOrigin: codecs.origin,
        sharedData,
        orthanc: orthanc && {
          dicomWebRoot: server.url('/orthanc/dicom-web'),
          dataSets: orthanc.dataSets,
        },
        ci,
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * The real data sets by name, each copy in a transfer syntax separately.
 *
 * @returns {Promise<Record<string, string[]>>}
 */
async function sharedDataSets() {
  /** @type {Record<string, string[]>} */
  const sets = {};
  for (const name of await namesIn(SHARED_DATA)) {
    const path = join(SHARED_DATA, name);
    const parts = await readdir(path, { withFileTypes: true }).catch(() => []);
    const folders = parts.filter((part) => part.isDirectory());
    for (const part of folders) sets[`${name}/${part.name}`] = [join(path, part.name)];
    if (folders.length > 0) continue;
    if (name === 'ct-single-slice') {
      for (const file of parts) {
        sets[`${name}/${basename(file.name, '.dcm')}`] = [join(path, file.name)];
      }
    } else if (parts.length > 0) sets[name] = [path];
  }
  return sets;
}

/** @param {string} folder */
async function namesIn(folder) {
  return (await readdir(folder)).sort();
}

/**
 * @param {Record<string, string[]>} data
 * @param {boolean} required
 * @returns {Promise<{ origin: string, dataSets: string[], stop: () => Promise<void> } | null>} null, and
 *   one line that says why, without Orthanc
 */
async function orthancWithData(data, required) {
  const found = findOrthanc();
  if ('missing' in found) {
    if (required) throw new Error(found.missing);
    process.stdout.write(`The specs with Orthanc are skipped: ${found.missing}\n`);
    return null;
  }
  const orthanc = await startOrthanc(found);
  const dataSets = ORTHANC_DATA.filter((name) => name in data);
  try {
    for (const name of dataSets) {
      for (const folder of data[name] ?? []) await orthanc.upload(folder);
    }
  } catch (error) {
    await orthanc.stop();
    throw error;
  }
  return { ...orthanc, dataSets };
}
