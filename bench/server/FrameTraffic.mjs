/** Counts the frames that are requested and sent. */
export class FrameTraffic {
  /** Requests since the start. */
  #requests = 0;
  /** @type {Set<string>} */
  #sent = new Set();
  #sentBytes = 0;

  /** Resets the counts. */
  start() {
    this.#requests = 0;
    this.#sent = new Set();
    this.#sentBytes = 0;
  }

  /**
   * Records a request.
   *
   * @param {string} path
   * @param {number} sizeInBytes of the complete response
   * @param {import('node:http').ServerResponse} response
   */
  count(path, sizeInBytes, response) {
    this.#requests++;
    const sent = this.#sent;
    response.once('finish', () => {
      // Responses to requests before the reset are not counted.
      if (sent !== this.#sent) return;
      sent.add(path);
      this.#sentBytes += sizeInBytes;
    });
  }

  /** Requests, and the frames that were sent completely. */
  get figures() {
    return { requests: this.#requests, framesSent: this.#sent.size, bytesSent: this.#sentBytes };
  }
}
