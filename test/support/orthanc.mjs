import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const BINARIES = ['/usr/sbin/Orthanc', '/usr/local/sbin/Orthanc'];
const PLUGINS = [
  '/usr/share/orthanc/plugins/libOrthancDicomWeb.so',
  '/usr/lib/orthanc/libOrthancDicomWeb.so',
  '/usr/local/share/orthanc/plugins/libOrthancDicomWeb.so',
];
const POLL_MS = 50;
const START_TIMEOUT_MS = 30_000;

/**
 * Paths of Orthanc and its DICOMweb plugin on this machine.
 *
 * @returns {{ binary: string, plugin: string } | { missing: string }}
 */
export function findOrthanc() {
  const binary = BINARIES.find((path) => existsSync(path));
  if (binary === undefined) return { missing: 'Orthanc is not installed' };
  const plugin = PLUGINS.find((path) => existsSync(path));
  if (plugin === undefined) return { missing: "Orthanc's DICOMweb plugin is not installed" };
  return { binary, plugin };
}

/**
 * Starts Orthanc on a free port of loopback, with an empty store that is removed at the end, and waits until
 * it responds.
 *
 * @param {{ binary: string, plugin: string }} installation
 * @returns {Promise<{ origin: string, upload: (folder: string) => Promise<void>, stop: () => Promise<void> }>}
 *   `upload` stores every file of a folder; `dicom-web/` is under `origin`
 * @throws {Error} with the output of Orthanc, when it exits or does not respond in time
 */
export async function startOrthanc({ binary, plugin }) {
  const folder = await mkdtemp(join(tmpdir(), 'orthanc-'));
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const configuration = join(folder, 'orthanc.json');
  await writeFile(configuration, JSON.stringify(settings(folder, port, plugin)));

  const child = spawn(binary, [configuration], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const keep = (/** @type {Buffer} */ chunk) => (output = (output + chunk).slice(-4000));
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  // A killed test run must not leave a server running.
  const killChild = () => child.kill('SIGKILL');
  process.once('exit', killChild);

  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
    process.off('exit', killChild);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await untilItAnswers(origin, child);
  } catch (cause) {
    await stop();
    throw new Error(`Orthanc did not start: ${output}`, { cause });
  }
  return { origin, upload: (path) => uploadFolder(origin, path), stop };
}

/**
 * @param {string} folder
 * @param {number} port
 * @param {string} plugin
 */
function settings(folder, port, plugin) {
  return {
    Name: 'Test',
    StorageDirectory: join(folder, 'store'),
    IndexDirectory: join(folder, 'store'),
    HttpPort: port,
    HttpBindAddresses: ['127.0.0.1'],
    RemoteAccessAllowed: false,
    AuthenticationEnabled: false,
    DicomServerEnabled: false,
    HttpsVerifyPeers: false,
    Plugins: [plugin],
    DicomWeb: { Enable: true, Root: '/dicom-web/', EnableWado: false },
  };
}

/**
 * @param {string} origin
 * @param {import('node:child_process').ChildProcess} child
 */
async function untilItAnswers(origin, child) {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline && child.exitCode === null && child.pid !== undefined) {
    const answer = await fetch(`${origin}/dicom-web/studies`).catch(() => undefined);
    if (answer?.ok === true) return;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw new Error(child.exitCode === null ? 'no answer in time' : `exit code ${child.exitCode}`);
}

/**
 * @param {string} origin
 * @param {string} folder
 */
async function uploadFolder(origin, folder) {
  for (const name of (await readdir(folder)).sort()) {
    const body = await readFile(join(folder, name));
    const answer = await fetch(`${origin}/instances`, { method: 'POST', body });
    if (!answer.ok) {
      throw new Error(`Orthanc refused ${join(folder, name)}: ${await answer.text()}`);
    }
  }
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        resolve(address !== null && typeof address === 'object' ? address.port : 0),
      );
    });
  });
}
