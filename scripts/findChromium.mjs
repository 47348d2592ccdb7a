/**
 * Finds a Chromium or Chrome for the tests, the screenshots and the measurements.
 *
 * The order is: CHROME_BIN, an installed browser, apt on Debian as root, and last a stable Chrome that
 * @puppeteer/browsers downloads into .cache/. From the command line it prints the path.
 */
import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const CACHE = fileURLToPath(new URL('../.cache/browsers', import.meta.url));
const COMMANDS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const MAC_PATHS = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];
const WINDOWS_PATH = 'Google\\Chrome\\Application\\chrome.exe';

/**
 * Access of the search to the machine; tests replace it.
 *
 * @typedef {object} Machine
 * @property {NodeJS.Platform} platform
 * @property {Record<string, string | undefined>} env
 * @property {boolean} isRoot
 * @property {(file: string) => boolean} exists - whether the file is there and executable
 * @property {(command: string, args: string[]) => void} run - throws when the command fails
 * @property {() => Promise<string>} downloadChrome - path of a Chrome that was downloaded into .cache/
 */

/** @returns {Machine} */
function thisMachine() {
  return {
    platform: process.platform,
    env: process.env,
    isRoot: process.getuid?.() === 0,
    exists: isExecutable,
    // Standard output is reserved for the path.
    run: (command, args) => execFileSync(command, args, { stdio: ['ignore', 2, 2] }),
    downloadChrome,
  };
}

/**
 * Finds a browser, and installs one where there is none.
 *
 * @param {Partial<Machine>} [machine] - differences from the real machine
 * @returns {Promise<string>} path of the executable
 * @throws {Error} with one line that says what to do, when no browser is found or can be installed
 */
export async function findChromium(machine = {}) {
  const host = { ...thisMachine(), ...machine };
  const wanted = host.env.CHROME_BIN;
  if (wanted) {
    if (!host.exists(wanted)) {
      throw new Error(`CHROME_BIN is ${wanted}, but there is no program at that path.`);
    }
    return wanted;
  }
  return getInstalled(host) ?? (await install(host));
}

/** @param {Machine} host */
function getInstalled(host) {
  return getCandidates(host).find((file) => host.exists(file));
}

/**
 * @param {Machine} host
 * @returns {string[]}
 */
function getCandidates({ platform, env }) {
  if (platform === 'win32') {
    return [env.LOCALAPPDATA, env.PROGRAMFILES, env['PROGRAMFILES(X86)']]
      .filter((folder) => folder !== undefined)
      .map((folder) => path.win32.join(folder, WINDOWS_PATH));
  }
  const folders = (env.PATH ?? '').split(':').filter(Boolean);
  const onPath = COMMANDS.flatMap((command) => folders.map((folder) => `${folder}/${command}`));
  return platform === 'darwin' ? [...MAC_PATHS, ...onPath] : onPath;
}

/** @param {Machine} host */
async function install(host) {
  const failures = [];
  if (host.platform === 'linux' && host.isRoot && host.exists('/usr/bin/apt-get')) {
    try {
      host.run('apt-get', ['update']);
      host.run('apt-get', ['install', '-y', '--no-install-recommends', 'chromium']);
      const installed = getInstalled(host);
      if (installed) {
        return installed;
      }
      failures.push('apt-get installed no chromium');
    } catch (error) {
      failures.push(getMessage(error));
    }
  }
  try {
    return await host.downloadChrome();
  } catch (error) {
    failures.push(getMessage(error));
  }
  throw new Error(
    `No Chromium found: install chromium or Google Chrome, or set CHROME_BIN (${failures.join('; ')}).`,
  );
}

/** Downloads a stable Chrome into .cache/ and returns the path of its executable. */
async function downloadChrome() {
  const {
    Browser,
    detectBrowserPlatform,
    install: download,
    resolveBuildId,
  } = await import('@puppeteer/browsers');
  const platform = detectBrowserPlatform();
  if (!platform) {
    throw new Error('there is no Chrome for this platform');
  }
  const buildId = await resolveBuildId(Browser.CHROME, platform, 'stable');
  const { executablePath } = await download({
    browser: Browser.CHROME,
    buildId,
    cacheDir: CACHE,
    platform,
  });
  return executablePath;
}

/** @param {string} file */
function isExecutable(file) {
  if (!existsSync(file)) {
    return false;
  }
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** @param {unknown} error */
function getMessage(error) {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    process.stdout.write(`${await findChromium()}\n`);
  } catch (error) {
    process.stderr.write(`${getMessage(error)}\n`);
    process.exitCode = 1;
  }
}
