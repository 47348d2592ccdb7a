import { Readable } from 'node:stream';
import { jsonAnswer, errorAnswer } from './answer.mjs';
import { parseRange } from './fileAnswer.mjs';

/** @typedef {import('./answer.mjs').Answer} Answer */
/** @typedef {import('./requestLog.mjs').RequestLog} RequestLog */

/**
 * A fault of the responses whose path matches.
 *
 * @typedef {object} Fault
 * @property {string} match a regular expression, matched against the path with the query
 * @property {number} [status]
 * @property {'html' | 'huge' | 'truncate' | 'cut' | 'garbage' | 'garbage-pixels'} [body] a page instead of the
 *   response; 64 MiB of such a page; the first half with a matching Content-Length; the connection closed
 *   half-way; all bytes overwritten; only the frame overwritten, not its envelope
 * @property {boolean} [cors] false for a response that no page of another origin may read
 * @property {number} [times] number of responses; default: all
 * @property {boolean} [ofRanges] only requests of a byte range
 * @property {'other' | 'short' | 'unnamed'} [range] a 206 with another range than requested; with a file
 *   length that is too small; with the wrong bytes and no Content-Range
 * @property {boolean} [hold] the response waits until it is released
 * @property {number} [pauseAt] so many bytes of the body are sent, and the rest when the response is released; a
 *   negative number counts from the end
 * @property {number} [pageSize] limit of the entries of a list, with a warning when there are more
 */

/**
 * A response that a test defines.
 *
 * @typedef {object} GivenAnswer
 * @property {string} path with the query, as requested
 * @property {number} [status] default 200
 * @property {Record<string, string>} headers
 * @property {string} base64 the body
 * @property {boolean} [ranges] supports byte ranges, and If-Range with the ETag of `headers`
 */

/** Pieces of 64 KiB that a huge page has. */
const HUGE_PIECES = 1024;

const HTML = Buffer.from('<!doctype html><title>Sign in</title><p>Please sign in.</p>');

/** Faults that a test injects into a server, and responses that it holds back. */
export class TestControls {
  /** @type {Array<Fault & { regex: RegExp, left: number }>} */
  #faults = [];
  /** @type {Set<{ path: string, release: () => void }>} */
  #held = new Set();
  /** @type {Map<string, Answer & { ranges: boolean }>} */
  #given = new Map();
  #log;

  /** @param {RequestLog} log */
  constructor(log) {
    this.#log = log;
  }

  /**
   * Replaces the faults.
   *
   * @param {Fault[]} faults
   * @throws {SyntaxError} when a `match` is not a regular expression
   */
  setFaults(faults) {
    this.#faults = faults.map((fault) => ({
      ...fault,
      regex: new RegExp(fault.match),
      left: fault.times ?? Infinity,
    }));
  }

  /**
   * Adds responses for paths; they replace all other responses.
   *
   * @param {GivenAnswer[]} answers
   */
  giveAnswers(answers) {
    for (const { path, status = 200, headers, base64, ranges = false } of answers) {
      this.#given.set(path, { status, headers, body: Buffer.from(base64, 'base64'), ranges });
    }
  }

  /**
   * Releases held responses, the oldest first.
   *
   * @param {{ match?: string, count?: number }} [options] default: all
   * @returns {number} how many were released
   */
  release({ match = '', count = Infinity } = {}) {
    const regex = new RegExp(match);
    const chosen = [...this.#held].filter(({ path }) => regex.test(path)).slice(0, count);
    for (const held of chosen) {
      this.#held.delete(held);
      held.release();
    }
    return chosen.length;
  }

  /**
   * Applies the faults to a response; waits while it is held.
   *
   * @param {string} path
   * @param {() => Promise<Answer>} answer
   * @param {object} client
   * @param {AbortSignal} client.signal aborted when it disconnects
   * @param {string | undefined} client.range its Range header
   * @param {string | undefined} [client.ifRange] its If-Range header
   * @returns {Promise<Answer & { cut?: boolean, cors?: boolean }>}
   */
  async apply(path, answer, { signal, range, ifRange }) {
    const fault = this.#faults.find(
      ({ regex, left, ofRanges }) =>
        left > 0 && regex.test(path) && (ofRanges !== true || range !== undefined),
    );
    const whole = this.#given.get(path);
    const isSame = ifRange === undefined || ifRange === whole?.headers['ETag'];
    const given = whole?.ranges && isSame ? partOf(whole, range) : whole;
    if (fault === undefined) return given ?? answer();
    fault.left--;
    if (fault.hold === true) await this.#hold(path, signal);
    const damaged = await damage(given ?? (await answer()), fault);
    if (fault.pauseAt !== undefined) return this.#pause(path, damaged, fault.pauseAt, signal);
    return fault.cors === false ? { ...damaged, cors: false } : damaged;
  }

  /**
   * Handles the paths under `/__`.
   *
   * @param {string} path
   * @param {{ method: string, query: URLSearchParams, body: string }} request
   * @returns {Promise<Answer>}
   */
  async answer(path, { method, query, body }) {
    const log = this.#log;
    const match = query.get('match') ?? '';
    const given = body === '' ? undefined : JSON.parse(body);
    switch (`${method} ${path}`) {
      case 'GET /__requests':
        return jsonAnswer(log.entries);
      case 'GET /__requests/count': {
        const count = log.count(match, query.get('method') ?? undefined);
        const { inFlight, maxInFlight } = log;
        return jsonAnswer({ count, inFlight, maxInFlight, held: this.#held.size });
      }
      case 'GET /__requests/wait':
        await log.waitFor(match, Number(query.get('count') ?? 1));
        return jsonAnswer({ count: log.count(match) });
      case 'POST /__requests/clear':
        log.clear();
        return jsonAnswer({});
      case 'POST /__faults':
        this.setFaults(given ?? []);
        return jsonAnswer({});
      case 'POST /__answers':
        this.giveAnswers(given ?? []);
        return jsonAnswer({});
      case 'POST /__release':
        return jsonAnswer({ released: this.release(given) });
      case 'POST /__reset':
        this.setFaults([]);
        this.#given.clear();
        this.release();
        log.clear();
        return jsonAnswer({});
      default:
        return errorAnswer(404, `No such test control: ${method} ${path}`);
    }
  }

  /**
   * @param {string} path
   * @param {Answer} answer
   * @param {number} pauseAt
   * @param {AbortSignal} signal
   * @returns {Promise<Answer>}
   */
  async #pause(path, answer, pauseAt, signal) {
    const whole = await wholeBody(answer);
    const first = pauseAt < 0 ? whole.length + pauseAt : pauseAt;
    const hold = () => this.#hold(path, signal);
    const pieces = async function* () {
      yield whole.subarray(0, first);
      await hold();
      yield whole.subarray(first);
    };
    const headers = { ...answer.headers, 'Content-Length': String(whole.length) };
    return { ...answer, headers, body: Readable.from(pieces()) };
  }

  /**
   * @param {string} path
   * @param {AbortSignal} signal
   * @returns {Promise<void>}
   */
  #hold(path, signal) {
    return new Promise((resolve) => {
      const held = { path, release: resolve };
      this.#held.add(held);
      const letGo = () => {
        this.#held.delete(held);
        resolve();
      };
      signal.addEventListener('abort', letGo, { once: true });
      if (signal.aborted) letGo();
    });
  }
}

