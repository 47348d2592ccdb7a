import connect from 'chrome-remote-interface';
import { chromiumFlags } from '../../scripts/chromiumFlags.mjs';
import { BrowserPage } from './BrowserPage.mjs';
import { startChromium } from './startChromium.mjs';

const FLAGS = [
  '--no-first-run',
  '--no-default-browser-check',
  // Nothing else is to be done meanwhile, and the same each time.
  '--disable-breakpad',
  '--disable-component-update',
  '--disable-component-extensions-with-background-pages',
  '--disable-extensions',
  '--disable-field-trial-config',
  '--disable-quic',
  '--disable-sync',
  // No page is in front of a user, and none may be slowed down for that.
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
  // macOS and some desktops of Linux ask the user for a password otherwise.
  '--password-store=basic',
  '--use-mock-keychain',
  // The certificate for HTTP/2 is made anew each time, by nobody whom a browser trusts.
  '--ignore-certificate-errors',
  '--window-size=1280,720',
];

/**
 * @typedef {object} Browser
 * @property {string} version
 * @property {() => boolean} isConnected false when it has ended or crashed
 * @property {() => Promise<BrowserPage>} newPage in a profile of its own
 * @property {() => Promise<number>} findGpuProcess the id of the process that draws
 * @property {() => Promise<void>} close leaves nothing behind, also of one that has crashed
 */

/**
 * Starts a browser and drives it with no more of the DevTools protocol than is needed. A library that
 * drives browsers for tests turns on the `Network` domain, for pages and for their workers: then each of
 * them keeps the bodies of its responses for DevTools, and the page is told of every piece that arrives.
 * The browser of a user does neither.
 *
 * @param {string} executablePath
 * @returns {Promise<Browser>}
 * @throws {Error} with what the browser said, when it cannot be started
 */
export async function launchBrowser(executablePath) {
  const chromium = await startChromium(executablePath, [...chromiumFlags(), ...FLAGS]);
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
    // Is heard of when a page is used.
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
      close: async () => {
        // One that hangs does not answer.
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
