import { describePicture } from './describePicture.mjs';

/** @typedef {import('playwright-core').Page} Page */
/** @typedef {import('../../../demo/server/index.mjs').DicomWebServer} DicomWebServer */
/** @typedef {'axial' | 'sagittal' | 'coronal' | 'volume3d' | 'stack'} ViewportId */

/** A slow machine takes a minute for a page whose viewports are drawn without a graphics card. */
const TIME_LIMIT_MS = 60_000;

export const PLANES = /** @type {const} */ (['axial', 'sagittal', 'coronal']);
export const VIEWPORTS = /** @type {const} */ ([...PLANES, 'volume3d', 'stack']);

/** The demo in a page of its own. */
export class DemoPage {
  /** Everything that was written to the console, and exceptions. @type {string[]} */
  messages = [];
  page;
  server;

  /**
   * @param {Page} page
   * @param {DicomWebServer} server
   */
  constructor(page, server) {
    this.page = page;
    this.server = server;
    page.setDefaultTimeout(TIME_LIMIT_MS);
    page.on('console', (message) => this.messages.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => this.messages.push(error.stack ?? error.message));
  }

  /** @param {string} path */
  async goto(path) {
    await this.page.goto(this.server.origin + path);
  }

  /** Waits until the open series is loaded. */
  async untilLoaded() {
    await this.page.locator('#load-state[data-state="complete"]').waitFor();
  }

  /**
   * Waits until a text of the page fits.
   *
   * @param {string} selector
   * @param {RegExp} pattern
   */
  async untilText(selector, pattern) {
    await this.page.locator(selector).filter({ hasText: pattern }).waitFor();
  }

  /** @param {string} selector */
  async text(selector) {
    return (await this.page.locator(selector).textContent()) ?? '';
  }

  /**
   * The middle of a viewport, without the texts at its edges, as it is on the screen.
   *
   * @param {ViewportId} viewportId
   */
  async picture(viewportId) {
    const { x, y, width, height } = await this.boxOf(`[data-viewport="${viewportId}"]`);
    return describePicture(this.page, {
      x: x + width / 4,
      y: y + height / 4,
      width: width / 2,
      height: height / 2,
    });
  }

  /**
   * Waits until the middle of a viewport is as asked for: pictures come some time after what causes them.
   *
   * @param {ViewportId} viewportId
   * @param {(picture: import('./describePicture.mjs').Picture) => boolean} isRight
   */
  async untilPicture(viewportId, isRight) {
    const end = Date.now() + TIME_LIMIT_MS;
    for (;;) {
      const picture = await this.picture(viewportId);
      if (isRight(picture)) return picture;
      if (Date.now() > end) {
        throw new Error(`The picture of ${viewportId} stays ${JSON.stringify(picture)}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /**
   * What a part of the page looks like.
   *
   * @param {string} selector
   */
  async look(selector) {
    return describePicture(this.page, await this.boxOf(selector));
  }

  /** @param {string} selector */
  async boxOf(selector) {
    const element = this.page.locator(selector);
    await element.scrollIntoViewIfNeeded();
    const box = await element.boundingBox();
    if (!box) throw new Error(`${selector} is not shown`);
    return box;
  }

  /**
   * Drags with the left mouse button in a viewport, between points that are given as parts of its size.
   *
   * @param {ViewportId} viewportId
   * @param {readonly [number, number]} from
   * @param {readonly [number, number]} to
   */
  async drag(viewportId, from, to) {
    const { x, y, width, height } = await this.boxOf(`[data-viewport="${viewportId}"]`);
    const { mouse } = this.page;
    await mouse.move(x + width * from[0], y + height * from[1]);
    await mouse.down();
    await mouse.move(x + (width * (from[0] + to[0])) / 2, y + (height * (from[1] + to[1])) / 2);
    await mouse.move(x + width * to[0], y + height * to[1]);
    await mouse.up();
  }

  /** @param {string} name */
  async chooseTool(name) {
    await this.page.locator('#tool-choice').getByRole('button', { name }).click();
  }

  /** The rows of the comparison of the loaders, each with its name. @returns {Promise<string[][]>} */
  async comparison() {
    const rows = await this.page.locator('#comparison-rows tr').all();
    return Promise.all(rows.map((row) => row.locator('th, td').allTextContents()));
  }

  /** How often frames were requested of the server since it was cleared. */
  frameRequests() {
    return this.server.requests.count(/\/frames\//);
  }

  async close() {
    await this.page.context().close();
  }
}
