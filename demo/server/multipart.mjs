import { randomUUID } from 'node:crypto';

/** @typedef {{ contentType: string, body: Buffer }} Part */

/**
 * Builds a multipart/related body (RFC 2387, PS3.18 8.6.1.2), each part with its length.
 *
 * @param {Part[]} parts
 * @returns {{ contentType: string, body: Buffer, partRanges: Array<[start: number, end: number]> }}
 *   `partRanges` are the bytes of each part's content in `body`
 */
export function multipartRelated(parts) {
  const boundary = `part-${randomUUID()}`;
  /** @type {Buffer[]} */
  const pieces = [];
  /** @type {Array<[number, number]>} */
  const partRanges = [];
  let length = 0;
  const push = (/** @type {Buffer} */ piece) => {
    pieces.push(piece);
    length += piece.length;
  };
  for (const { contentType, body } of parts) {
    push(
      Buffer.from(
        `--${boundary}\r\nContent-Type: ${contentType}\r\nContent-Length: ${body.length}\r\n\r\n`,
      ),
    );
    partRanges.push([length, length + body.length]);
    push(body);
    push(Buffer.from('\r\n'));
  }
  push(Buffer.from(`--${boundary}--\r\n`));
  const type = parts[0]?.contentType.split(';')[0] ?? 'application/octet-stream';
  return {
    contentType: `multipart/related; type="${type}"; boundary="${boundary}"`,
    body: Buffer.concat(pieces, length),
    partRanges,
  };
}
