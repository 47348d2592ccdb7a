/**
 * Measures the volume loader of this package and the one of Cornerstone, with the same bytes, and prints
 * medians and ratios. docs/performance.md says what each suite measures.
 *
 *   npm run bench                                     all suites, 5 rounds, 300 frames
 *   npm run bench -- --suite load-shared              one suite; may be given several times
 *   npm run bench -- --suite memory                   all suites whose names begin with it
 *   npm run bench -- --skip codecs-link               all suites but those
 *   npm run bench -- --rounds 1 --frames 40           a quick check that everything works
 *   npm run bench -- --cores 4                        the suites `codecs` with so many decode workers
 *   npm run bench -- --gpu '--use-angle=gl'           drawn by a graphics card; written to
 *                                                     bench/results.workstation.json
 *   npm run bench -- --bundler vite                   built by Vite; written to bench/results.vite.json
 *   npm run bench -- --no-minify                      with names, for profiles; written into .cache/bench
 *   npm run bench -- --output /tmp/results.json       instead of the default file
 *   npm run bench -- --table                          measures nothing: writes the results into the documents
 *
 * The exit code is not 0 when a measurement failed.
 */
import os from 'node:os';
import path from 'node:path';
import { findChromium } from '../scripts/findChromium.mjs';
import { launchBrowser } from './browser/launchBrowser.mjs';
import { buildPage } from './build/buildPage.mjs';
import { describeMachine } from './describeMachine.mjs';
import { formatTable } from './formatTable.mjs';
import { parseOptions } from './parseOptions.mjs';
import { renewFigures } from './renewFigures.mjs';
import { resultsFile, writeResults } from './resultsFile.mjs';
import { runSuite } from './runSuite.mjs';
import { selectSuites } from './selectSuites.mjs';
import { createSuites } from './suites/createSuites.mjs';
import { summarize } from './summarize.mjs';

try {
  const options = parseOptions(process.argv.slice(2));
  if (options.table) {
    const documents = await renewFigures();
    log(`Written to ${documents.map((file) => path.relative(process.cwd(), file)).join(', ')}`);
  } else {
    const hasFailed = await run(options);
    process.exitCode = hasFailed ? 1 : 0;
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

/**
 * @param {import('./parseOptions.mjs').Options} options
 * @returns {Promise<boolean>} whether a measurement failed
 */
async function run(options) {
  const { frames, rounds, cores, gpu, output = resultsFile(options) } = options;
  const suites = selectSuites(createSuites({ frames, cores }), options.suites, options.skipped);
  const executablePath = await findChromium();
  log('Building the page');
  const { folder: pageFolder, build } = await buildPage(options);
  const loadBefore = os.loadavg()[0] ?? 0;
  let browser = await launchBrowser(executablePath, { gpu });
  const getBrowser = async () => {
    if (!browser.isConnected()) {
      await browser.close();
      browser = await launchBrowser(executablePath, { gpu });
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
      // After each suite, so that a run of an hour that is interrupted leaves what it has measured.
      const { version, findGraphics } = await getBrowser();
      const machine = describeMachine({
        chromium: version,
        graphics: await findGraphics(),
        loadBefore,
      });
      await writeResults(path.resolve(output), { build, machine, suites: summaries });
    }
  } finally {
    await browser.close();
  }
  process.stdout.write(`\n${formatTable(summaries)}\n`);
  // Where every suite was skipped, the file of an earlier run stays as it is.
  log(summaries.length > 0 ? `Written to ${path.relative(process.cwd(), output)}` : 'No results');
  return summaries.some(({ failures }) => failures.length > 0);
}

/** @param {string} line */
function log(line) {
  process.stderr.write(`${line}\n`);
}
