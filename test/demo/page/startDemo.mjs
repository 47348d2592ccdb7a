import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { DEMO_FOLDER } from '../../../demo/build.mjs';
import { startDicomWebServer } from '../../../demo/server/index.mjs';
import { ensureDemoSeries } from '../../../demo/server/syntheticSeries.mjs';
import { ensureDemoStudy } from '../../../demo/server/synthetic/ensureDemoStudy.mjs';
import { chromiumFlags } from '../../../scripts/chromiumFlags.mjs';
import { findChromium } from '../../../scripts/findChromium.mjs';
import { DemoPage } from './DemoPage.mjs';

/** How many slices the CT has, which is listed first. */
export const CT_SLICES = 40;
export const PERFUSION = { sliceCount: 6, timePoints: 5 };

/**
 * @typedef {object} Demo
 * @property {(options?: OpenOptions) => Promise<DemoPage>} open opens the demo in a profile of its own
 * @property {import('../../../demo/server/index.mjs').DicomWebServer} server
 * @property {() => Promise<void>} close
 */

/**
 * @typedef {object} OpenOptions
 * @property {string} [query] of the address
 * @property {{ width: number, height: number }} [size] default: a desktop
 * @property {'dark' | 'light'} [theme] of the system
 * @property {boolean} [hasWebGL] default true
 */

/**
 * Serves the built demo with small series, and starts a browser.
 *
 * @returns {Promise<Demo>}
 */
export async function startDemo() {
  const folder = await mkdtemp(join(tmpdir(), 'demo-series-'));
  const ct = join(folder, 'ct');
  const study = join(folder, 'study');
  await ensureDemoSeries({
    folder: ct,
    slices: CT_SLICES,
    size: 128,
  });
  await ensureDemoStudy({
    folder: study,
    sizes: {
      pet: { size: 48, slices: 24 },
      dose: { size: 40, slices: 20 },
      perfusion: { size: 48, slices: 30, firstSlice: 11, ...PERFUSION },
    },
  });
  const server = await startDicomWebServer({ folders: [ct, study], staticFolder: DEMO_FOLDER });
  const browser = await chromium.launch({
    executablePath: await findChromium(),
    // The memory of a page is told at once, and not with the next garbage collection.
    args: [...chromiumFlags(), '--enable-blink-features=ForceEagerMeasureMemory'],
  });
  return {
    server,
    open: async ({
      query = '',
      size = { width: 1440, height: 900 },
      theme = 'dark',
      hasWebGL = true,
    } = {}) => {
      server.requests.clear();
      const context = await browser.newContext({
        viewport: size,
        colorScheme: theme,
        // Colours are those at the end of a transition.
        reducedMotion: 'reduce',
        hasTouch: size.width < 500,
      });
      if (!hasWebGL) await context.addInitScript(WITHOUT_WEBGL);
      const page = new DemoPage(await context.newPage(), server);
      await page.goto(`/${query}`);
      return page;
    },
    close: async () => {
      await browser.close();
      await server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const WITHOUT_WEBGL = `
  for (const { prototype } of [HTMLCanvasElement, OffscreenCanvas]) {
    const { getContext } = prototype;
    prototype.getContext = function (kind, ...rest) {
      return kind.startsWith('webgl') ? null : getContext.call(this, kind, ...rest);
    };
  }`;
