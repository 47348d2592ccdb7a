import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { multipartRelated } from '../../demo/server/multipart.mjs';
import {
  FIELD_OF_VIEW_IN_MM,
  phantomSlice,
  STACK_HEIGHT_IN_MM,
} from '../../demo/server/phantom/phantomSlice.mjs';
import { ctInstance, INTERCEPT } from './ctInstance.mjs';
import { ENCODINGS } from './encode/encodings.mjs';
import { hashOf } from './hashOf.mjs';

/** @typedef {import('./encode/encodings.mjs').EncodingName} EncodingName */
/** @typedef {import('./startBenchServer.mjs').FrameSource} FrameSource */
/** @typedef {import('./startBenchServer.mjs').SeriesTruth} SeriesTruth */

/**
 * The slices of a series as they are sent, and their truth.
 *
 * @typedef {object} EncodedSlices
 * @property {number[]} hashes of the modality values
 * @property {Buffer[]} codestreams
 */

const FOLDER = fileURLToPath(new URL('../../.cache/bench/series', import.meta.url));
/** To be raised whenever the slices or their encodings change: files of another version are not read. */
const VERSION = 1;
const BITS = 12;
/** A smaller number of slices does not make them thicker: Cornerstone draws very thick ones darker. */
const MAX_SPACING_IN_MM = 2;
const UID_ROOT = '2.25.164037612215302911737209117530412872';

/**
 * A CT of a chest, with structure in all directions, the noise of a scanner, and any encoding.
 *
 * @implements {FrameSource}
 */
export class PhantomSeries {
  #frames;
  #studyUID;
  #size;
  #transferSyntax;
  #bodies;
  #truth;

  /**
   * Generates and encodes the slices, or reads them where that was done before.
   *
   * @param {object} options
   * @param {number} options.frames
   * @param {number} options.number part of the UIDs; must be unique among the series of a server
   * @param {number} options.size edge of a slice in pixels
   * @param {EncodingName} options.encoding
   * @param {number} [options.slices] how many different slices there are, from the feet to the head, repeated until
   *   there are `frames`; default: `frames`
   * @returns {Promise<PhantomSeries>}
   */
  static async create({ frames, number, size, encoding, slices = frames }) {
    return new PhantomSeries({
      frames,
      number,
      size,
      transferSyntax: ENCODINGS[encoding].transferSyntax,
      encoded: await cachedSlices({ slices, size, encoding }),
    });
  }

  /**
   * @param {object} parts
   * @param {number} parts.frames
   * @param {number} parts.number
   * @param {number} parts.size
   * @param {string} parts.transferSyntax
   * @param {EncodedSlices} parts.encoded
   */
  constructor({ frames, number, size, transferSyntax, encoded: { hashes, codestreams } }) {
    this.#frames = frames;
    this.#studyUID = `${UID_ROOT}.${number}`;
    this.#size = size;
    this.#transferSyntax = transferSyntax;
    const contentType = `application/octet-stream; transfer-syntax=${transferSyntax}`;
    this.#bodies = codestreams.map((body) => multipartRelated([{ contentType, body }]));
    /** @type {SeriesTruth} */
    this.#truth = {
      transferSyntax,
      intercept: INTERCEPT,
      hashes: Array.from({ length: frames }, (_, frame) => hashes[frame % hashes.length] ?? 0),
      bands: [],
    };
  }

  get frameCount() {
    return this.#frames;
  }

  get truth() {
    return this.#truth;
  }

  get metadata() {
    const spacing = Math.min(MAX_SPACING_IN_MM, STACK_HEIGHT_IN_MM / this.#frames);
    return Array.from({ length: this.#frames }, (_, frame) =>
      ctInstance({
        studyUID: this.#studyUID,
        number: frame + 1,
        size: this.#size,
        pixelSpacing: FIELD_OF_VIEW_IN_MM / this.#size,
        z: Number((spacing * frame).toFixed(4)),
        transferSyntax: this.#transferSyntax,
      }),
    );
  }

  /** @param {number} frame */
  frame(frame) {
    return Number.isInteger(frame) && frame >= 0 && frame < this.#frames
      ? this.#bodies[frame % this.#bodies.length]
      : undefined;
  }
}

/**
 * @param {{ slices: number, size: number, encoding: EncodingName }} options
 * @returns {Promise<EncodedSlices>}
 */
async function cachedSlices({ slices, size, encoding }) {
  const file = path.join(FOLDER, `${encoding}-${slices}-of-${size}-v${VERSION}`);
  const [index, content] = await Promise.all(
    [readFile(`${file}.json`, 'utf8'), readFile(`${file}.bin`)].map((read) =>
      read.catch(() => undefined),
    ),
  );
  if (typeof index === 'string' && content instanceof Buffer) {
    /** @type {{ hashes: number[], lengths: number[] }} */
    const { hashes, lengths } = JSON.parse(index);
    let end = 0;
    return { hashes, codestreams: lengths.map((length) => content.subarray(end, (end += length))) };
  }
  const encoded = await encodeSlices({ slices, size, encoding });
  const { hashes, codestreams } = encoded;
  const lengths = codestreams.map(({ length }) => length);
  await mkdir(FOLDER, { recursive: true });
  // The index is written last and renamed: a file that is there is complete.
  await writeFile(`${file}.bin`, Buffer.concat(codestreams));
  await writeFile(`${file}.json.${process.pid}`, JSON.stringify({ hashes, lengths }));
  await rename(`${file}.json.${process.pid}`, `${file}.json`);
  return encoded;
}

/**
 * @param {{ slices: number, size: number, encoding: EncodingName }} options
 * @returns {Promise<EncodedSlices>}
 */
async function encodeSlices({ slices, size, encoding }) {
  /** @type {EncodedSlices} */
  const encoded = { hashes: [], codestreams: [] };
  for (let slice = 0; slice < slices; slice++) {
    const hounsfield = phantomSlice(slice, { slices, size });
    const stored = Uint16Array.from(hounsfield, (value) => value - INTERCEPT);
    encoded.hashes.push(hashOf([hounsfield]));
    const codestream = await ENCODINGS[encoding].encode(stored, { columns: size, bits: BITS });
    encoded.codestreams.push(Buffer.from(codestream));
  }
  return encoded;
}
