import { createServer } from 'node:http';
import { createSecureServer } from 'node:http2';
import { errorAnswer, jsonAnswer } from '../../demo/server/answer.mjs';
import { crossOriginHeaders } from '../../demo/server/crossOriginHeaders.mjs';
import { sendAnswer } from '../../demo/server/sendAnswer.mjs';
import { staticFile } from '../../demo/server/staticFile.mjs';
import { byteRange } from './byteRange.mjs';
import { FrameTraffic } from './FrameTraffic.mjs';
import { Link } from './Link.mjs';
import { selfSignedCertificate } from './selfSignedCertificate.mjs';

/** @typedef {import('node:http').IncomingMessage} IncomingMessage */
/** @typedef {import('node:http').ServerResponse} ServerResponse */
/** @typedef {import('node:net').Server} Server */
/** @typedef {import('node:net').Socket} Socket */

/** Limit of concurrent requests of one connection, as in nginx. */
const HTTP2_STREAMS = 128;
const FRAME_PATH = /^\/series\/([^/]+)\/instances\/[^/]+\.(\d+)\/frames\/1$/;
const SERIES_PATH = /^\/series\/([^/]+)\/(metadata|truth|files\/(\d+))$/;

/**
 * A series that the server sends, and its truth.
 *
 * @typedef {object} FrameSource
 * @property {number} frameCount
 * @property {SeriesTruth} truth
 * @property {import('../../demo/server/dicomJson.mjs').DicomJson[]} metadata headers of all instances
 *   (PS3.18 F.2), one frame each, from the feet up; their SOP Instance UIDs end in the number of the
 *   frame, from 1
 * @property {(frame: number) => { contentType: string, body: Buffer, status?: number } | undefined} frame a
 *   frame from 0 in its multipart envelope, undefined when there is no such frame; asked once for each request.
 *   Default of `status`: 200, or 206 for a range. What it throws closes the connection; a RangeError is a
 *   response of 416
 * @property {(frame: number) => Buffer | undefined} [file] the instance of a frame from 0 as a DICOM file, undefined when
 *   there is no such frame; default: the series has no files
 *
 * @typedef {object} SeriesTruth
 * @property {string} transferSyntax of the frames as they are sent
 * @property {number} intercept added to stored values
 * @property {number[]} hashes of the modality values of each frame, as hashOf computes them
 * @property {number[][]} bands for each frame the levels in Hounsfield units of its bands, which are
 *   equally high, from the first row to the last; empty for a series without bands
 */

/**
 * The connection to a server.
 *
 * @typedef {object} Connection
 * @property {boolean} isolated whether its pages are cross-origin isolated and have SharedArrayBuffer
 * @property {'http/1.1' | 'h2'} protocol
 * @property {Readonly<Record<string, string>>} [frameHeaders] headers that a request for a frame must have;
 *   otherwise the response is 401. Default: none
 * @property {{ bytesPerSecond: number, latencyMs: number }} [link] default: unlimited. Only frames are
 *   limited, not the page and the headers.
 * @property {boolean} [servesRanges] whether a request for a range of a frame's bytes is answered with the range, as
 *   some archives do; otherwise with the whole frame. Default: false
 * @property {boolean} [hasOwnArchive] whether series come from another origin than the page: no request of the page or
 *   its workers for their scripts shares the connections for frames. Default: false
 *
 * @typedef {object} BenchServer
 * @property {string} origin
 * @property {string} archiveOrigin of the series; `origin` unless the archive is another server
 * @property {FrameTraffic} traffic the frames that were requested
 * @property {() => void} disconnect closes all transfers, so that the link is free for the next measurement
 * @property {() => Promise<void>} close
 */

/**
 * Serves a page and series from memory, on loopback.
 *
 * @param {Connection & { pageFolder: string, series: Record<string, FrameSource> }} options series by
 *   the name in their paths: `/series/<name>/metadata`, `/series/<name>/truth`,
 *   `/series/<name>/instances/<SOP Instance UID>/frames/1` and `/series/<name>/files/<number from 1>`
 * @returns {Promise<BenchServer>}
 */
