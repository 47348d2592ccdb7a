/** Finds Firefox and WebKitGTK for the tests (scripts/testBrowser.mjs). */
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';

/**
 * Programs that run a page in WebKitGTK.
 *
 * @typedef {object} WebKit
 * @property {string} xvfbRun
 * @property {string} driver - WebKitWebDriver
 * @property {string} miniBrowser
 */

/** @returns {string | undefined} path of FIREFOX_BIN or of an installed Firefox */
export function findFirefox() {
  return process.env.FIREFOX_BIN ?? findOnPath('firefox-esr') ?? findOnPath('firefox');
}

/** @returns {string | undefined} path of the program that runs others on a display of Xvfb */
export function findXvfbRun() {
  return findOnPath('xvfb-run');
}

/** @returns {WebKit | undefined} undefined where one of the programs is missing */
export function findWebKit() {
  const xvfbRun = findXvfbRun();
  const driver = findOnPath('WebKitWebDriver');
  const miniBrowser = findMiniBrowser();
  return xvfbRun && driver && miniBrowser ? { xvfbRun, driver, miniBrowser } : undefined;
}

/** @param {string} program */
function findOnPath(program) {
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter(Boolean);
  return folders.map((folder) => path.join(folder, program)).find((file) => existsSync(file));
}

/** Not on the PATH: `/usr/lib/<architecture>/webkit2gtk-<version>/MiniBrowser`, the newest version first. */
function findMiniBrowser() {
  const folders = listFolder('/usr/lib').filter((name) => name.endsWith('-linux-gnu'));
  return folders
    .flatMap((folder) =>
      listFolder(path.join('/usr/lib', folder))
        .filter((name) => /^webkit(2gtk|gtk)-/.test(name))
        .map((name) => path.join('/usr/lib', folder, name, 'MiniBrowser')),
    )
    .filter((file) => existsSync(file))
    .sort()
    .at(-1);
}

/** @param {string} folder */
function listFolder(folder) {
  return existsSync(folder) ? readdirSync(folder) : [];
}
