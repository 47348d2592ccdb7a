import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { errorAnswer } from '../../demo/server/answer.mjs';
import { createRouter } from '../../demo/server/createRouter.mjs';
import { crossOriginHeaders } from '../../demo/server/crossOriginHeaders.mjs';
import { indexPart10 } from '../../demo/server/part10Index.mjs';
import { RequestLog } from '../../demo/server/requestLog.mjs';
import { sendAnswer } from '../../demo/server/sendAnswer.mjs';
import { TestControls } from '../../demo/server/testControls.mjs';
import { ohifModulesSource, takeOhifModules } from './ohifModules.mjs';
import { siteConfigSource } from './siteConfig.mjs';

/** @typedef {import('../../demo/server/answer.mjs').Answer} Answer */

const DIST = fileURLToPath(new URL('../../dist', import.meta.url));
const EXTENSION = fileURLToPath(new URL('extension', import.meta.url));

/**
 * @typedef {object} OhifServer
 * @property {string} origin
 * @property {import('../../demo/server/requestLog.mjs').RequestLog} requests
 * @property {import('../../demo/server/testControls.mjs').TestControls} controls
 * @property {(site: import('./siteConfig.mjs').Site) => void} configure sets the configuration of pages
 *   opened from now on
 * @property {(token: string | undefined) => void} setToken frames are sent only with this token; undefined:
 *   to all
 * @property {() => Promise<void>} close
 */

/**
 * Serves OHIF with the built extension, and DICOM files to it over DICOMweb, on one origin.
 *
 * @param {object} options
 * @param {string} options.application folder of OHIF
 * @param {string[]} options.folders of the files
 * @param {(path: string) => Promise<Answer | undefined>} [options.route] answers further paths
 * @returns {Promise<OhifServer>}
 * @throws {Error} when the package is not built
 */
export async function startOhifServer({ application, folders, route = async () => undefined }) {
  if (!existsSync(path.join(DIST, 'ohif/index.js'))) {
    throw new Error('There is no dist/ohif/index.js: npm run build');
  }
  const indexes = new Map([['/', await indexPart10(folders)]]);
  const data = createRouter({ indexes, proxies: {}, staticFolder: application, singlePart: false });
  const requests = new RequestLog();
  const controls = new TestControls(requests);
  const modules = ohifModulesSource(application);
  /** @type {import('./siteConfig.mjs').Site} */
  let site = {};
  /** @type {string | undefined} */
  let validToken;

  /**
   * @param {import('node:http').IncomingMessage} request
   * @param {URL} url
   * @returns {Promise<Answer>}
   */
  const answer = async (request, url) => {
    const { pathname } = url;
    if (pathname === '/app-config.js') return script(siteConfigSource(site));
    // A service worker would intercept the requests to this server.
    if (pathname === '/init-service-worker.js') return script('');
    if (pathname === '/ext/modules.mjs') return script(modules);
    if (pathname.startsWith('/ext/')) return extensionFile(pathname.slice('/ext/'.length));
    const isFrame = pathname.includes('/frames/');
    if (isFrame && validToken && request.headers.authorization !== `Bearer ${validToken}`) {
      return errorAnswer(401, 'The token is not valid');
    }
    const own = await route(pathname);
    if (own) return own;
    // Addresses of views are no files; the application's router handles them.
    const isView = !pathname.startsWith('/dicomweb') && path.extname(pathname) === '';
    return data(request, isView ? new URL('/index.html', url) : url);
  };

  const server = createServer((request, response) => {
    const { method = 'GET', headers } = request;
    const url = new URL(`http://${headers.host}${request.url ?? '/'}`);
    const entry = requests.start({ method, path: url.pathname + url.search, headers: {} });
    const gone = new AbortController();
    response.on('close', () => {
      requests.end(entry, { aborted: !response.writableFinished });
      gone.abort();
    });
    const handle = async () => {
      const given = await controls.apply(entry.path, () => answer(request, url), {
        signal: gone.signal,
        range: request.headers.range,
      });
      entry.status = given.status;
      const common = crossOriginHeaders({ crossOriginIsolated: true });
      await sendAnswer(response, { ...given, headers: { ...given.headers, ...common } }, method);
    };
    handle().catch((error) => response.destroy(error));
  });
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve(undefined));
  });
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    origin: `http://127.0.0.1:${port}`,
    requests,
    controls,
    configure: (changed) => {
      site = changed;
    },
    setToken: (token) => {
      validToken = token;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/**
 * @param {string} name
 * @returns {Promise<Answer>}
 */
async function extensionFile(name) {
  const file = [DIST, EXTENSION].map((folder) => path.join(folder, name)).find(existsSync);
  if (file === undefined) return errorAnswer(404, `No such file: ${name}`);
  return script(takeOhifModules(await readFile(file, 'utf8'), '/ext/modules.mjs'));
}

/**
 * @param {string} source
 * @returns {Answer}
 */
function script(source) {
  return {
    status: 200,
    headers: { 'Content-Type': 'text/javascript; charset=utf-8' },
    body: Buffer.from(source),
  };
}
