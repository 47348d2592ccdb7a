/**
 * Measures how busy the main thread of the OHIF viewer is while a CT loads in its MPR layout: with this
 * package, with this package without frame workers (everything on the main thread), and with the volume
 * loader of Cornerstone3D, on the same frames, one after the other in each round (`npm run build` comes
 * first).
 *
 *   npm run bench:ohif                                       3 rounds, 300 frames of 512 x 512
 *   npm run bench:ohif -- --rounds 1 --frames 40             a quick check that everything works
 *   npm run bench:ohif -- --output /tmp/ohif.json            instead of bench/ohif/results.json
 *
 * It prints a table for docs/performance.md. The exit code is not 0 when a measurement failed.
 */
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { findChromium } from '../../scripts/findChromium.mjs';
import { fetchOhif, OHIF_VERSION } from '../../scripts/ohif/fetchOhif.mjs';
import { startOhifServer } from '../../scripts/ohif/startOhifServer.mjs';
import { CT_STUDY_UID, writeCtStudy } from '../../scripts/ohif/writeStudies.mjs';
import { launchBrowser } from '../browser/launchBrowser.mjs';
import { describeMachine } from '../describeMachine.mjs';
import { median } from '../median.mjs';
import { parseOptions } from '../parseOptions.mjs';
import { measureOhif } from './measureOhif.mjs';

/** @typedef {import('./measureOhif.mjs').OhifFigures} OhifFigures */

const RESULTS = fileURLToPath(new URL('results.json', import.meta.url));
const STUDIES = fileURLToPath(new URL('../../.cache/ohif', import.meta.url));
const SIZE = 512;

/**
 * The columns of the table, with the options of the extension.
 *
 * @type {Record<string, Record<string, unknown>>}
 */
const VARIANTS = {
  'without frame workers': { frameWorkers: 0 },
  'with frame workers': {},
  built_in: { enabled: false },
};

const ROWS = /** @type {const} */ ([
  ['main thread busy', 'ms', 'busyMs'],
  ['longest task', 'ms', 'longestTaskMs'],
  ['load', 'ms', 'loadMs'],
  ['frames requested by the page itself', '', 'framesOfPage'],
]);

try {
  process.exitCode = (await run()) ? 0 : 1;
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

/** @returns {Promise<boolean>} whether every measurement was made */
async function run() {
  const { frames, rounds, output = RESULTS } = parseOptions(withDefaults(process.argv.slice(2)));
  const application = fetchOhif();
  const server = await startOhifServer({ application, folders: [await ensureStudy(frames)] });
  const loadBefore = os.loadavg()[0] ?? 0;
  const browser = await launchBrowser(await findChromium());
  const graphics = await browser.findGraphics();
  /** @type {Map<string, Array<OhifFigures | null>>} */
  const results = new Map(Object.keys(VARIANTS).map((name) => [name, []]));
  /** @type {string[]} */
  const failures = [];
  try {
    for (let round = 0; round < rounds; round++) {
      for (const [name, figures] of round % 2 === 0 ? results : [...results].reverse()) {
        const title = `round ${round + 1} of ${rounds}, ${name}`;
        try {
          const site = { options: VARIANTS[name] ?? {} };
          const measured = await measureOhif(browser, server, { studyUID: CT_STUDY_UID, site });
          figures.push(measured);
          log(`${title}: ${JSON.stringify(measured)}`);
        } catch (error) {
          figures.push(null);
          failures.push(`${title}: ${error instanceof Error ? error.message : String(error)}`);
          log(`FAILED ${failures.at(-1)}`);
        }
      }
    }
  } finally {
    await browser.close();
    await server.close();
  }
  process.stdout.write(formatTable(results));
  const machine = describeMachine({ chromium: browser.version, graphics, loadBefore });
  const rowsOf = Object.fromEntries(results);
  await write(output, {
    machine,
    ohif: OHIF_VERSION,
    frames,
    size: SIZE,
    rounds: rowsOf,
    failures,
  });
  log(`Written to ${path.relative(process.cwd(), output)}`);
  return failures.length === 0;
}

/**
 * Three rounds; the other suites have five: OHIF takes longer to open than to load.
 *
 * @param {string[]} args
 */
function withDefaults(args) {
  return args.includes('--rounds') ? args : [...args, '--rounds', '3'];
}

/**
 * @param {number} frames
 * @returns {Promise<string>} the folder of the study, which is written once
 */
async function ensureStudy(frames) {
  const folder = path.join(STUDIES, `study-${frames}-${SIZE}`);
  if (!existsSync(folder)) {
    log('Making the study');
    const unfinished = `${folder}.${process.pid}`;
    await rm(unfinished, { recursive: true, force: true });
    await writeCtStudy(unfinished, { slices: frames, size: SIZE });
    await rename(unfinished, folder);
  }
  return folder;
}

/**
 * Medians, in Markdown.
 *
 * @param {Map<string, Array<OhifFigures | null>>} results
 */
function formatTable(results) {
  const names = [...results.keys()];
  const lines = ROWS.map(([title, unit, figure]) => {
    const cells = names.map((name) => {
      const values = (results.get(name) ?? []).map((each) => each?.[figure] ?? null);
      const middle = median(values);
      return middle === null ? 'failed' : `${Math.round(middle)} ${unit}`.trim();
    });
    return `| ${[title, ...cells].join(' | ')} |`;
  });
  const head = ['in OHIF', ...names.map((name) => name.replace('built_in', 'built-in'))];
  return [
    `| ${head.join(' | ')} |`,
    `| ${head.map((_, column) => (column === 0 ? '---' : '---:')).join(' | ')} |`,
    ...lines,
    '',
  ].join('\n');
}

/**
 * @param {string} file
 * @param {object} results
 */
async function write(file, results) {
  const config = await resolveConfig(RESULTS);
  await mkdir(path.dirname(path.resolve(file)), { recursive: true });
  await writeFile(file, await format(JSON.stringify(results), { ...config, parser: 'json' }));
}

/** @param {string} line */
function log(line) {
  process.stderr.write(`${line}\n`);
}
