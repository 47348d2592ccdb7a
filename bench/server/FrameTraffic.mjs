/**
 * Bytes of a frame that were sent, from `start` to before `end`.
 *
 * @typedef {{ start: number, end: number }} Range
 */

/** Counts the frames that are requested and sent, as a whole or in ranges of bytes. */
export class FrameTraffic {
  /** Requests since the start. */
  #requests = 0;
  #underWay = 0;
  /** By path. @type {Map<string, { sizeInBytes: number, ranges: Range[] }>} */
  #sent = new Map();

  /** Resets the counts. */
  start() {
    this.#requests = 0;
    this.#sent = new Map();
  }

  /**
   * Records a request.
   *
   * @param {string} path
   * @param {number} sizeInBytes of the complete frame
   * @param {Range} range that is sent of it
   * @param {import('node:http').ServerResponse} response
   */
  count(path, sizeInBytes, range, response) {
    this.#requests++;
    this.#underWay++;
    response.once('close', () => this.#underWay--);
    const sent = this.#sent;
    response.once('finish', () => {
      // Responses to requests before the reset are not counted: the map is another one.
      const { ranges } = sent.get(path) ?? { ranges: [] };
      sent.set(path, { sizeInBytes, ranges: [...ranges, range] });
    });
  }

  /** Responses that are neither sent nor aborted, of requests at any time. */
  get underWay() {
    return this.#underWay;
  }

  /** Requests, the frames all of whose bytes were sent, and the bytes that were sent, repeated ones included. */
  get figures() {
    const frames = [...this.#sent.values()];
    return {
      requests: this.#requests,
      framesSent: frames.filter(isComplete).length,
      bytesSent: frames
        .flatMap(({ ranges }) => ranges)
        .reduce((sum, { start, end }) => sum + end - start, 0),
    };
  }
}

/** @param {{ sizeInBytes: number, ranges: Range[] }} frame */
function isComplete({ sizeInBytes, ranges }) {
  let complete = 0;
  for (const { start, end } of ranges.toSorted((a, b) => a.start - b.start)) {
    if (start > complete) return false;
    complete = Math.max(complete, end);
  }
  return complete === sizeInBytes;
}
