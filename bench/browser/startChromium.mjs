import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { constants, platform, tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { withTimeLimit } from '../withTimeLimit.mjs';

const START_LIMIT_MS = 30_000;
const END_LIMIT_MS = 5000;
const LOOK_INTERVAL_MS = 20;
/** Where no process reaps them, dead processes stay in the group. */
const MAX_LOOKS = 10;
/** @type {NodeJS.Signals[]} */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
/** The line of the output with the address of the DevTools protocol. */
const ADDRESS = /^DevTools listening on (ws:\/\/\S+)$/m;

/**
 * A running browser.
 *
 * @typedef {object} ChromiumProcess
 * @property {string} address of its DevTools protocol
 * @property {() => Promise<void>} end waits briefly for it to exit, kills it otherwise, and removes its
 *   files; may be called again
 */

/**
 * Starts Chromium with an empty profile. It does not outlive this process.
 *
 * @param {string} executablePath
 * @param {string[]} flags
 * @param {{ limitMs?: number }} [options] `limitMs` is the time limit of the start
 * @returns {Promise<ChromiumProcess>}
 * @throws {Error} with the output of the browser, when it exits or does not listen
 */
export async function startChromium(executablePath, flags, { limitMs = START_LIMIT_MS } = {}) {
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-browser-'));
  const child = spawn(
    executablePath,
    [...flags, '--remote-debugging-port=0', `--user-data-dir=${folder}`, '--no-startup-window'],
    // A separate process group, so that its children can be killed with it.
    { stdio: ['ignore', 'ignore', 'pipe'], detached: platform() !== 'win32' },
  );
  const ended = new Promise((resolve) => child.once('exit', resolve).once('error', resolve));
  const cleanUp = () => {
    kill(child);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  const onSignal = (/** @type {NodeJS.Signals} */ signal) =>
    process.exit(128 + constants.signals[signal]);
  process.once('exit', cleanUp);
  for (const signal of SIGNALS) process.once(signal, onSignal);
  const end = async () => {
    await withTimeLimit(ended, END_LIMIT_MS).catch(() => kill(child));
    await ended;
    // Its children exit a little later, and would create the folder again.
    for (let looks = 0; kill(child) && looks < MAX_LOOKS; looks++) await wait(LOOK_INTERVAL_MS);
    cleanUp();
    process.off('exit', cleanUp);
    for (const signal of SIGNALS) process.off(signal, onSignal);
  };
  try {
    return { address: await withTimeLimit(readAddress(child), limitMs), end };
  } catch (error) {
    kill(child);
    await end();
    throw new Error(`${executablePath} cannot be driven: ${messageOf(error)}`, { cause: error });
  }
}

/**
 * @param {import('node:child_process').ChildProcessByStdio<null, null, import('node:stream').Readable>} child
 * @returns {Promise<string>}
 */
function readAddress(child) {
  return new Promise((resolve, reject) => {
    let output = '';
    // Continues after the address: a full pipe would block the browser.
    child.stderr.setEncoding('utf8').on('data', (text) => {
      output = `${output}${text}`.slice(-4096);
      const [, address] = ADDRESS.exec(output) ?? [];
      if (address !== undefined) resolve(address);
    });
    child.once('error', reject);
    child.once('close', (code, signal) =>
      reject(new Error(`It ended with ${signal ?? code}: ${output.trim()}`)),
    );
  });
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @returns {boolean} whether there was a process to kill
 */
function kill(child) {
  if (child.pid === undefined || platform() === 'win32') return child.kill('SIGKILL');
  try {
    return process.kill(-child.pid, 'SIGKILL');
  } catch {
    return false;
  }
}

/** @param {unknown} error */
function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}
