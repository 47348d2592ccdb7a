import { createServer } from 'node:http';
import { crossOriginHeaders } from '../../demo/server/crossOriginHeaders.mjs';

/**
 * Starts a server whose response is in the address: `/<Content-Type>/<body>.<body>/<any name>/<n>` returns
 * the n-th body, from 1, and any other end of the path the first. Bodies are in base64url.
 *
 * @param {{ isolated: boolean }} options whether responses have COOP and COEP
 * @returns {Promise<{ origin: string, stop: () => Promise<void> }>}
 */
export async function startEchoServer({ isolated }) {
  const server = createServer({ maxHeaderSize: 2 ** 20 }, (request, response) => {
    const requestedHeaders = request.headers['access-control-request-headers'];
    const headers = crossOriginHeaders({ crossOriginIsolated: isolated, requestedHeaders });
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const [, type = '', bodies = '', ...rest] = pathname.split('/');
    const number = Number(rest.at(-1));
    const body = bodies.split('.')[Number.isInteger(number) && number > 0 ? number - 1 : 0];
    if (request.method === 'OPTIONS' || body === undefined) {
      response.writeHead(request.method === 'OPTIONS' ? 204 : 404, headers).end();
      return;
    }
    const bytes = Buffer.from(body, 'base64url');
    response.writeHead(200, {
      ...headers,
      'Cache-Control': 'no-store',
      'Content-Type': Buffer.from(type, 'base64url').toString(),
      'Content-Length': bytes.length,
    });
    response.end(bytes);
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
