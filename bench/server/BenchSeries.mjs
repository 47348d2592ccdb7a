import { element } from '../../demo/server/writePart10.mjs';
import { hashOf } from './hashOf.mjs';

/** @typedef {import('../../demo/server/dicomJson.mjs').DicomJson} DicomJson */
/** @typedef {import('./startBenchServer.mjs').FrameSource} FrameSource */
/** @typedef {import('./startBenchServer.mjs').SeriesTruth} SeriesTruth */

const SIZE = 512;
const BYTES_PER_PIXEL = 2;
const BANDS = 16;
/** Number of bands that encode the number of the frame. */
const FRAME_DIGITS = 12;
const ROWS_PER_BAND = SIZE / BANDS;
const SLICE_SPACING_IN_MM = 2;
const INTERCEPT = -1024;
/**
 * The two levels of bands, in Hounsfield units, as far from each other as from 0, the value of slices that
 * are not loaded: neighbouring slices contribute to a picture, as Cornerstone draws a slab.
 */
const LEVELS = [-700, 700];
/** The largest difference of a voxel from the level of its band. */
const NOISE = 16;
const EXPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';
const CT_IMAGE_STORAGE = '1.2.840.10008.5.1.4.1.1.2';
const UID_ROOT = '2.25.164037612215302911737209117530412871';

/**
 * A CT series of 512 x 512 x 16 bits that needs hardly any memory: each frame consists of horizontal bands of
 * noise around a level, in an order that is unique to the frame.
 *
 * @implements {FrameSource}
 */
export class BenchSeries {
  /** Bytes of one frame, without its envelope. */
  static frameBytes = SIZE * SIZE * BYTES_PER_PIXEL;

  #seriesUID;
  #studyUID;
  #frames;
  /** @type {SeriesTruth | undefined} */
  #truth;
  #bands = LEVELS.map((level, index) => noiseBand(level - INTERCEPT, index + 1));

  /**
   * @param {number} frames at most 4096
   * @param {number} number part of the UIDs; must be unique among the series of a server
   */
  constructor(frames, number) {
    this.#frames = frames;
    this.#studyUID = `${UID_ROOT}.${number}`;
    this.#seriesUID = `${UID_ROOT}.${number}.1`;
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
    return Array.from({ length: this.#frames }, (_, frame) => this.#instance(frame));
  }

  /**
   * The body of one frame in its multipart envelope.
   *
   * @param {number} frame from 0
   * @returns {{ contentType: string, body: Buffer } | undefined} undefined when there is no such frame
   */
  frame(frame) {
    if (!(Number.isInteger(frame) && frame >= 0 && frame < this.#frames)) return undefined;
    const boundary = `frame-${frame}-of-the-series-that-is-measured`;
    const head =
      `--${boundary}\r\n` +
      `Content-Type: application/octet-stream; transfer-syntax=${EXPLICIT_LITTLE_ENDIAN}\r\n` +
      `Content-Length: ${BenchSeries.frameBytes}\r\n\r\n`;
    const bands = bandIndexes(frame).map((index) => /** @type {Buffer} */ (this.#bands[index]));
    return {
      contentType: `multipart/related; type="application/octet-stream"; boundary="${boundary}"`,
      body: Buffer.concat([Buffer.from(head), ...bands, Buffer.from(`\r\n--${boundary}--\r\n`)]),
    };
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

  /**
   * @param {number} frame
   * @returns {DicomJson}
   */
  #instance(frame) {
    return {
      '00080016': element('UI', CT_IMAGE_STORAGE),
      '00080018': element('UI', `${this.#seriesUID}.${frame + 1}`),
      '00080060': element('CS', 'CT'),
      '00083002': element('UI', EXPLICIT_LITTLE_ENDIAN),
      '0020000D': element('UI', this.#studyUID),
      '0020000E': element('UI', this.#seriesUID),
      '00200013': element('IS', frame + 1),
      '00200032': element('DS', -180, -180, SLICE_SPACING_IN_MM * frame),
      '00200037': element('DS', 1, 0, 0, 0, 1, 0),
      '00200052': element('UI', `${this.#studyUID}.2`),
      '00280002': element('US', 1),
      '00280004': element('CS', 'MONOCHROME2'),
      '00280010': element('US', SIZE),
      '00280011': element('US', SIZE),
      '00280030': element('DS', 0.7, 0.7),
      '00280100': element('US', 8 * BYTES_PER_PIXEL),
      '00280101': element('US', 12),
      '00280102': element('US', 11),
      '00280103': element('US', 0),
      '00281050': element('DS', 0),
      '00281051': element('DS', 2000),
      '00281052': element('DS', INTERCEPT),
      '00281053': element('DS', 1),
      '00281054': element('LO', 'HU'),
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
 * @returns {Buffer}
 */
function noiseBand(stored, seed) {
  const band = Buffer.alloc(ROWS_PER_BAND * SIZE * BYTES_PER_PIXEL);
  let state = seed;
  for (let at = 0; at < band.length; at += BYTES_PER_PIXEL) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    band.writeUInt16LE(stored + (state % (2 * NOISE + 1)) - NOISE, at);
  }
  return band;
}
