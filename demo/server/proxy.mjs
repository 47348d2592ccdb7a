import { request } from 'node:http';
import { errorAnswer } from './answer.mjs';

/** Headers of one connection, not of the message (RFC 9110 7.6.1). */
const HOP_BY_HOP = ['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'host'];

/**
 * Forwards a GET or HEAD request to another server and returns its response unchanged.
 *
 * @param {string} target absolute URL
 * @param {import('node:http').IncomingMessage} incoming
 * @returns {Promise<import('./answer.mjs').Answer>} 502 when the other server cannot be reached
 */
export function proxy(target, incoming) {
  return new Promise((resolve) => {
    const headers = { ...incoming.headers };
    for (const name of HOP_BY_HOP) delete headers[name];
    // A new connection: the server may close a kept-alive one just when it is reused.
    const options = { method: incoming.method, headers, agent: false };
    const outgoing = request(target, options, (answer) => {
      /** @type {Record<string, string>} */
      const answerHeaders = {};
      for (let i = 0; i < answer.rawHeaders.length; i += 2) {
        const name = answer.rawHeaders[i] ?? '';
        if (!HOP_BY_HOP.includes(name.toLowerCase())) {
          answerHeaders[name] = answer.rawHeaders[i + 1] ?? '';
        }
      }
      resolve({ status: answer.statusCode ?? 502, headers: answerHeaders, body: answer });
    });
    outgoing.on('error', (error) => resolve(errorAnswer(502, error.message)));
    outgoing.end();
  });
}
