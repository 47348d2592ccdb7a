import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { errorAnswer } from './answer.mjs';

/**
 * Streams a file, or the byte range that a Range header asks for (RFC 9110 14). For several ranges the whole
 * file is sent, as the RFC allows.
 *
 * @param {string} path
 * @param {{ contentType: string, range?: string | undefined }} options
 * @returns {Promise<import('./answer.mjs').Answer>} 404 when there is no such file
 */
export async function fileAnswer(path, { contentType, range }) {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined || !found.isFile()) return errorAnswer(404, 'No such file');
  const headers = { 'Content-Type': contentType, 'Accept-Ranges': 'bytes' };
  const wanted = parseRange(range, found.size);
  if (wanted === 'whole') {
    return streamAnswer(path, 200, headers, 0, found.size - 1);
  }
  if (wanted === 'unsatisfiable') {
    const answer = errorAnswer(416, `Range beyond ${found.size} bytes`);
    answer.headers['Content-Range'] = `bytes */${found.size}`;
    return answer;
  }
  const contentRange = `bytes ${wanted.start}-${wanted.end}/${found.size}`;
  return streamAnswer(
    path,
    206,
    { ...headers, 'Content-Range': contentRange },
    wanted.start,
    wanted.end,
  );
}

/**
 * @param {string} path
 * @param {number} status
 * @param {Record<string, string>} headers
 * @param {number} start
 * @param {number} end the last byte, included
 * @returns {import('./answer.mjs').Answer}
 */
function streamAnswer(path, status, headers, start, end) {
  const length = end - start + 1;
  return {
    status,
    headers: { ...headers, 'Content-Length': String(length) },
    body: length > 0 ? createReadStream(path, { start, end }) : Readable.from([]),
  };
}

/**
 * Reads the Range header of a request (RFC 9110 14.2) for one range.
 *
 * @param {string | undefined} header
 * @param {number} size
 * @returns {'whole' | 'unsatisfiable' | { start: number, end: number }} `end` is included
 */
export function parseRange(header, size) {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  if (match === null) return 'whole';
  const [, from = '', to = ''] = match;
  if (from === '' && to === '') return 'whole';
  if (from === '') {
    const suffix = Math.min(Number(to), size);
    return suffix > 0 ? { start: size - suffix, end: size - 1 } : 'unsatisfiable';
  }
  const start = Number(from);
  const end = to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (to !== '' && Number(to) < start) return 'whole';
  return start < size ? { start, end } : 'unsatisfiable';
}
