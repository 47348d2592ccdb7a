import { fileURLToPath } from 'node:url';

const SPY = fileURLToPath(new URL('packedApplication/spyOnFrames.js', import.meta.url));

/**
 * Which thread fetched the frames of a page.
 *
 * @typedef {object} FrameFetches
 * @property {number} byWorkers - frames that frame workers have reported
 * @property {number} frameWorkers - frame workers that have started
 * @property {number} byXMLHttpRequest - requests for frames that the page has made by XMLHttpRequest
 * @property {number} byFetch - the same with fetch()
 * @property {number} decodedByLoader - frames that dicom-image-loader's worker was sent
 */

/**
 * @typedef {object} OpenedPage
 * @property {any} result - result of the page
 * @property {FrameFetches} fetches
 * @property {{ type: string, headers: Record<string, string> }[]} requests - for frames, of the page and of
 *   workers
 * @property {string[]} messages - of the console
 * @property {string | undefined} scriptError - message of the first error of a script that was not fetched
 */

/**
 * Opens a page of the packed application and waits for its result.
 *
 * @param {import('playwright-core').Browser} browser
 * @param {string} url
 * @param {{ lostScript?: string }} [options] - `lostScript`: a text in the script that the page does not get before it
 *   has told the error
 * @returns {Promise<OpenedPage>}
 */
export async function openPackedApplication(browser, url, { lostScript } = {}) {
  const page = await browser.newPage();
  const readScriptError = () => page.evaluate(() => Reflect.get(globalThis, '__scriptError'));
  try {
    await page.addInitScript({ path: SPY });
    if (lostScript !== undefined) {
      await page.route(/\.js$/, async (route) => {
        const response = await route.fetch();
        const isLost = (await response.text()).includes(lostScript);
        await (isLost && (await readScriptError()) === undefined
          ? route.abort()
          : route.fulfill({ response }));
      });
    }
    /** @type {string[]} */
    const messages = [];
    page.on('console', (message) => messages.push(message.text()));
    page.on('pageerror', (error) => messages.push(String(error)));
    /** @type {import('playwright-core').Request[]} */
    const requests = [];
    page.on('request', (request) => {
      if (request.url().includes('/frames/')) {
        requests.push(request);
      }
    });
    await page.goto(url);
    const result = await page
      .waitForFunction(() => Reflect.get(globalThis, '__result'), undefined, { timeout: 60_000 })
      .catch((error) => {
        throw new Error(`${url} gave no result:\n${messages.join('\n')}`, { cause: error });
      });
    return {
      result: await result.jsonValue(),
      fetches: /** @type {FrameFetches} */ (
        await page.evaluate(() => Reflect.get(globalThis, '__fetches'))
      ),
      requests: requests.map((request) => ({
        type: request.resourceType(),
        headers: request.headers(),
      })),
      messages,
      scriptError: await readScriptError(),
    };
  } finally {
    await page.close();
  }
}
