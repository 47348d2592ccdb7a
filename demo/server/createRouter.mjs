import { errorAnswer } from './answer.mjs';
import { answerDicomWeb } from './dicomWebRoutes.mjs';
import { fileAnswer } from './fileAnswer.mjs';
import { proxy } from './proxy.mjs';
import { staticFile } from './staticFile.mjs';

/** @typedef {import('./answer.mjs').Answer} Answer */
/** @typedef {import('./part10Index.mjs').Part10Index} Part10Index */
/** @typedef {import('node:http').IncomingMessage} IncomingMessage */

/**
 * Finds the response to a GET or HEAD request: proxies first, then data sets, then static files. With
 * `?wholeFile`, a file of a data set is sent as by a server that does not support byte ranges.
 *
 * @param {object} options
 * @param {Map<string, Part10Index>} options.indexes by the path prefix, with slashes at both ends
 * @param {Record<string, string>} options.proxies
 * @param {string | undefined} options.staticFolder
 * @param {boolean} options.singlePart
 * @returns {(request: IncomingMessage, url: URL) => Promise<Answer>} rejects with URIError when the
 *   path cannot be decoded
 */
export function createRouter({ indexes, proxies, staticFolder, singlePart }) {
  return async (request, url) => {
    const path = decodeURIComponent(url.pathname);
    for (const [prefix, target] of Object.entries(proxies)) {
      if (path.startsWith(prefix)) {
        return proxy(target + url.pathname.slice(prefix.length) + url.search, request);
      }
    }
    for (const [prefix, index] of indexes) {
      const dicomWeb = `${prefix}dicomweb/`;
      if (path.startsWith(dicomWeb)) {
        return answerDicomWeb(index, url.pathname.slice(dicomWeb.length), {
          rootUrl: url.origin + dicomWeb.slice(0, -1),
          query: url.searchParams,
          singlePart: singlePart || url.searchParams.has('singlePart'),
        });
      }
      const files = `${prefix}files/`;
      if (path.startsWith(files)) {
        const range = url.searchParams.has('wholeFile') ? undefined : request.headers.range;
        return answerFile(index, path.slice(files.length), range);
      }
    }
    if (staticFolder === undefined) return errorAnswer(404, `No such resource: ${path}`);
    return staticFile(staticFolder, path, request.headers.range);
  };
}

/**
 * @param {Part10Index} index
 * @param {string} name the SOP Instance UID, with or without `.dcm`
 * @param {string | undefined} range
 */
async function answerFile(index, name, range) {
  const instance = index.findInstance(name.replace(/\.dcm$/, ''));
  if (instance === undefined) return errorAnswer(404, `No such instance: ${name}`);
  return fileAnswer(instance.path, { contentType: 'application/dicom', range });
}
