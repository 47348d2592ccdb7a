import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { chromiumFlags } from '../../scripts/chromiumFlags.mjs';
import { findChromium } from '../../scripts/findChromium.mjs';
import { fetchOhif } from '../../scripts/ohif/fetchOhif.mjs';
import { SPIES } from '../../scripts/ohif/spies.mjs';
import { startOhifServer } from '../../scripts/ohif/startOhifServer.mjs';
import { Viewer } from './Viewer.mjs';

/**
 * @typedef {object} OpenOptions
 * @property {import('../../scripts/ohif/siteConfig.mjs').Site} [site]
 * @property {import('../../demo/server/testControls.mjs').Fault[]} [faults] of the server
 */

/**
 * @typedef {object} Run
 * @property {import('../../scripts/ohif/startOhifServer.mjs').OhifServer} server
 * @property {(path: string, options?: OpenOptions) => Promise<Viewer>} open opens OHIF at a path in a
 *   profile of its own; the server forgets earlier requests
 * @property {() => Promise<void>} close
 */

/**
 * Starts what a file of tests needs: OHIF with the extension, studies and a browser.
 *
 * @param {(folder: string) => Promise<void>} writeStudies writes the files of the studies
 * @returns {Promise<Run>}
 */
export async function startRun(writeStudies) {
  const folder = await mkdtemp(join(tmpdir(), 'ohif-studies-'));
  await writeStudies(folder);
  const server = await startOhifServer({ application: fetchOhif(), folders: [folder] });
  const browser = await chromium.launch({
    executablePath: await findChromium(),
    args: chromiumFlags(),
  });
  return {
    server,
    open: async (path, { site = {}, faults = [] } = {}) => {
      server.configure(site);
      server.controls.setFaults(faults);
      server.controls.release();
      server.requests.clear();
      // Small, as each picture is drawn without a graphics card.
      const context = await browser.newContext({ viewport: { width: 1000, height: 640 } });
      await context.addInitScript(SPIES);
      const page = await context.newPage();
      const viewer = new Viewer(page, server);
      await viewer.goto(path);
      return viewer;
    },
    close: async () => {
      await browser.close();
      await server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
