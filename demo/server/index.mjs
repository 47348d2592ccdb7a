import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { errorAnswer } from './answer.mjs';
import { createRouter } from './createRouter.mjs';
import { crossOriginHeaders } from './crossOriginHeaders.mjs';
import { indexPart10 } from './part10Index.mjs';
import { RequestLog } from './requestLog.mjs';
import { sendAnswer } from './sendAnswer.mjs';
import { TestControls } from './testControls.mjs';

/** The headers that a request log records: of the request, of the credentials, and those of an application. */
const LOGGED_HEADERS = /^(accept|range|if-range|authorization|x-.+)$/;

/** @typedef {import('./answer.mjs').Answer} Answer */
/** @typedef {import('./part10Index.mjs').Part10Index} Part10Index */
/** @typedef {import('node:http').IncomingMessage} IncomingMessage */
/** @typedef {import('node:http').ServerResponse} ServerResponse */

/**
 * @typedef {object} ServerOptions
 * @property {string[]} [folders] read recursively and served under `/dicomweb` and `/files`
 * @property {Record<string, string[]>} [roots] further data sets by name, each served under
 *   `/data/<name>/dicomweb` and `/data/<name>/files`, so that several may have the same UIDs
 * @property {Record<string, string>} [proxies] origins by the path prefix of the requests that are forwarded
 * @property {string} [staticFolder] served under `/`
 * @property {number} [port] default 0: a free port
 * @property {string} [host] default 127.0.0.1
 * @property {boolean} [crossOriginIsolated] sends COOP and COEP; default true
 * @property {boolean} [singlePart] frames without multipart envelope, like `?singlePart=1`
 * @property {boolean} [testControls] opens `/__requests`, `/__faults` and `/__release`
 * @property {(line: string) => void} [log]
 */

/**
 * @typedef {object} DicomWebServer
 * @property {string} origin `http://127.0.0.1:8080`
 * @property {string} dicomWebRoot of `folders`
 * @property {(path: string) => string} url absolute URL of a path
 * @property {RequestLog} requests all requests except test controls
 * @property {TestControls} controls
 * @property {() => Promise<void>} close also closes open connections
 */

/**
 * Starts a small DICOMweb server (PS3.18) on files: QIDO-RS, WADO-RS metadata and frames in the
 * transfer syntax of the file, whole files with byte ranges, and static files.
 *
 * @param {ServerOptions} options
 * @returns {Promise<DicomWebServer>}
 * @throws {Error} when a folder is missing or holds no DICOM, or the port is taken (EADDRINUSE)
 */
export async function startDicomWebServer({
  folders = [],
  roots = {},
  proxies = {},
  staticFolder,
  port = 0,
  host = '127.0.0.1',
  crossOriginIsolated = true,
  singlePart = false,
  testControls = false,
  log = () => {},
}) {
  /** @type {Map<string, Part10Index>} */
  const indexes = new Map();
  if (folders.length > 0) indexes.set('/', await indexPart10(folders, { log }));
  for (const [name, paths] of Object.entries(roots)) {
    indexes.set(`/data/${name}/`, await indexPart10(paths, { log }));
  }

  const requests = new RequestLog();
  const controls = new TestControls(requests);

  const route = createRouter({ indexes, proxies, staticFolder, singlePart });

  /** @type {(request: IncomingMessage, response: ServerResponse) => Promise<void>} */
  const handle = async (request, response) => {
    const { method = 'GET', headers } = request;
    const url = new URL(`http://${headers.host ?? host}${request.url ?? '/'}`);
    const requestedHeaders = headers['access-control-request-headers'];
    const commonHeaders = crossOriginHeaders({ crossOriginIsolated, requestedHeaders });
    const send = (/** @type {Answer & { cors?: boolean }} */ answer) => {
      const all = { ...answer.headers, ...commonHeaders };
      if (answer.cors === false) delete all['Access-Control-Allow-Origin'];
      return sendAnswer(response, { ...answer, headers: all }, method);
    };

    if (testControls && url.pathname.startsWith('/__') && method !== 'OPTIONS') {
      const control = { method, query: url.searchParams, body: await text(request) };
      await send(await orError(() => controls.answer(url.pathname, control)));
      return;
    }
    const path = url.pathname + url.search;
    const told = Object.entries(headers).filter(([name]) => LOGGED_HEADERS.test(name));
    const entry = requests.start({
      method,
      path,
      headers: Object.fromEntries(told.map(([name, value]) => [name, String(value)])),
    });
    const gone = new AbortController();
    response.on('close', () => {
      requests.end(entry, { aborted: !response.writableFinished });
      gone.abort();
    });
    const answer = await orError(async () => {
      if (method === 'OPTIONS') return { status: 204, headers: {}, body: Buffer.alloc(0) };
      if (method !== 'GET' && method !== 'HEAD') return errorAnswer(405, `No ${method} here`);
      return controls.apply(path, () => route(request, url), {
        signal: gone.signal,
        range: headers.range,
        ifRange: /** @type {string | undefined} */ (headers['if-range']),
      });
    });
    entry.status = answer.status;
    if (answer.status >= 500) log(`${method} ${path}: ${answer.status}`);
    await send(answer);
  };

  const server = createServer((request, response) => {
    handle(request, response).catch((error) => {
      log(`${request.method} ${request.url}: ${error}`);
      response.destroy();
    });
  });
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve(undefined));
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port');
  const origin = `http://${host}:${address.port}`;

  return {
    origin,
    dicomWebRoot: `${origin}/dicomweb`,
    url: (path) => new URL(path, origin).href,
    requests,
    controls,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/**
 * @param {() => Promise<Answer>} make
 * @returns {Promise<Answer>} 400 for a path that cannot be decoded, 500 for any other failure
 */
async function orError(make) {
  try {
    return await make();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return errorAnswer(
      error instanceof URIError || error instanceof SyntaxError ? 400 : 500,
      message,
    );
  }
}
