/** Bytes that one transfer sends before the next transfer. */
const CHUNK_BYTES = 16 * 1024;
/** A transfer waits for its client while so many bytes are buffered. */
const MAX_BUFFERED_BYTES = 16 * CHUNK_BYTES;

/** @typedef {import('node:http').ServerResponse} ServerResponse */

/**
 * A body in flight.
 *
 * @typedef {object} Transfer
 * @property {ServerResponse} response
 * @property {Buffer} body
 * @property {number} sent bytes
 * @property {boolean} isClosed whether the client has disconnected
 */

/**
 * A link of limited speed that all connections of a server share: bodies in flight alternate chunk by chunk
 * (round robin). Idle time is not accumulated.
 */
export class Link {
  #bytesPerMs;
  #latencyMs;
  /**
   * Transfers with bytes to send, the next one first.
   *
   * @type {Transfer[]}
   */
  #queue = [];
  /** The time at which the last chunk has passed. */
  #freeAt = 0;
  #isScheduled = false;

  /**
   * @param {{ bytesPerSecond: number, latencyMs: number }} options `latencyMs` is the time from each request
   *   to the first byte of its response (round trip)
   */
  constructor({ bytesPerSecond, latencyMs }) {
    this.#bytesPerMs = bytesPerSecond / 1000;
    this.#latencyMs = latencyMs;
  }

  /**
   * Waits for the latency, and then sends a response over the link.
   *
   * @param {ServerResponse} response
   * @param {{ status: number, headers: Record<string, string | number>, body: Buffer }} answer
   */
  send(response, { status, headers, body }) {
    const transfer = { response, body, sent: 0, isClosed: false };
    response.once('close', () => {
      transfer.isClosed = true;
    });
    setTimeout(() => {
      if (transfer.isClosed) return;
      response.writeHead(status, headers);
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

  /** Sends the chunks that have passed by now; a late timer does not make the link slower. */
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
   * The time at which the next chunk of a transfer has passed, if this transfer is the next.
   *
   * @param {Transfer} transfer
   */
  #endOf({ body, sent }) {
    return this.#freeAt + Math.min(CHUNK_BYTES, body.length - sent) / this.#bytesPerMs;
  }
}
