import { extname, join, resolve, sep } from 'node:path';
import { errorAnswer } from './answer.mjs';
import { fileAnswer } from './fileAnswer.mjs';

/** @type {Record<string, string>} */
const MEDIA_TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
};

/**
 * Sends a file of a folder; a path that ends with a slash selects its index.html.
 *
 * @param {string} folder
 * @param {string} urlPath decoded, with a leading slash
 * @param {string | undefined} range the request's Range header
 * @returns {Promise<import('./answer.mjs').Answer>} 403 when the path leaves the folder
 */
export async function staticFile(folder, urlPath, range) {
  const root = resolve(folder);
  const path = resolve(join(root, urlPath.endsWith('/') ? `${urlPath}index.html` : urlPath));
  if (urlPath.includes('\0') || !path.startsWith(root + sep)) {
    return errorAnswer(403, 'Outside the served folder');
  }
  const contentType = MEDIA_TYPES[extname(path).toLowerCase()] ?? 'application/octet-stream';
  return fileAnswer(path, { contentType, range });
}
