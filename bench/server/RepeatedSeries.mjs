import { join } from 'node:path';
import { multipartRelated } from '../../demo/server/multipart.mjs';
import { indexPart10 } from '../../demo/server/part10Index.mjs';
import { readFrame } from '../../demo/server/readFrame.mjs';
import { element } from '../../demo/server/writePart10.mjs';
import { hashOf } from './hashOf.mjs';

/** @typedef {import('../../demo/server/dicomJson.mjs').DicomJson} DicomJson */
/** @typedef {import('../../demo/server/part10Index.mjs').Instance} Instance */
/** @typedef {import('./startBenchServer.mjs').FrameSource} FrameSource */
/** @typedef {import('./startBenchServer.mjs').SeriesTruth} SeriesTruth */

const UID_ROOT = '2.25.164037612215302911737209117530412872';
const SLICE_SPACING_IN_MM = 2;

/**
 * A series that repeats the compressed slices of another series, at regular positions.
 *
 * @implements {FrameSource}
 */
export class RepeatedSeries {
  #frames;
  #number;
  #instances;
  #bodies;
  #truth;

  /**
   * @param {object} options
   * @param {string} options.folder of a data set, with a folder for each transfer syntax
   * @param {string} options.syntax name of such a folder; the folder `explicit` must exist too, and has the
   *   voxels that all must decode to
   * @param {number} options.frames
   * @param {number} options.number part of the UIDs; must be unique among the series of a server
   * @returns {Promise<RepeatedSeries>}
   * @throws {Error} when the slices differ from those of `explicit`, or have a rescale
   */
  static async read({ folder, syntax, frames, number }) {
    const [instances, expected] = await Promise.all(
      [syntax, 'explicit'].map((name) => readInstances(join(folder, name))),
    );
    if (instances === undefined || expected === undefined || instances.length !== expected.length) {
      throw new Error(`${syntax} and explicit in ${folder} must have the same slices`);
    }
    const bodies = await Promise.all(
      instances.map(async (instance) => {
        const contentType = `application/octet-stream; transfer-syntax=${instance.frameTransferSyntaxUID}`;
        return multipartRelated([{ contentType, body: await readFirstFrame(instance) }]);
      }),
    );
    const hashes = await Promise.all(
      expected.map(async (instance) => hashOf([toSigned(await readFirstFrame(instance))])),
    );
    return new RepeatedSeries({ frames, number, instances, bodies, hashes });
  }

  /**
   * @param {object} parts
   * @param {number} parts.frames
   * @param {number} parts.number
   * @param {Instance[]} parts.instances
   * @param {Array<{ contentType: string, body: Buffer }>} parts.bodies
   * @param {number[]} parts.hashes
   */
  constructor({ frames, number, instances, bodies, hashes }) {
    this.#frames = frames;
    this.#number = number;
    this.#instances = instances;
    this.#bodies = bodies;
    /** @type {SeriesTruth} */
    this.#truth = {
      transferSyntax: instances[0]?.frameTransferSyntaxUID ?? '',
      intercept: 0,
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

  /** @returns {DicomJson[]} */
  get metadata() {
    const first = /** @type {Instance} */ (this.#instances[0]).json;
    const numbers = (/** @type {string} */ tag) => (first[tag]?.Value ?? []).map(Number);
    const [x = 0, y = 0, z = 0] = numbers('00200032');
    const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = numbers('00200037');
    const normal = [b * f - c * e, c * d - a * f, a * e - b * d];
    return Array.from({ length: this.#frames }, (_, frame) => {
      const source = /** @type {Instance} */ (this.#instances[frame % this.#instances.length]);
      const position = [x, y, z].map(
        (value, axis) => value + SLICE_SPACING_IN_MM * frame * (normal[axis] ?? 0),
      );
      return {
        ...source.json,
        '00080018': element('UI', `${UID_ROOT}.${this.#number}.1.${frame + 1}`),
        '0020000D': element('UI', `${UID_ROOT}.${this.#number}`),
        '0020000E': element('UI', `${UID_ROOT}.${this.#number}.1`),
        '00200013': element('IS', frame + 1),
        '00200032': element('DS', ...position),
        '00200037': element('DS', ...numbers('00200037')),
      };
    });
  }

  /** @param {number} frame */
  frame(frame) {
    return Number.isInteger(frame) && frame >= 0 && frame < this.#frames
      ? this.#bodies[frame % this.#bodies.length]
      : undefined;
  }
}

/** @param {string} folder */
async function readInstances(folder) {
  const index = await indexPart10([folder]);
  return index.series.flatMap(({ instances }) => instances);
}

/** @param {Instance} instance */
async function readFirstFrame(instance) {
  const [slope, intercept] = ['00281053', '00281052'].map((tag) => instance.json[tag]?.Value?.[0]);
  if (Number(slope ?? 1) !== 1 || Number(intercept ?? 0) !== 0) {
    throw new Error(`${instance.path} has a rescale`);
  }
  const frame = await readFrame(instance, 1);
  if (frame === undefined) throw new Error(`${instance.path} has no frame`);
  return frame;
}

/**
 * @param {Buffer} bytes signed 16 bit little-endian values
 * @returns {Int16Array}
 */
function toSigned(bytes) {
  return Int16Array.from({ length: bytes.length / 2 }, (_, index) => bytes.readInt16LE(2 * index));
}
