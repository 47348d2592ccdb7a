import { chest } from './chest.mjs';
import { noiseTile, TILE_SIDE } from './noise.mjs';

/** @typedef {import('./shapes.mjs').Shape} Shape */

/** Edge of the square field of view. */
export const FIELD_OF_VIEW_IN_MM = 409.6;
/** Height of the stack of slices. */
export const STACK_HEIGHT_IN_MM = 330;

const SLAB_HEIGHT_IN_MM = 3;
/** Edges are smooth over a pixel; the margin is wider. */
const SLAB_MARGIN_IN_MM = 4;
const AIR_HU = -1000;
const NOISE_HU = 11;
const MASK = TILE_SIDE - 1;

/**
 * @typedef {object} Scene
 * @property {Shape[][]} slabs the shapes that reach into each slab of the stack, in painting order
 * @property {Float32Array} noise fine, as of the scanner
 * @property {Float32Array} grain coarse, as of tissue
 */

/** @type {Scene | undefined} */
let scene;

/**
 * One slice of the phantom: the same values on every call and every machine.
 *
 * @param {number} sliceIndex from 0 at the feet
 * @param {{ slices?: number, size?: number }} [options] number of slices; edge in pixels
 * @returns {Int16Array} `size * size` Hounsfield units from -1024 to 1500, row by row from the front
 * @throws {RangeError} when the index lies outside the stack
 */
export function phantomSlice(sliceIndex, { slices = 220, size = 512 } = {}) {
  if (!(sliceIndex >= 0 && sliceIndex < slices)) {
    throw new RangeError(`Expected a slice from 0 to ${slices - 1}, got ${sliceIndex}`);
  }
  scene ??= { slabs: cutIntoSlabs(chest()), noise: noiseTile(5, 1), grain: noiseTile(11, 7) };
  const z = sliceZ(sliceIndex, slices);
  const canvas = new Canvas(size, z, scene.grain);
  for (const shape of scene.slabs[slabOf(z)] ?? []) canvas.paint(shape);
  return addNoise(canvas.values, size, sliceIndex, scene.noise);
}

/**
 * @param {number} sliceIndex
 * @param {number} slices
 * @returns {number} z of the slice in mm
 */
export function sliceZ(sliceIndex, slices) {
  return ((sliceIndex + 0.5) / slices - 0.5) * STACK_HEIGHT_IN_MM;
}

/** @param {number} z */
function slabOf(z) {
  return Math.floor((z + STACK_HEIGHT_IN_MM / 2) / SLAB_HEIGHT_IN_MM);
}

/**
 * @param {Shape[]} shapes
 * @returns {Shape[][]}
 */
function cutIntoSlabs(shapes) {
  const last = slabOf(STACK_HEIGHT_IN_MM / 2);
  /** @type {Shape[][]} */
  const slabs = Array.from({ length: last + 1 }, () => []);
  for (const shape of shapes) {
    const [low, high] = extent(shape);
    for (let i = Math.max(0, slabOf(low)); i <= Math.min(last, slabOf(high)); i++) {
      slabs[i]?.push(shape);
    }
  }
  return slabs;
}

/**
 * @param {Shape} shape
 * @returns {[low: number, high: number]} in mm
 */
function extent(shape) {
  if (shape.kind === 'column') return [-Infinity, Infinity];
  const reach = (shape.kind === 'ball' ? shape.radius : shape.rz) + SLAB_MARGIN_IN_MM;
  return [shape.z - reach, shape.z + reach];
}

/** A slice that shapes are painted on, their edges smooth over one pixel. */
class Canvas {
  /**
   * @param {number} size
   * @param {number} z
   * @param {Float32Array} grain
   */
  constructor(size, z, grain) {
    this.size = size;
    this.z = z;
    this.grain = grain;
    this.pixel = FIELD_OF_VIEW_IN_MM / size;
    this.values = new Float32Array(size * size).fill(AIR_HU);
  }

  /** @param {Shape} shape */
  paint(shape) {
    if (shape.kind === 'ball') this.#paintBall(shape);
    else if (shape.kind === 'ellipsoid') this.#paintEllipsoid(shape);
    else {
      const section = shape.section(this.z);
      if (section === undefined || section.rx <= 0 || section.ry <= 0) return;
      const { boxiness, hu, grain = 0 } = shape;
      this.#paintEllipse({ ...section, turn: 0, flatness: 0, boxiness, hu, grain });
    }
  }

