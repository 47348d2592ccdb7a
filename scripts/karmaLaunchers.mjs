/**
 * Karma launchers of the browsers that no package in use starts: Firefox, and WebKitGTK on a display of Xvfb.
 */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';

/**
 * What Karma's `baseBrowserDecorator` makes of a launcher (karma/lib/launchers/process.js).
 *
 * @typedef {object} Launcher
 * @property {string} name
 * @property {string} _tempDir
 * @property {(url: string) => void} _start
 * @property {(command: string, args: string[]) => void} _execCommand
 * @property {(error?: string) => void} _done
 * @property {(event: 'start' | 'kill', listener: (...values: any[]) => void) => void} on
 */

/**
 * Preferences of the profile. Timers of a page in the background are throttled, and Firefox asks, updates and fetches
 * lists of its own at its first start.
 */
const FIREFOX_PREFERENCES = {
  'app.normandy.enabled': false,
  'app.update.enabled': false,
  'browser.aboutwelcome.enabled': false,
  'browser.safebrowsing.malware.enabled': false,
  'browser.safebrowsing.phishing.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'browser.startup.page': 0,
  'datareporting.policy.dataSubmissionEnabled': false,
  'dom.max_script_run_time': 0,
  'dom.min_background_timeout_value': 4,
  'extensions.update.enabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'security.sandbox.warn_unprivileged_namespaces': false,
  'services.settings.server': 'data:,',
  'toolkit.telemetry.enabled': false,
  // By software, too.
  'webgl.force-enabled': true,
};

/**
 * The plugin with the launcher `Firefox`. karma-firefox-launcher switches off the separate processes of tabs,
 * without which no page is cross-origin isolated.
 *
 * @param {string} command - path of Firefox
 * @param {boolean} hasDisplay - whether it is to draw: headless Firefox has no WebGL
 * @returns {import('karma').InlinePluginDef}
 */
export function createFirefoxLauncher(command, hasDisplay) {
  /**
   * @this {Launcher}
   * @param {(launcher: Launcher) => void} decorate
   */
  function Firefox(decorate) {
    decorate(this);
    this.name = 'Firefox';
    this._start = (/** @type {string} */ url) => {
      const preferences = Object.entries(FIREFOX_PREFERENCES).map(
        ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`,
      );
      writeFileSync(path.join(this._tempDir, 'user.js'), preferences.join(''));
      const profile = ['--profile', this._tempDir, '--no-remote', '--new-instance'];
      this._execCommand(command, [...(hasDisplay ? [] : ['--headless']), ...profile, url]);
    };
  }
  Firefox.$inject = ['baseBrowserDecorator'];
  return { 'launcher:Firefox': ['type', Firefox] };
}

/**
 * The plugin with the launcher `WebKit`: MiniBrowser of WebKitGTK, which WebKitWebDriver opens on a display of Xvfb.
 *
 * @param {import('./findBrowsers.mjs').WebKit} webkit
 * @returns {import('karma').InlinePluginDef}
 */
export function createWebKitLauncher({ xvfbRun, driver, miniBrowser }) {
  /**
   * @this {Launcher}
   * @param {(launcher: Launcher) => void} decorate
   */
  function WebKit(decorate) {
    decorate(this);
    this.name = 'WebKit';
    /** @type {import('node:child_process').ChildProcess | undefined} */
    let display;
    /** @type {(() => Promise<unknown>) | undefined} */
    let endSession;

    this.on('start', (/** @type {string} */ url) => {
      openInWebKit(url).catch((error) => {
        process.stderr.write(`WebKit did not start: ${error}\n`);
        this._done('cannot start');
      });
    });
    this.on('kill', (/** @type {() => void} */ done) => {
      const end = endSession?.() ?? Promise.resolve();
      void end
        .catch(() => undefined)
        .then(() => {
          stopGroup(display);
          done();
        });
    });

    /** @param {string} url */
    const openInWebKit = async (url) => {
      const port = await findFreePort();
      // A group of its own: xvfb-run does not pass signals on to what it runs.
      display = spawn(xvfbRun, ['--auto-servernum', driver, `--port=${port}`], {
        stdio: 'ignore',
        detached: true,
      });
      const root = `http://127.0.0.1:${port}`;
      await waitForDriver(root, display);
      const options = { binary: miniBrowser, args: ['--automation'] };
      const { sessionId, capabilities } = await sendCommand(root, 'POST', '/session', {
        capabilities: { alwaysMatch: { 'webkitgtk:browserOptions': options } },
      });
      const { browserName, browserVersion } = capabilities;
      process.stdout.write(`${browserName} ${browserVersion}\n`);
      endSession = () => sendCommand(root, 'DELETE', `/session/${sessionId}`);
      await sendCommand(root, 'POST', `/session/${sessionId}/url`, { url });
    };
  }
  WebKit.$inject = ['baseLauncherDecorator'];
  return { 'launcher:WebKit': ['type', WebKit] };
}

/** @param {import('node:child_process').ChildProcess | undefined} leader - of the group */
function stopGroup(leader) {
  if (leader?.pid !== undefined && leader.exitCode === null) {
    try {
      process.kill(-leader.pid, 'SIGTERM');
    } catch {
      // It has ended meanwhile.
    }
  }
}

/** @returns {Promise<number>} */
async function findFreePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/**
 * @param {string} root
 * @param {import('node:child_process').ChildProcess} leader
 */
async function waitForDriver(root, leader) {
  for (;;) {
    try {
      await sendCommand(root, 'GET', '/status');
      return;
    } catch (error) {
      if (leader.exitCode !== null) {
        throw new Error(`WebKitWebDriver ended with code ${leader.exitCode}`, { cause: error });
      }
      await setTimeout(100);
    }
  }
}

/**
 * A command of WebDriver (https://www.w3.org/TR/webdriver2/).
 *
 * @param {string} root
 * @param {'GET' | 'POST' | 'DELETE'} method
 * @param {string} command
 * @param {object} [parameters]
 */
async function sendCommand(root, method, command, parameters) {
  const response = await fetch(`${root}${command}`, {
    method,
    ...(parameters && { body: JSON.stringify(parameters) }),
  });
  const { value } = /** @type {{ value: any }} */ (await response.json());
  if (!response.ok) {
    throw new Error(`${method} ${command}: ${value?.error}: ${value?.message}`);
  }
  return value;
}
