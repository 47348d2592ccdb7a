import { fileURLToPath } from 'node:url';

const SPY = fileURLToPath(
  new URL('../../scripts/packedApplication/spyOnFrames.js', import.meta.url),
);
const PICTURES = fileURLToPath(new URL('countPictures.js', import.meta.url));
/** Of one wait: a picture may take seconds without a graphics card. */
const TIMEOUT_MS = 60_000;

/** A page of an example in Chromium. */
export class ExamplePage {
  /** What the console has as an error, and what was thrown. @type {string[]} */
  errors = [];

  /** @param {import('playwright-core').Page} page */
  constructor(page) {
    this.page = page;
    page.setDefaultTimeout(TIMEOUT_MS);
    page.on('pageerror', (error) => this.errors.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') {
        this.errors.push(`${message.text()} ${message.location().url}`);
      }
    });
  }

  /**
   * @param {import('playwright-core').Browser} browser
   * @param {string} url
   * @param {string} root - of the DICOMweb service
   */
  static async open(browser, url, root) {
    const opened = new ExamplePage(await browser.newPage());
    await opened.page.addInitScript({ path: SPY });
    await opened.page.addInitScript({ path: PICTURES });
    await opened.page.goto(`${url}?root=${encodeURIComponent(root)}`);
    return opened;
  }

  /**
   * Waits for a text; an error of the page ends the wait.
   *
   * @param {string} text - a part of what the page shows
   */
  async untilShown(text) {
    await this.page
      .locator('body', { hasText: text })
      .waitFor()
      .catch(async (error) => {
        const shown = await this.page.locator('body').textContent();
        throw new Error(`Shown: ${shown}\n${this.errors.join('\n')}`, { cause: error });
      });
  }

  /**
   * Waits until as many canvases show a picture, and no canvas is without one; see countPictures.js.
   *
   * @param {number} count
   */
  async untilDrawn(count) {
    await this.page.waitForFunction((expected) => {
      const { canvases, pictures } = Reflect.get(globalThis, '__countPictures')();
      return canvases === expected && pictures === expected;
    }, count);
  }

  /** How many frames workers and the page have fetched; see scripts/packedApplication/spyOnFrames.js. */
  fetches() {
    return this.page.evaluate(() => Reflect.get(globalThis, '__fetches'));
  }
}