  /** @param {import('./shapes.mjs').Ball} ball */
  #paintBall({ x, y, z, radius, hu }) {
    const { pixel, size, values } = this;
    const dz = z - this.z;
    if (Math.abs(dz) > radius + pixel) return;
    const reach = Math.sqrt(Math.max(0, (radius + pixel) ** 2 - dz * dz));
    const [left, right] = this.#pixels(x - reach, x + reach);
    const [top, bottom] = this.#pixels(y - reach, y + reach);
    for (let row = top; row <= bottom; row++) {
      const dy = this.#mm(row) - y;
      const across = dy * dy + dz * dz;
      for (let column = left; column <= right; column++) {
        const dx = this.#mm(column) - x;
        const depth = (radius - Math.sqrt(dx * dx + across)) / pixel + 0.5;
        if (depth <= 0) continue;
        const at = row * size + column;
        const value = values[at] ?? 0;
        values[at] = value + (hu - value) * Math.min(1, depth);
      }
    }
  }

  /** @param {import('./shapes.mjs').Ellipsoid} ellipsoid */
  #paintEllipsoid({ x, y, z, rx, ry, rz, turn, hu, grain = 0 }) {
    const flatness = ((z - this.z) / rz) ** 2;
    if (flatness >= 1) return;
    this.#paintEllipse({ x, y, rx, ry, turn, flatness, boxiness: 0, hu, grain });
  }

  /**
   * @param {{ x: number, y: number, rx: number, ry: number, turn: number, flatness: number,
   *   boxiness: number, hu: number, grain: number }} ellipse `flatness` is the part of the distance
   *   from the centre, squared, that lies along z
   */
  #paintEllipse({ x, y, rx, ry, turn, flatness, boxiness, hu, grain }) {
    const { pixel, size, values } = this;
    const cos = Math.cos(turn);
    const sin = Math.sin(turn);
    const width = Math.hypot(rx * cos, ry * sin) + pixel;
    const height = Math.hypot(rx * sin, ry * cos) + pixel;
    const [left, right] = this.#pixels(x - width, x + width);
    const [top, bottom] = this.#pixels(y - height, y + height);
    // Nearer to the centre than this, no pixel touches the edge.
    const inside = Math.max(0.2, 1 - (2 * pixel) / Math.min(rx, ry)) ** 2;
    // Tissue runs on from slice to slice: its texture drifts slowly.
    const drift = Math.round(this.z * 1.3) & MASK;
    const grainStep = TILE_SIDE / size;
    for (let row = top; row <= bottom; row++) {
      const dy = this.#mm(row) - y;
      const grainRow = ((Math.floor(row * grainStep) + drift) & MASK) * TILE_SIDE;
      for (let column = left; column <= right; column++) {
        const dx = this.#mm(column) - x;
        const u = (dx * cos + dy * sin) / rx;
        const v = (dy * cos - dx * sin) / ry;
        const square = u * u + v * v + flatness;
        if (square > 1.2 && boxiness === 0) continue;
        let depth = 1;
        if (square > inside) {
          const round = Math.sqrt(square);
          const box = boxiness === 0 ? round : Math.sqrt(Math.sqrt(u * u * u * u + v * v * v * v));
          const radial = round + (box - round) * boxiness;
          const distance = Math.max(Math.sqrt(dx * dx + dy * dy), rx * 0.2);
          depth = ((1 - radial) * distance) / (radial * pixel) + 0.5;
          if (depth <= 0) continue;
        }
        const at = row * size + column;
        const value = values[at] ?? 0;
        const texture =
          grain === 0
            ? 0
            : grain * (this.grain[grainRow + (Math.floor(column * grainStep) & MASK)] ?? 0);
        values[at] = value + (hu + texture - value) * Math.min(1, depth);
      }
    }
  }

  /**
   * @param {number} index
   * @returns {number} centre of a pixel in mm
   */
  #mm(index) {
    return (index + 0.5) * this.pixel - FIELD_OF_VIEW_IN_MM / 2;
  }

  /**
   * The pixels whose centres lie between two places, at most to the edge.
   *
   * @param {number} from in mm
   * @param {number} to
   * @returns {[number, number]}
   */
  #pixels(from, to) {
    const index = (/** @type {number} */ mm) => (mm + FIELD_OF_VIEW_IN_MM / 2) / this.pixel - 0.5;
    return [Math.max(0, Math.ceil(index(from))), Math.min(this.size - 1, Math.floor(index(to)))];
  }
}

/**
 * @param {Float32Array} values
 * @param {number} size
 * @param {number} sliceIndex
 * @param {Float32Array} noise
 */
function addNoise(values, size, sliceIndex, noise) {
  const shiftX = Math.imul(sliceIndex + 1, 0x9e3779b1) >>> 23;
  const shiftY = Math.imul(sliceIndex + 1, 0x85ebca6b) >>> 23;
  const slice = new Int16Array(size * size);
  for (let row = 0; row < size; row++) {
    const tileRow = ((row + shiftY) & MASK) * TILE_SIDE;
    for (let column = 0; column < size; column++) {
      const at = row * size + column;
      const grainy = NOISE_HU * (noise[tileRow + ((column + shiftX) & MASK)] ?? 0);
      const value = Math.round((values[at] ?? 0) + grainy);
      slice[at] = Math.min(1500, Math.max(-1024, value));
    }
  }
  return slice;
}
