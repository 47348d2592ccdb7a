import connect from 'chrome-remote-interface';
import { chromiumFlags } from '../../scripts/chromiumFlags.mjs';
import { BrowserPage } from './BrowserPage.mjs';
import { startChromium } from './startChromium.mjs';

const FLAGS = [
  '--no-first-run',
  '--no-default-browser-check',
  // No background work, so that each run is the same.
  '--disable-breakpad',
  '--disable-component-update',
  '--disable-component-extensions-with-background-pages',
  '--disable-extensions',
  '--disable-field-trial-config',
  '--disable-quic',
  '--disable-sync',
  // Pages in the background must not be throttled.
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
  // macOS and some desktops of Linux ask the user for a password otherwise.
  '--password-store=basic',
  '--use-mock-keychain',
  // The certificate for HTTP/2 is generated for each run and self-signed.
  '--ignore-certificate-errors',
  '--window-size=1280,720',
];

/**
 * How the browser draws.
 *
 * @typedef {object} Graphics
 * @property {string} renderer as the driver names itself: the graphics card, or SwiftShader for the processor
 * @property {string[]} flags of the browser that were given; none: those for drawing without a graphics card
 *
 * @typedef {object} Browser
 * @property {string} version
 * @property {() => boolean} isConnected false after it has ended or crashed
 * @property {() => Promise<BrowserPage>} newPage in its own profile
 * @property {() => Promise<number>} findGpuProcess the id of the process that draws
 * @property {() => Promise<Graphics>} findGraphics
 * @property {() => Promise<void>} close removes all files and processes, also after a crash
 */

/**
 * Starts a browser and drives it with as few commands of the DevTools protocol as possible. Libraries that
 * drive browsers for tests enable the `Network` domain for pages and workers: each then keeps the bodies of
 * its responses for DevTools, and the page gets a message for every chunk. The browser of a user does neither.
 *
 * @param {string} executablePath
 * @param {{ gpu?: string[] | undefined }} [options] `gpu` are flags that choose how it draws; default: without a
 *   graphics card
 * @returns {Promise<Browser>}
 * @throws {Error} with the output of the browser, when it cannot be started
 */
export async function launchBrowser(executablePath, { gpu } = {}) {
  const chromium = await startChromium(executablePath, [...chromiumFlags(gpu), ...FLAGS]);
  try {
    const client = await connect({ target: chromium.address, local: true });
    let isConnected = true;
    /** @type {Promise<never>} */
    const lost = new Promise((_, reject) => {
      client.on('disconnect', () => {
        isConnected = false;
        reject(new Error('The browser crashed'));
      });
    });
    // Reported by the next use of a page.
    lost.catch(() => {});
    const { product } = await client.send('Browser.getVersion');
    return {
      version: product.replace(/^.*\//, ''),
      isConnected: () => isConnected,
      newPage: () => BrowserPage.open(client, lost),
      findGpuProcess: async () => {
        const { processInfo } = await client.send('SystemInfo.getProcessInfo');
        const process = processInfo.find(({ type }) => type === 'GPU');
        if (process === undefined) throw new Error('The browser has no process that draws');
        return process.id;
      },
      findGraphics: async () => {
        const info = await client.send('SystemInfo.getInfo');
        const { glRenderer } = /** @type {{ glRenderer?: string }} */ (
          info.gpu.auxAttributes ?? {}
        );
        return { renderer: glRenderer || 'unknown', flags: gpu ?? [] };
      },
      close: async () => {
        // A browser that hangs does not respond.
        client.send('Browser.close').catch(() => {});
        await chromium.end();
        await client.close();
      },
    };
  } catch (error) {
    await chromium.end();
    throw error;
  }
}
