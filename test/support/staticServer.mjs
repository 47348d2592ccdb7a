import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join, resolve, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { crossOriginHeaders } from '../../demo/server/crossOriginHeaders.mjs';

/** Suffix of a compressed file on the disk; it is served without the suffix. */
export const ENCODED = '.content-encoding-gzip';

/** Response of the file server for a folder, by the first part of the path; 404 for others. */
const FOLDER_ANSWERS = new Map([
  ['encoded', 403],
  ['listing', 200],
]);

/**
 * Starts a file server that knows nothing of DICOM: no media types, no queries, no lists as JSON.
 *
 * @param {string} folder
 * @param {{ isolated: boolean }} options whether responses have COOP and COEP
 * @returns {Promise<{ origin: string, stop: () => Promise<void> }>}
 */
export async function startStaticServer(folder, { isolated }) {
  const root = resolve(folder);
  const server = createServer((request, response) => {
    answer(root, isolated, request, response).catch(() => response.destroy());
  });
  await new Promise((done) => {
    server.listen(0, '127.0.0.1', () => done(undefined));
  });
  const address = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    origin: `http://127.0.0.1:${address.port}`,
    stop: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

/**
 * @param {string} root
 * @param {boolean} isolated
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 */
async function answer(root, isolated, request, response) {
  const requestedHeaders = request.headers['access-control-request-headers'];
  const headers = crossOriginHeaders({ crossOriginIsolated: isolated, requestedHeaders });
  const urlPath = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname);
  const path = resolve(join(root, urlPath));
  if (request.method === 'OPTIONS' || !path.startsWith(root + sep)) {
    response.writeHead(request.method === 'OPTIONS' ? 204 : 403, headers).end();
    return;
  }
  const found = await stat(path).catch(() => undefined);
  const isEncoded = found === undefined && (await stat(path + ENCODED).catch(() => undefined));
  if (found?.isFile() || isEncoded) {
    const encoding = isEncoded ? { 'Content-Encoding': 'gzip' } : {};
    response.writeHead(200, { ...headers, ...encoding, 'Cache-Control': 'no-store' });
    await pipeline(createReadStream(isEncoded ? path + ENCODED : path), response);
    return;
  }
  const status = (found?.isDirectory() && FOLDER_ANSWERS.get(urlPath.split('/')[1] ?? '')) || 404;
  response.writeHead(status, { ...headers, 'Content-Type': 'text/html' });
  response.end('<!doctype html><title>Files</title>');
}
