/** What one transfer may send before the next has its turn. */
const CHUNK_BYTES = 16 * 1024;
/** A transfer waits for its client while this much of it is not taken. */
const MAX_BUFFERED_BYTES = 16 * CHUNK_BYTES;

/** @typedef {import('node:http').ServerResponse} ServerResponse */

/**
 * A body on its way.
 *
 * @typedef {object} Transfer
 * @property {ServerResponse} response
 * @property {Buffer} body
 * @property {number} sent bytes
 * @property {boolean} isClosed whether nobody waits for it any more
 */

/**
 * A link of limited speed that all connections of a server share: bodies in flight take turns, chunk
 * by chunk, as on a fair line. Nothing is saved up while it is idle.
 */
export class Link {
  #bytesPerMs;
  #latencyMs;
  /**
   * Those that have something to send, the next first.
   *
   * @type {Transfer[]}
   */
  #queue = [];
  /** When the last chunk has left the line. */
  #freeAt = 0;
  #isScheduled = false;

  /**
   * @param {{ bytesPerSecond: number, latencyMs: number }} options `latencyMs` passes from each request
   *   to the first byte of its answer: the way there and back
   */
  constructor({ bytesPerSecond, latencyMs }) {
    this.#bytesPerMs = bytesPerSecond / 1000;
    this.#latencyMs = latencyMs;
  }

  /**
   * Waits for the latency, and then sends an answer over the line.
   *
   * @param {ServerResponse} response
   * @param {{ headers: Record<string, string | number>, body: Buffer }} answer
   */
  send(response, { headers, body }) {
    const transfer = { response, body, sent: 0, isClosed: false };
    response.once('close', () => {
      transfer.isClosed = true;
    });
    setTimeout(() => {
      if (transfer.isClosed) return;
      response.writeHead(200, headers);
      this.#enqueue(transfer);
    }, this.#latencyMs);
  }

  /** @param {Transfer} transfer */
  #enqueue(transfer) {
    if (this.#queue.length === 0) this.#freeAt = Math.max(this.#freeAt, performance.now());
    this.#queue.push(transfer);
    if (!this.#isScheduled) this.#schedule(transfer);
  }

  /** @param {Transfer} next */
  #schedule(next) {
    this.#isScheduled = true;
    setTimeout(() => this.#run(), Math.max(0, this.#endOf(next) - performance.now()));
  }

  /** Sends all that has passed the line by now; a timer that is late makes the line no slower. */
  #run() {
    this.#isScheduled = false;
    for (;;) {
      const [transfer] = this.#queue;
      if (transfer === undefined) return;
      if (transfer.isClosed) {
        this.#queue.shift();
      } else if (this.#endOf(transfer) > performance.now()) {
        this.#schedule(transfer);
        return;
      } else {
        this.#freeAt = this.#endOf(transfer);
        this.#queue.shift();
        this.#sendChunk(transfer);
      }
    }
  }

  /** @param {Transfer} transfer */
  #sendChunk(transfer) {
    const { response, body } = transfer;
    response.write(body.subarray(transfer.sent, transfer.sent + CHUNK_BYTES));
    transfer.sent += CHUNK_BYTES;
    if (transfer.sent >= body.length) {
      response.end();
    } else if (response.writableLength < MAX_BUFFERED_BYTES) {
      this.#queue.push(transfer);
    } else {
      response.once('drain', () => this.#enqueue(transfer));
    }
  }

  /**
   * When the next chunk of a transfer has passed the line, if it is the next.
   *
   * @param {Transfer} transfer
   */
  #endOf({ body, sent }) {
    return this.#freeAt + Math.min(CHUNK_BYTES, body.length - sent) / this.#bytesPerMs;
  }
}
