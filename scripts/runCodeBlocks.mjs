import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { build } from 'vite';
import { startDicomWebServer } from '../demo/server/index.mjs';
import { ensureDemoStudy } from '../demo/server/synthetic/ensureDemoStudy.mjs';
import { ensureDemoSeries, phantomSlice } from '../demo/server/syntheticSeries.mjs';
import { chromiumFlags } from './chromiumFlags.mjs';
import { findChromium } from './findChromium.mjs';

/** The checks, which run in the page. */
const CHECKS = fileURLToPath(new URL('../test/documentation', import.meta.url));
const TIMEOUT_MS = 60_000;
/** As a pattern of paths. */
const FRAMES = '/frames/';
const CT = { slices: 12, size: 64 };
const PERFUSION = { size: 32, slices: 30, firstSlice: 11, sliceCount: 4, timePoints: 3 };

/**
 * Runs code blocks in Chromium, in a production build of an application: each in a page of its own, which is isolated
 * and has a DICOMweb service of its own, with the check of its name.
 *
 * @param {string} application - folder with the packed package, Cornerstone3D, `events`, React and React DOM; modules
 *   are added
 * @param {import('./codeBlocks.mjs').CodeBlock[]} blocks - those without `run` are left out
 * @returns {Promise<{ count: number, problems: string[] }>} how many were run, and what was wrong, with file and line
 */
export async function runCodeBlocks(application, blocks) {
  const marked = blocks.filter(({ run }) => run !== undefined);
  const staticFolder = await buildPage(application, marked);
  const data = path.join(application, 'data');
  const folders = [path.join(data, 'ct'), path.join(data, 'study')];
  await ensureDemoSeries({ folder: path.join(data, 'ct'), ...CT });
  await ensureDemoStudy({
    folder: path.join(data, 'study'),
    sizes: {
      pet: { size: 32, slices: 16 },
      dose: { size: 16, slices: 8 },
      perfusion: PERFUSION,
    },
  });
  const browser = await chromium.launch({
    executablePath: await findChromium(),
    args: chromiumFlags(),
  });
  /** @type {string[]} */
  const problems = [];
  /** @type {Set<string>} */
  const unused = new Set();
  try {
    for (const [index, { file, line, run = '' }] of marked.entries()) {
      const server = await startDicomWebServer({ folders, staticFolder });
      try {
        const { outcome, checkNames, errors } = await runInPage(browser, server, run);
        const found = outcome === 'passed' ? errors : [outcome, ...errors];
        problems.push(...found.map((problem) => `${file}:${line}: run: ${run}: ${problem}`));
        if (index === 0) {
          checkNames.forEach((name) => unused.add(name));
        }
      } finally {
        await server.close();
      }
    }
  } finally {
    await browser.close();
  }
  marked.forEach(({ run = '' }) => unused.delete(run));
  problems.push(...[...unused].map((name) => `No code block has the check ${name}`));
  return { count: marked.length, problems };
}

/**
 * @param {string} application
 * @param {import('./codeBlocks.mjs').CodeBlock[]} blocks
 * @returns {Promise<string>} the folder of the built page
 */
async function buildPage(application, blocks) {
  cpSync(CHECKS, path.join(application, 'checks'), { recursive: true });
  mkdirSync(path.join(application, 'blocks'));
  const entries = blocks.map(({ file, line, run, extension, source }) => {
    const module = `blocks/${run}${extension}`;
    try {
      writeFileSync(path.join(application, module), source, { flag: 'wx' });
    } catch (error) {
      throw new Error(`${file}:${line}: another block has the check ${run}`, { cause: error });
    }
    return `'${run}': () => import('./${module}'),`;
  });
  writeFileSync(
    path.join(application, 'main.ts'),
    `import { runCheck } from './checks/runCheck.js';\nrunCheck({ ${entries.join('\n')} });\n`,
  );
  writeFileSync(
    path.join(application, 'index.html'),
    '<!doctype html><link rel="icon" href="data:," /><body><script type="module" src="/main.ts"></script></body>',
  );
  await build({
    root: application,
    configFile: false,
    // The codecs name node modules that they do not use in a browser; Vite warns of each.
    logLevel: 'error',
    worker: { format: 'es' },
    oxc: { jsx: { runtime: 'automatic' } },
    build: { minify: false, target: 'es2022' },
  });
  return path.join(application, 'dist');
}

/**
 * @param {import('playwright-core').Browser} browser
 * @param {import('../demo/server/index.mjs').DicomWebServer} server
 * @param {string} name - of the check
 * @returns {Promise<{ outcome: string, checkNames: string[], errors: string[] }>} `errors` that nothing has caught
 */
async function runInPage(browser, server, name) {
  const page = await browser.newPage();
  try {
    /** @type {string[]} */
    const errors = [];
    page.on('pageerror', (error) => errors.push(`not caught: ${error.message}`));
    await page.exposeFunction('askServer', serverActions(server));
    /** @type {import('../test/documentation/facts.js').Facts} */
    const facts = {
      wadoRsRoot: server.dicomWebRoot,
      ...CT,
      sumOfVoxels: sumOfVoxels(),
      timePoints: PERFUSION.timePoints,
    };
    const query = new URLSearchParams({ check: name, facts: JSON.stringify(facts) });
    await page.goto(server.url(`/?${query}`));
    const outcome = await page
      .waitForFunction(() => Reflect.get(globalThis, 'outcome'), undefined, { timeout: TIMEOUT_MS })
      .then((handle) => handle.jsonValue())
      .catch((error) => String(error));
    const checkNames = await page.evaluate(() => Reflect.get(globalThis, 'checkNames') ?? []);
    return { outcome, checkNames, errors };
  } finally {
    await page.close();
  }
}

/**
 * What a page can ask of its server.
 *
 * @param {import('../demo/server/index.mjs').DicomWebServer} server
 * @returns {(action: import('../test/documentation/facts.js').ServerAction) => number}
 */
function serverActions({ controls, requests }) {
  return (action) => {
    switch (action.name) {
      case 'hold':
        controls.setFaults([{ match: FRAMES, hold: true }]);
        return 0;
      case 'fail':
        controls.setFaults([{ match: FRAMES, status: 404, times: action.count }]);
        return 0;
      case 'serve':
        controls.setFaults([]);
        return controls.release();
      case 'release':
        return controls.release({ count: action.count });
      case 'requested':
        return requests.count(FRAMES);
      case 'inFlight':
        return requests.inFlight;
      default:
        throw new Error(`There is no such action: ${JSON.stringify(action)}`);
    }
  };
}

/** Of the CT, in Hounsfield units. */
function sumOfVoxels() {
  let sum = 0;
  for (let slice = 0; slice < CT.slices; slice++) {
    for (const value of phantomSlice(slice, CT)) {
      sum += value;
    }
  }
  return sum;
}
