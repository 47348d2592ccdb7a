import { setTimeout as wait } from 'node:timers/promises';
import { SPIES } from '../../scripts/ohif/spies.mjs';
import { observeMainThread } from '../observers/observeMainThread.mjs';
import { withTimeLimit } from '../withTimeLimit.mjs';

/** Time limit of a measurement; the slowest takes some ten seconds. */
const TIME_LIMIT_MS = 180_000;
const FRAMES = '/frames/';
/** OHIF draws and becomes idle after its viewports have their volume; no frame arrives meanwhile. */
const SETTLE_MS = 3000;

/**
 * @typedef {object} OhifFigures
 * @property {number} busyMs how long the main thread was busy
 * @property {number} longestTaskMs
 * @property {number} loadMs from the first answer to the last frame
 * @property {number} framesOfPage how many frames the page itself requested, not a worker
 */

/** Resolves in the page with the time of the load, when the last frame has ended and was drawn. */
const LOADED = `new Promise((resolve) => {
  const { eventTarget, EVENTS } = window.cornerstone;
  const begin = performance.now();
  eventTarget.addEventListener(EVENTS.IMAGE_VOLUME_LOADING_COMPLETED, () => {
    const loadMs = performance.now() - begin;
    requestAnimationFrame(() => requestAnimationFrame(() => resolve(loadMs)));
  }, { once: true });
})`;

const HAS_VOLUME = `Boolean(window.cornerstone && window.ohifTest?.tools?.volumes().length === 1)`;

/**
 * Opens the MPR layout in a fresh page, holds all frames back until OHIF has settled, and observes the main
 * thread from their release to the last frame.
 *
 * @param {import('../browser/launchBrowser.mjs').Browser} browser
 * @param {import('../../scripts/ohif/startOhifServer.mjs').OhifServer} server
 * @param {{ studyUID: string, site: import('../../scripts/ohif/siteConfig.mjs').Site }} options
 * @returns {Promise<OhifFigures>}
 * @throws {Error} when it takes too long, the page crashes, or not every frame is loaded
 */
export async function measureOhif(browser, server, { studyUID, site }) {
  server.configure(site);
  server.controls.setFaults([{ match: FRAMES, hold: true }]);
  server.requests.clear();
  const page = await browser.newPage();
  const run = async () => {
    await page.send('Page.enable');
    await page.send('Page.addScriptToEvaluateOnNewDocument', { source: SPIES });
    const url = `${server.origin}/viewer?StudyInstanceUIDs=${studyUID}&hangingProtocolId=mpr`;
    await page.goto(url);
    while (!(await page.evaluate(HAS_VOLUME))) await wait(200);
    await wait(SETTLE_MS);
    const stopObserving = await observeMainThread(page);
    const loaded = page.evaluate(LOADED);
    server.controls.setFaults([]);
    server.controls.release();
    const loadMs = await loaded;
    const { busyMs = Number.NaN, longestTaskMs = Number.NaN } = await stopObserving();
    const [volume] = await page.evaluate('window.ohifTest.tools.volumes()');
    if (!volume?.isLoaded) throw new Error(`${volume?.framesLoaded} frames were loaded`);
    const isOurs = site.options?.['enabled'] !== false;
    if (volume.isOurs !== isOurs) throw new Error('The volume was made by the other loader');
    const framesOfPage = await page.evaluate('window.ohifSpies.framesOfPage.length');
    return {
      busyMs: round(busyMs),
      longestTaskMs: round(longestTaskMs),
      loadMs: round(loadMs),
      framesOfPage,
    };
  };
  try {
    return await withTimeLimit(run(), TIME_LIMIT_MS);
  } finally {
    server.controls.setFaults([]);
    server.controls.release();
    await page.close();
  }
}

/** @param {number} value */
function round(value) {
  return Math.round(value * 10) / 10;
}
