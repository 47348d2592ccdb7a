/**
 * Measures what an application downloads of the package (`npm run size`): Vite builds small applications with the
 * built package, minified, and the compressed scripts are weighed. Packages of Cornerstone3D and vtk.js are left out,
 * as the application has them anyway; the package's own dependencies count. The exit code is 1 above a limit.
 */
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { buildIfStale } from './buildIfStale.mjs';

/** In kB of 1000 bytes, gzip: what is wanted, or just above what was measured where that is not reached. */
const LIMITS_IN_KB = {
  'register and create a volume: loaded at once': 50,
  'register and create a volume: all scripts': 128,
  'frame worker, without codecs': 17,
  // All of it is needed: each reason is found by the headers alone, and the function answers at once.
  'checkVolumeEligibility alone': 21.5,
};

const PACKAGE = 'streaming-image-volume-loader';
const DIST = fileURLToPath(new URL('../dist', import.meta.url));
const PEERS = /^@cornerstonejs\/(core|dicom-image-loader|metadata|utils)(\/|$)|^@kitware\/vtk\.js/;
/** The worker fetches a codec when a series needs it. */
const CODECS = /^@cornerstonejs\/(codec-|jpeg-lossless-)/;

buildIfStale();
const volumes = await bundle(['registerStreamingImageVolumeLoader', 'createStreamingVolume']);
const eligibility = await bundle(['checkVolumeEligibility']);
const worker = await bundle([], `${DIST}/pixels/worker/frameWorker.js`);
check({
  'register and create a volume: loaded at once': weigh(initial(volumes)),
  'register and create a volume: all scripts': weigh([...volumes.values()]),
  'frame worker, without codecs': weigh(initial(worker)),
  'checkVolumeEligibility alone': weigh(initial(eligibility)),
});

/**
 * Builds an application.
 *
 * @param {string[]} names - that it imports of the package
 * @param {string} [script] - of the package, that it is instead
 * @returns {Promise<Map<string, Chunk>>} its scripts, by file name
 */
async function bundle(names, script) {
  const application = 'application';
  const list = names.join();
  const result = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      target: 'es2022',
      modulePreload: false,
      rolldownOptions: {
        input: script ?? application,
        external: [PEERS, CODECS],
      },
    },
    plugins: [
      {
        name: 'application',
        enforce: 'pre',
        resolveId: (id) =>
          id === application ? `\0${id}` : id === PACKAGE ? `${DIST}/index.js` : undefined,
        load: (id) =>
          id === `\0${application}`
            ? `import { ${list} } from '${PACKAGE}'; globalThis.application = [${list}];`
            : undefined,
        // The script of the worker and the codecs' files are weighed apart.
        transform: (code) => code.replaceAll('new URL(', 'new globalThis.URL('),
      },
    ],
  });
  const { output } = /** @type {{ output: Chunk[] }} */ (
    Array.isArray(result) ? result[0] : result
  );
  return new Map(
    output.filter(({ type }) => type === 'chunk').map((each) => [each.fileName, each]),
  );
}

/** @typedef {{ type: string, fileName: string, isEntry: boolean, imports: string[], code: string }} Chunk */

/**
 * The scripts that are loaded with the page.
 *
 * @param {Map<string, Chunk>} chunks
 */
function initial(chunks) {
  const found = new Set([...chunks.values()].filter(({ isEntry }) => isEntry));
  for (const { imports } of found) {
    for (const name of imports) {
      const chunk = chunks.get(name);
      if (chunk) found.add(chunk);
    }
  }
  return [...found];
}

/**
 * @param {Chunk[]} chunks
 * @returns {number} in kB
 */
function weigh(chunks) {
  return chunks.reduce((sum, { code }) => sum + gzipSync(code, { level: 9 }).length, 0) / 1000;
}

/** @param {Record<keyof typeof LIMITS_IN_KB, number>} sizes - in kB */
function check(sizes) {
  for (const [name, limit] of Object.entries(LIMITS_IN_KB)) {
    const size = sizes[/** @type {keyof typeof LIMITS_IN_KB} */ (name)];
    const isAbove = size > limit;
    if (isAbove) process.exitCode = 1;
    const line = `${name.padEnd(46)} ${size.toFixed(1).padStart(6)} kB of ${limit} kB`;
    process.stdout.write(`${line}${isAbove ? ', which is too much' : ''}\n`);
  }
}
