import { pipeline } from 'node:stream/promises';

/**
 * Sends a response; for a HEAD request only its headers. Resolves when it is sent or the client has
 * disconnected.
 *
 * @param {import('node:http').ServerResponse} response
 * @param {import('./answer.mjs').Answer & { cut?: boolean }} answer `cut` closes the connection half-way
 * @param {string} method
 * @returns {Promise<void>}
 */
export async function sendAnswer(response, { status, headers, body, cut = false }, method) {
  const isStream = !Buffer.isBuffer(body);
  if (response.destroyed) {
    if (isStream) body.destroy();
    return;
  }
  response.writeHead(status, {
    // Every request must reach the server: responses from a cache are neither counted nor measured.
    'Cache-Control': 'no-store',
    ...(isStream || status === 204 ? {} : { 'Content-Length': String(body.length) }),
    ...headers,
  });
  if (method === 'HEAD') {
    if (isStream) body.destroy();
    response.end();
  } else if (!isStream && cut) {
    response.write(body.subarray(0, body.length >> 1), () => response.destroy());
  } else if (!isStream) {
    response.end(body);
  } else {
    await pipeline(body, response).catch((error) => {
      // The status is sent already: closing the connection shows the client that the body is incomplete.
      response.destroy(error);
    });
  }
}
