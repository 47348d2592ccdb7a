import { writePart10 } from '../../demo/server/writePart10.mjs';
import { ctInstance, INTERCEPT } from './ctInstance.mjs';
import { hashOf } from './hashOf.mjs';

/** @typedef {import('../../demo/server/dicomJson.mjs').DicomJson} DicomJson */
/** @typedef {import('./startBenchServer.mjs').FrameSource} FrameSource */
/** @typedef {import('./startBenchServer.mjs').SeriesTruth} SeriesTruth */

const DEFAULT_SIZE = 512;
const BYTES_PER_PIXEL = 2;
const BANDS = 16;
/** Number of bands that encode the number of the frame. */
const FRAME_DIGITS = 12;
const FIELD_OF_VIEW_IN_MM = 358.4;
const SLICE_SPACING_IN_MM = 2;
/**
 * The two levels of bands, in Hounsfield units, as far from each other as from 0, the value of slices that
 * are not loaded: neighbouring slices contribute to a picture, as Cornerstone draws a slab.
 */
const LEVELS = [-700, 700];
/** The largest difference of a voxel from the level of its band. */
const NOISE = 16;
const EXPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';
const UID_ROOT = '2.25.164037612215302911737209117530412871';

/**
 * An uncompressed CT series of 16 bits that needs hardly any memory: each frame consists of horizontal bands of
 * noise around a level, in an order that is unique to the frame.
 *
 * @implements {FrameSource}
 */
export class BenchSeries {
  #frames;
  #studyUID;
  #size;
  #timePoints;
  /** @type {SeriesTruth | undefined} */
  #truth;
  #bands;

  /**
   * @param {number} frames at most 4096; of all time points together
   * @param {number} number part of the UIDs; must be unique among the series of a server
   * @param {object} [options]
   * @param {number} [options.size] edge of a slice in pixels, a multiple of 16; default 512
   * @param {number} [options.timePoints] how many there are, one after the other; default: the series has none
   */
  constructor(frames, number, { size = DEFAULT_SIZE, timePoints = 0 } = {}) {
    this.#frames = frames;
    this.#studyUID = `${UID_ROOT}.${number}`;
    this.#size = size;
    this.#timePoints = timePoints;
    const pixels = (size / BANDS) * size;
    this.#bands = LEVELS.map((level, index) => noiseBand(level - INTERCEPT, index + 1, pixels));
  }

  get frameCount() {
    return this.#frames;
  }

  /** @returns {SeriesTruth} */
  get truth() {
    this.#truth ??= this.#makeTruth();
    return this.#truth;
  }

  /**
   * Headers of all instances (PS3.18 F.2), from the feet up.
   *
   * @returns {DicomJson[]}
   */
  get metadata() {
    const slices = this.#frames / Math.max(1, this.#timePoints);
    return Array.from({ length: this.#frames }, (_, frame) =>
      ctInstance({
        studyUID: this.#studyUID,
        number: frame + 1,
        size: this.#size,
        pixelSpacing: FIELD_OF_VIEW_IN_MM / this.#size,
        z: SLICE_SPACING_IN_MM * (frame % slices),
        transferSyntax: EXPLICIT_LITTLE_ENDIAN,
        ...(this.#timePoints > 0 && { timePoint: Math.floor(frame / slices) + 1 }),
      }),
    );
  }

  /**
   * The body of one frame in its multipart envelope.
   *
   * @param {number} frame from 0
   * @returns {{ contentType: string, body: Buffer } | undefined} undefined when there is no such frame
   */
  frame(frame) {
    if (!this.#has(frame)) return undefined;
    const boundary = `frame-${frame}-of-the-series-that-is-measured`;
    const head =
      `--${boundary}\r\n` +
      `Content-Type: application/octet-stream; transfer-syntax=${EXPLICIT_LITTLE_ENDIAN}\r\n` +
      `Content-Length: ${this.#size * this.#size * BYTES_PER_PIXEL}\r\n\r\n`;
    const tail = `\r\n--${boundary}--\r\n`;
    return {
      contentType: `multipart/related; type="application/octet-stream"; boundary="${boundary}"`,
      body: Buffer.concat([Buffer.from(head), ...this.#pixels(frame), Buffer.from(tail)]),
    };
  }

  /**
   * The instance of one frame as a DICOM file.
   *
   * @param {number} frame from 0
   * @returns {Buffer | undefined} undefined when there is no such frame
   */
  file(frame) {
    const attributes = this.#has(frame) ? this.metadata[frame] : undefined;
    return (
      attributes &&
      writePart10({
        studyUID: this.#studyUID,
        seriesUID: `${this.#studyUID}.1`,
        sopUID: `${this.#studyUID}.1.${frame + 1}`,
        rows: this.#size,
        columns: this.#size,
        attributes,
        pixelData: Buffer.concat(this.#pixels(frame)),
      })
    );
  }

  /** @param {number} frame */
  #has(frame) {
    return Number.isInteger(frame) && frame >= 0 && frame < this.#frames;
  }

  /** @param {number} frame */
  #pixels(frame) {
    return bandIndexes(frame).map((index) => /** @type {Buffer} */ (this.#bands[index]));
  }

  /** @returns {SeriesTruth} */
  #makeTruth() {
    const bandValues = this.#bands.map((band) =>
      Int32Array.from(
        { length: band.length / BYTES_PER_PIXEL },
        (_, index) => band.readUInt16LE(index * BYTES_PER_PIXEL) + INTERCEPT,
      ),
    );
    const frames = Array.from({ length: this.#frames }, (_, frame) => bandIndexes(frame));
    return {
      transferSyntax: EXPLICIT_LITTLE_ENDIAN,
      intercept: INTERCEPT,
      hashes: frames.map((indexes) =>
        hashOf(indexes.map((index) => /** @type {Int32Array} */ (bandValues[index]))),
      ),
      bands: frames.map((indexes) => indexes.map((index) => /** @type {number} */ (LEVELS[index]))),
    };
  }
}

/**
 * The level of each band of a frame: the binary digits of its number, and then the lowest digits again,
 * inverted.
 *
 * @param {number} frame
 * @returns {number[]}
 */
function bandIndexes(frame) {
  return Array.from({ length: BANDS }, (_, band) =>
    band < FRAME_DIGITS ? (frame >> band) & 1 : 1 - ((frame >> (band - FRAME_DIGITS)) & 1),
  );
}

/**
 * Noise in little endian around a stored value; the same for each call.
 *
 * @param {number} stored
 * @param {number} seed
 * @param {number} pixels
 * @returns {Buffer}
 */
function noiseBand(stored, seed, pixels) {
  const band = Buffer.alloc(pixels * BYTES_PER_PIXEL);
  let state = seed;
  for (let at = 0; at < band.length; at += BYTES_PER_PIXEL) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    band.writeUInt16LE(stored + (state % (2 * NOISE + 1)) - NOISE, at);
  }
  return band;
}
