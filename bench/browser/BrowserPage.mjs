import { ProtocolError } from 'chrome-remote-interface';
import { collectComplaints, describeException } from './collectComplaints.mjs';

/**
 * @typedef {import('chrome-remote-interface').Client} Client
 * @typedef {import('devtools-protocol/types/protocol-mapping.js').ProtocolMapping.Commands} Commands
 * @typedef {import('devtools-protocol/types/protocol-mapping.js').ProtocolMapping.Events} Events
 */

/** Resolves when the document has its scripts. */
const LOADED = `new Promise((resolve) => {
  if (document.readyState === 'complete') resolve();
  else addEventListener('load', () => resolve(), { once: true });
})`;

/** A page in its own browser context and profile. */
export class BrowserPage {
  /** Errors of the page and its workers. @type {string[]} */
  complaints = [];
  #client;
  #contextId;
  #targetId;
  #sessionId;
  /** Rejects when the page or its browser has crashed. @type {Promise<never>} */
  #lost;

  /**
   * @param {Client} client
   * @param {object} ids
   * @param {string} ids.browserContextId
   * @param {string} ids.targetId
   * @param {string} ids.sessionId
   * @param {Promise<never>} browserLost
   */
  constructor(client, { browserContextId, targetId, sessionId }, browserLost) {
    this.#client = client;
    this.#contextId = browserContextId;
    this.#targetId = targetId;
    this.#sessionId = sessionId;
    const crashed = new Promise((_, reject) => {
      this.on('Inspector.targetCrashed', () => reject(new Error('The page crashed')));
    });
    this.#lost = Promise.race([/** @type {Promise<never>} */ (crashed), browserLost]);
    // Reported by the next use of the page.
    this.#lost.catch(() => {});
  }

  /**
   * @param {Client} client
   * @param {Promise<never>} browserLost rejects when the browser has crashed
   */
  static async open(client, browserLost) {
    const { browserContextId } = await client.send('Target.createBrowserContext', {
      disposeOnDetach: true,
    });
    const { targetId } = await client.send('Target.createTarget', {
      url: 'about:blank',
      browserContextId,
    });
    const { sessionId } = await client.send('Target.attachToTarget', { targetId, flatten: true });
    const page = new BrowserPage(client, { browserContextId, targetId, sessionId }, browserLost);
    await collectComplaints(page, (complaint) => page.complaints.push(complaint));
    return page;
  }

  /** The id of the page, and of its frame. */
  get id() {
    return this.#targetId;
  }

  /**
   * Navigates to an address and waits until the document and its resources are loaded.
   *
   * @param {string} url
   * @throws {Error} when there is no response
   */
  async goto(url) {
    const { errorText } = await this.send('Page.navigate', { url });
    if (errorText) throw new Error(`${url} cannot be opened: ${errorText}`);
    await this.evaluate(LOADED);
  }

  /**
   * @param {string} expression
   * @returns {Promise<any>} its value, or that of its promise; must be JSON
   * @throws {Error} with what the page threw, or when the page crashes
   */
  async evaluate(expression) {
    const { result, exceptionDetails } = await this.send('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails) throw new Error(describeException(exceptionDetails));
    return result.value;
  }

  /**
   * Sends a command of the DevTools protocol to the page.
   *
   * @template {keyof Commands} T
   * @param {T} method
   * @param {Commands[T]['paramsType'][0]} [params]
   * @returns {Promise<Commands[T]['returnType']>}
   */
  async send(method, params) {
    const answer = this.#client
      .send(method, params, this.#sessionId)
      // Any other failure is that of the connection; the reason of the crash says more.
      .catch((error) => (error instanceof ProtocolError ? Promise.reject(error) : this.#lost));
    return Promise.race([answer, this.#lost]);
  }

  /**
   * @template {keyof Events} T
   * @param {T} event of the DevTools protocol
   * @param {(params: Events[T][0]) => void} listener
   */
  on(event, listener) {
    this.#client.on(
      `${event}.${this.#sessionId}`,
      /** @type {(params: object) => void} */ (listener),
    );
  }

  /**
   * @param {keyof Events} event of the DevTools protocol
   * @returns {Promise<void>} resolves with the next event
   */
  async next(event) {
    /** @type {Promise<void>} */
    const came = new Promise((resolve) => {
      this.on(event, () => resolve());
    });
    await Promise.race([came, this.#lost]);
  }

  /** Removes the page with its profile. */
  async close() {
    await this.#client
      .send('Target.disposeBrowserContext', { browserContextId: this.#contextId })
      // A browser that has crashed has removed both.
      .catch(() => {});
  }
}