export async function startBenchServer({
  isolated,
  protocol,
  frameHeaders = {},
  link,
  servesRanges = false,
  hasOwnArchive = false,
  pageFolder,
  series,
}) {
  const line = link && new Link(link);
  const commonHeaders = crossOriginHeaders({ crossOriginIsolated: isolated });

  const traffic = new FrameTraffic();
  const needed = Object.entries(frameHeaders);
  const isAuthorized = (/** @type {IncomingMessage} */ { headers }) =>
    needed.every(([name, value]) => headers[name.toLowerCase()] === value);

  /** @param {string} path */
  const answer = async (path) => {
    const [, name = '', kind, number] = SERIES_PATH.exec(path) ?? [];
    const found = series[name];
    if (found === undefined) return staticFile(pageFolder, path, undefined);
    if (number !== undefined) {
      const body = found.file?.(Number(number) - 1);
      if (body === undefined) return errorAnswer(404, `The series has no file ${number}`);
      return { status: 200, headers: { 'Content-Type': 'application/dicom' }, body };
    }
    return kind === 'truth'
      ? jsonAnswer(found.truth)
      : jsonAnswer(found.metadata, { contentType: 'application/dicom+json' });
  };

  /** @type {(request: IncomingMessage, response: ServerResponse) => Promise<void>} */
  const handle = async (request, response) => {
    const { url: path = '/', method = 'GET' } = request;
    const [, name = '', number] = FRAME_PATH.exec(path) ?? [];
    const frame = series[name]?.frame(Number(number) - 1);
    if (frame !== undefined && isAuthorized(request)) {
      const range = servesRanges ? byteRange(request.headers.range, frame.body.length) : undefined;
      const { start, end } = range ?? { start: 0, end: frame.body.length };
      traffic.count(path, frame.body.length, { start, end }, response);
      const body = frame.body.subarray(start, end);
      const headers = {
        ...commonHeaders,
        'Cache-Control': 'no-store',
        'Content-Length': body.length,
        'Content-Type': frame.contentType,
        ...(servesRanges && { 'Accept-Ranges': 'bytes' }),
        ...(range && { 'Content-Range': `bytes ${start}-${end - 1}/${frame.body.length}` }),
      };
      const status = frame.status ?? (range ? 206 : 200);
      if (line) line.send(response, { status, headers, body });
      else response.writeHead(status, headers).end(body);
      return;
    }
    const { headers, ...rest } = frame
      ? errorAnswer(401, 'The request lacks headers')
      : await answer(path).catch((/** @type {unknown} */ error) => errorAnswer(500, String(error)));
    await sendAnswer(response, { ...rest, headers: { ...headers, ...commonHeaders } }, method);
  };

  const listener = (
    /** @type {IncomingMessage} */ request,
    /** @type {ServerResponse} */ response,
  ) => {
    handle(request, response).catch((error) => {
      if (error instanceof RangeError) response.writeHead(416, commonHeaders).end();
      else response.destroy();
    });
  };
  const isHttp2 = protocol === 'h2';
  const servers = Array.from({ length: hasOwnArchive ? 2 : 1 }, () =>
    isHttp2 ? createHttp2Server(listener) : createServer(listener),
  );
  const sockets = servers.map(trackSockets);
  const [origin = '', archiveOrigin = origin] = (await Promise.all(servers.map(listen))).map(
    (port) => `${isHttp2 ? 'https' : 'http'}://127.0.0.1:${port}`,
  );
  const disconnect = () => sockets.forEach((each) => each.forEach((socket) => socket.destroy()));
  return {
    traffic,
    origin,
    archiveOrigin,
    disconnect,
    close: async () => {
      const closed = servers.map((server) => new Promise((resolve) => server.close(resolve)));
      disconnect();
      await Promise.all(closed);
    },
  };
}

/** @param {(request: IncomingMessage, response: ServerResponse) => void} listener */
function createHttp2Server(listener) {
  const server = createSecureServer({
    ...selfSignedCertificate(),
    settings: { maxConcurrentStreams: HTTP2_STREAMS },
  });
  // Node's HTTP/2 messages are compatible with those of HTTP/1.1, but its types do not say so.
  server.on('request', /** @type {(...messages: unknown[]) => void} */ (listener));
  return server;
}

/** @param {Server} server */
function trackSockets(server) {
  /** @type {Set<Socket>} */
  const sockets = new Set();
  server.on('connection', (/** @type {Socket} */ socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return sockets;
}

/** @param {Server} server */
async function listen(server) {
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve(undefined));
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port');
  return address.port;
}
