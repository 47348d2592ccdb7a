/** @typedef {import('playwright-core').Page} Page */
/** @typedef {import('../../scripts/ohif/startOhifServer.mjs').OhifServer} OhifServer */

/**
 * A volume of the page.
 *
 * @typedef {object} PageVolume
 * @property {string} volumeId
 * @property {string} modality
 * @property {boolean} isOurs whether this package has made it
 * @property {boolean} isLoaded
 * @property {number} frames
 * @property {number} framesLoaded
 * @property {number} failed
 * @property {string | undefined} transport
 */

/** A slow machine takes a minute for a page whose viewports are drawn without a graphics card. */
const TIME_LIMIT_MS = 90_000;
const FRAME = /\/frames\//;

/** OHIF in a page of its own. */
export class Viewer {
  /** Errors of the console, and exceptions, with where they come from. @type {string[]} */
  complaints = [];
  page;
  #server;

  /**
   * @param {Page} page
   * @param {OhifServer} server
   */
  constructor(page, server) {
    this.page = page;
    this.#server = server;
    page.setDefaultTimeout(TIME_LIMIT_MS);
    page.on('console', (message) => {
      if (message.type() === 'error') {
        this.complaints.push(`${message.text()} (${message.location().url})`);
      }
    });
    page.on('pageerror', (error) => this.complaints.push(error.stack ?? error.message));
  }

  /** @param {string} path */
  async goto(path) {
    await this.page.goto(this.#server.origin + path);
  }

  /**
   * Calls a function of scripts/ohif/extension/pageTools.js.
   *
   * @param {string} name
   * @param {...unknown} args
   * @returns {Promise<any>}
   */
  async call(name, ...args) {
    return this.page.evaluate(
      ([tool, given]) => Reflect.get(globalThis, 'ohifTest').tools[tool](...given),
      /** @type {const} */ ([name, args]),
    );
  }

  /**
   * Runs a command of OHIF.
   *
   * @param {string} command
   * @param {object} [options]
   */
  async runCommand(command, options = {}) {
    await this.page.evaluate(
      // What it returns may be no data.
      ([name, given]) => void Reflect.get(globalThis, 'commandsManager').run(name, given),
      /** @type {const} */ ([command, options]),
    );
  }

  /** What the user was told of, by OHIF's notifications. @returns {Promise<string[]>} */
  async notifications() {
    return this.page.evaluate(() => Reflect.get(globalThis, 'ohifTest').notifications);
  }

  /** @returns {Promise<PageVolume[]>} */
  async volumes() {
    return this.call('volumes');
  }

  /**
   * Waits until an expression is true in the page.
   *
   * @param {string} expression with `test` for `ohifTest` and `tools` for the page's tools
   */
  async until(expression) {
    const source = `(() => {
      const test = globalThis.ohifTest;
      const tools = test?.tools;
      return globalThis.cornerstone && tools ? ${expression} : false;
    })()`;
    await this.page.waitForFunction(source, undefined, { polling: 100 });
  }

  /**
   * Waits until all frames of so many volumes are loaded.
   *
   * @param {number} count
   * @returns {Promise<PageVolume[]>} the CT first
   */
  async untilLoaded(count) {
    await this.until(
      `tools.volumes().length === ${count} && tools.volumes().every(({ isLoaded }) => isLoaded)`,
    );
    const volumes = await this.volumes();
    return volumes.sort((a, b) => a.modality.localeCompare(b.modality));
  }

  /** How often each frame was requested of the server, by its path. */
  frameRequests() {
    /** @type {Map<string, number>} */
    const counts = new Map();
    for (const { path } of this.#server.requests.entries) {
      if (FRAME.test(path)) counts.set(path, (counts.get(path) ?? 0) + 1);
    }
    return counts;
  }

  /** What the page itself has requested of frames, and its frame workers. */
  async spies() {
    return this.page.evaluate(() => Reflect.get(globalThis, 'ohifSpies'));
  }

  /**
   * Draws an ellipse around the middle of a viewport with the mouse, and waits for its statistics.
   *
   * @param {string} viewportId
   */
  async drawEllipse(viewportId) {
    const { x, y, width, height } = await this.call('placeOf', viewportId);
    const { mouse } = this.page;
    await this.call('useTool', 'EllipticalROI', viewportId);
    await mouse.move(x + width / 2, y + height / 2);
    await mouse.down();
    await mouse.move(x + width / 2 + width / 12, y + height / 2 + height / 20);
    await mouse.move(x + width / 2 + width / 6, y + height / 2 + height / 10);
    await mouse.up();
    await this.until('tools.ellipse().length > 0');
    return this.call('ellipse');
  }

  async close() {
    await this.page.context().close();
  }
}
