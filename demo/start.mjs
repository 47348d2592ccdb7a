import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { resolve } from 'node:path';
import { startDicomWebServer } from './server/index.mjs';
import { ensureDemoSeries } from './server/syntheticSeries.mjs';
import { ensureDemoStudy } from './server/synthetic/ensureDemoStudy.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const DEFAULT_PORT = 8080;
const PORTS_TO_TRY = 20;

try {
  await start(process.argv[2]);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

/**
 * Serves the viewer and a folder of DICOM files, or the computed series, on loopback.
 *
 * @param {string | undefined} path
 */
async function start(path) {
  if (path !== undefined && !existsSync(path)) throw new Error(`No such file or folder: ${path}`);
  const { buildDemo, DEMO_FOLDER } = await import('./build.mjs');
  say('Building the viewer …');
  // The bundler has threads of its own, which work while the series is generated.
  const built = buildDemo();
  // A rejection is handled below.
  built.catch(() => {});
  const folders = path === undefined ? await makeDemoStudy() : [resolve(path)];
  const server = await startOnFreePort({
    folders,
    staticFolder: DEMO_FOLDER,
    log: say,
  });
  await built;
  say(`Viewer at ${server.origin}/ (stop with Ctrl+C)`);
  const end = () => void server.close().then(() => process.exit(0));
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
}

/** @returns {Promise<string[]>} folders; the first one has the CT, which is listed and opened first */
async function makeDemoStudy() {
  const folder = resolve(ROOT, '.cache/demo-series');
  let shown = -1;
  await ensureDemoSeries({
    folder,
    onProgress(done, total) {
      const percent = Math.floor((done / total) * 10) * 10;
      if (percent > shown) say(`Generating the demo series: ${percent} %`);
      shown = percent;
    },
  });
  const others = resolve(ROOT, '.cache/demo-study');
  await ensureDemoStudy({ folder: others });
  return [folder, others];
}

/** @param {import('./server/index.mjs').ServerOptions} options */
async function startOnFreePort(options) {
  const first = Number(process.env['PORT'] ?? DEFAULT_PORT);
  if (!Number.isInteger(first) || first < 0 || first > 65535) {
    throw new Error(`Expected a port number in PORT, got ${process.env['PORT']}`);
  }
  for (let port = first; ; port++) {
    try {
      return await startDicomWebServer({ ...options, port });
    } catch (error) {
      const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
      if (!taken || port + 1 >= first + PORTS_TO_TRY) throw error;
    }
  }
}

/** @param {string} line */
function say(line) {
  process.stdout.write(`${line}\n`);
}
