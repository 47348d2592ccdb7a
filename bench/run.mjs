/**
 * Measures the volume loader of this package beside the one that Cornerstone has, on the same bytes, and
 * prints medians and ratios. docs/performance.md says what each suite measures.
 *
 *   npm run bench                                     all suites, 5 rounds, 300 frames
 *   npm run bench -- --suite load-shared              one suite; may be given several times
 *   npm run bench -- --suite memory                   all suites whose names begin so
 *   npm run bench -- --rounds 1 --frames 40           a quick look whether everything works
 *   npm run bench -- --output /tmp/results.json       instead of bench/results.json
 *
 * The exit code is not 0 when a measurement failed.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { findChromium } from '../scripts/findChromium.mjs';
import { launchBrowser } from './browser/launchBrowser.mjs';
import { buildPage } from './buildPage.mjs';
import { describeMachine } from './describeMachine.mjs';
import { formatTable } from './formatTable.mjs';
import { parseOptions } from './parseOptions.mjs';
import { runSuite } from './runSuite.mjs';
import { selectSuites } from './selectSuites.mjs';
import { createSuites } from './suites/createSuites.mjs';
import { summarize } from './summarize.mjs';

const RESULTS = fileURLToPath(new URL('results.json', import.meta.url));

try {
  const hasFailed = await run(parseOptions(process.argv.slice(2)));
  process.exitCode = hasFailed ? 1 : 0;
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

/**
 * @param {import('./parseOptions.mjs').Options} options
 * @returns {Promise<boolean>} whether a measurement failed
 */
async function run({ suites: names, frames, rounds, output = RESULTS }) {
  const suites = selectSuites(createSuites({ frames }), names);
  const executablePath = await findChromium();
  log('Building the page');
  const pageFolder = await buildPage();
  const loadBefore = os.loadavg()[0] ?? 0;
  let browser = await launchBrowser(executablePath);
  const { version } = browser;
  const getBrowser = async () => {
    if (!browser.isConnected()) {
      await browser.close();
      browser = await launchBrowser(executablePath);
    }
    return browser;
  };
  const summaries = [];
  try {
    for (const suite of suites) {
      if (suite.reasonToSkip !== undefined) {
        log(`SKIPPED ${suite.name}: ${suite.reasonToSkip}`);
        continue;
      }
      const result = await runSuite(suite, { getBrowser, pageFolder, rounds, log });
      summaries.push(...summarize(suite, result, { rounds }));
    }
  } finally {
    await browser.close();
  }
  const machine = describeMachine({ chromium: version, loadBefore });
  process.stdout.write(`\n${formatTable(summaries)}\n`);
  await writeResults(path.resolve(output), { machine, suites: summaries });
  log(`Written to ${path.relative(process.cwd(), output)}`);
  return summaries.some(({ failures }) => failures.length > 0);
}

/**
 * @param {string} file
 * @param {object} results
 */
async function writeResults(file, results) {
  const config = await resolveConfig(RESULTS);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, await format(JSON.stringify(results), { ...config, parser: 'json' }));
}

/** @param {string} line */
function log(line) {
  process.stderr.write(`${line}\n`);
}
