/** Counts the frames that are asked for and sent. */
export class FrameTraffic {
  /** Requests since the start. */
  #requests = 0;
  /** @type {Set<string>} */
  #sent = new Set();
  #sentBytes = 0;

  /** Begins anew. */
  start() {
    this.#requests = 0;
    this.#sent = new Set();
    this.#sentBytes = 0;
  }

  /**
   * Takes note of a request.
   *
   * @param {string} path
   * @param {number} sizeInBytes of the whole answer
   * @param {import('node:http').ServerResponse} response
   */
  count(path, sizeInBytes, response) {
    this.#requests++;
    const sent = this.#sent;
    response.once('finish', () => {
      // What was under way before the start is not counted.
      if (sent !== this.#sent) return;
      sent.add(path);
      this.#sentBytes += sizeInBytes;
    });
  }

  /** Requests, and what was sent in full. */
  get figures() {
    return { requests: this.#requests, framesSent: this.#sent.size, bytesSent: this.#sentBytes };
  }
}
