/**
 * The response of a route, before it is sent.
 *
 * @typedef {object} Answer
 * @property {number} status
 * @property {Record<string, string>} headers
 * @property {Buffer | import('node:stream').Readable} body a stream needs a Content-Length header
 * @property {[start: number, end: number]} [payloadRange] bytes of the first frame in `body`
 */

/**
 * @param {unknown} value
 * @param {{ status?: number, contentType?: string }} [options]
 * @returns {Answer}
 */
export function jsonAnswer(value, { status = 200, contentType = 'application/json' } = {}) {
  return {
    status,
    headers: { 'Content-Type': contentType },
    body: Buffer.from(JSON.stringify(value)),
  };
}

/**
 * @param {number} status
 * @param {string} message
 */
export function errorAnswer(status, message) {
  return jsonAnswer({ error: message }, { status });
}
