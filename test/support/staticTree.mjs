import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { ENCODED } from './staticServer.mjs';

/**
 * Path and encoding of the JSON of a resource; a file server cannot have a file and a folder of the same name.
 *
 * @typedef {object} Layout
 * @property {string} list suffix of the paths of lists of studies and series
 * @property {string} metadata suffix of the path of the metadata of a series
 * @property {boolean} gzip whether both are compressed
 */

/** @type {Record<string, Layout>} */
export const LAYOUTS = {
  plain: { list: '/index.json', metadata: '', gzip: false },
  listing: { list: '/index.json', metadata: '.json', gzip: false },
  gz: { list: '.gz', metadata: '.gz', gzip: true },
  encoded: { list: `/index.json.gz${ENCODED}`, metadata: ENCODED, gzip: true },
  unmarked: { list: '/index.json.gz', metadata: '', gzip: true },
};

/**
 * Writes the resources of a DICOMweb server as a tree of files: the lists and the metadata as JSON, and each
 * frame as a separate file, without a multipart envelope.
 *
 * @param {string} folder
 * @param {string} dicomWebRoot
 * @param {Layout} layout
 */
export async function writeStaticTree(folder, dicomWebRoot, { list, metadata, gzip }) {
  const writeJson = async (/** @type {string} */ path, /** @type {unknown} */ json) => {
    const text = JSON.stringify(json);
    await write(join(folder, path), gzip ? gzipSync(text) : text);
  };
  const getJson = async (/** @type {string} */ path) =>
    /** @type {Array<Record<string, { Value?: unknown[] }>>} */ (
      await (await fetch(`${dicomWebRoot}/${path}`)).json()
    );
  const valueOf = (/** @type {Record<string, { Value?: unknown[] }>} */ entry, tag = '') =>
    `${/** @type {string | number} */ (entry[tag]?.Value?.[0] ?? '')}`;

  const studies = await getJson('studies');
  await writeJson(`studies${list}`, studies);
  for (const study of studies) {
    const studyPath = `studies/${valueOf(study, '0020000D')}/series`;
    const allSeries = await getJson(studyPath);
    await writeJson(`${studyPath}${list}`, allSeries);
    for (const series of allSeries) {
      const path = `${studyPath}/${valueOf(series, '0020000E')}`;
      const instances = await getJson(`${path}/metadata`);
      await writeJson(`${path}/metadata${metadata}`, instances);
      for (const instance of instances) {
        const frames = `${path}/instances/${valueOf(instance, '00080018')}/frames`;
        const count = Number(valueOf(instance, '00280008')) || 1;
        for (let frame = 1; frame <= count; frame++) {
          const answer = await fetch(`${dicomWebRoot}/${frames}/${frame}?singlePart=1`);
          await write(join(folder, `${frames}/${frame}`), Buffer.from(await answer.arrayBuffer()));
        }
      }
    }
  }
}

/**
 * @param {string} path
 * @param {string | Buffer} content
 */
async function write(path, content) {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}