/**
 * @param {Answer} answer
 * @param {Fault} fault
 * @returns {Promise<Answer & { cut?: boolean }>}
 */
async function damage(answer, fault) {
  const status = fault.status ?? answer.status;
  if (fault.pageSize !== undefined) return firstPage(answer, fault.pageSize);
  if (fault.range !== undefined) return otherRange(answer, fault.range);
  if (fault.body === undefined) return { ...answer, status };
  if (fault.body === 'html') {
    return { status, headers: { 'Content-Type': 'text/html' }, body: HTML };
  }
  if (fault.body === 'huge') {
    return { status, headers: { 'Content-Type': 'text/html' }, body: Readable.from(hugePage()) };
  }
  const whole = await wholeBody(answer);
  const headers = { ...answer.headers };
  delete headers['Content-Length'];
  if (fault.body === 'truncate') {
    return { status, headers, body: whole.subarray(0, whole.length >> 1) };
  }
  if (fault.body === 'cut') return { status, headers, body: whole, cut: true };
  const [start, end] =
    fault.body === 'garbage-pixels' ? (answer.payloadRange ?? [0, 0]) : [0, whole.length];
  const garbage = Buffer.from(whole);
  for (let at = start; at < end; at++) garbage[at] = (at * 167) & 0xff;
  return { status, headers, body: garbage };
}

function* hugePage() {
  yield HTML;
  for (let piece = 0; piece < HUGE_PIECES; piece++) yield Buffer.alloc(64 * 1024, ' ');
}

/**
 * @param {Answer} answer a part of a file
 * @param {'other' | 'short' | 'unnamed'} kind
 * @returns {Promise<Answer>}
 */
async function otherRange(answer, kind) {
  const body = await wholeBody(answer);
  const headers = { ...answer.headers };
  delete headers['Content-Length'];
  delete headers['Content-Range'];
  const half = body.length >> 1;
  if (kind === 'unnamed') return { status: 206, headers, body: body.subarray(half) };
  const [range, part] =
    kind === 'other'
      ? [`bytes ${half}-${body.length - 1}/${body.length}`, body.subarray(half)]
      : [`bytes 0-${half - 1}/${half}`, body.subarray(0, half)];
  return { status: 206, headers: { ...headers, 'Content-Range': range }, body: part };
}

/**
 * @param {Answer} answer with a whole body
 * @param {string | undefined} range
 * @returns {Answer}
 */
function partOf({ status, headers, body }, range) {
  const whole = /** @type {Buffer} */ (body);
  const wanted = parseRange(range, whole.length);
  if (wanted === 'whole') return { status, headers, body };
  if (wanted === 'unsatisfiable') {
    const answer = errorAnswer(416, `Range beyond ${whole.length} bytes`);
    answer.headers['Content-Range'] = `bytes */${whole.length}`;
    return answer;
  }
  const { start, end } = wanted;
  return {
    status: 206,
    headers: { ...headers, 'Content-Range': `bytes ${start}-${end}/${whole.length}` },
    body: whole.subarray(start, end + 1),
  };
}

/**
 * @param {Answer} answer of JSON
 * @param {number} pageSize
 * @returns {Promise<Answer>}
 */
async function firstPage(answer, pageSize) {
  const list = JSON.parse(String(await wholeBody(answer)));
  const warning = '299 localhost "There are more results; ask for them with offset"';
  return {
    ...answer,
    headers: { ...answer.headers, ...(list.length > pageSize && { Warning: warning }) },
    body: Buffer.from(JSON.stringify(list.slice(0, pageSize))),
  };
}

/** @param {Answer} answer */
async function wholeBody({ body }) {
  if (Buffer.isBuffer(body)) return body;
  const chunks = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}
