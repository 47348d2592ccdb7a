import { randomNumbers } from './randomNumbers.mjs';

/** Side of a noise tile; a power of two, so that a mask wraps around. */
export const TILE_SIDE = 512;

const MASK = TILE_SIDE - 1;

/**
 * A tile of smooth noise that wraps around, of mean 0 and standard deviation 1.
 *
 * @param {number} seed
 * @param {number} radius of the blur in pixels
 * @returns {Float32Array} TILE_SIDE x TILE_SIDE
 */
export function noiseTile(seed, radius) {
  const random = randomNumbers(seed);
  let tile = new Float32Array(TILE_SIDE * TILE_SIDE);
  for (let i = 0; i < tile.length; i++) tile[i] = random() + random() - 1;
  // Three box blurs come close to a Gaussian.
  for (let pass = 0; pass < 3; pass++) {
    tile = blur(blur(tile, radius, 1, TILE_SIDE), radius, TILE_SIDE, 1);
  }
  const squares = tile.reduce((sum, value) => sum + value * value, 0);
  const scale = 1 / Math.sqrt(squares / tile.length);
  return tile.map((value) => value * scale);
}

/**
 * @param {Float32Array} tile
 * @param {number} radius
 * @param {number} along step between neighbours
 * @param {number} across step between lines
 */
function blur(tile, radius, along, across) {
  const blurred = new Float32Array(tile.length);
  for (let line = 0; line < TILE_SIDE; line++) {
    const start = line * across;
    const at = (/** @type {number} */ i) => tile[start + (i & MASK) * along] ?? 0;
    let sum = 0;
    for (let i = -radius; i <= radius; i++) sum += at(i);
    for (let i = 0; i < TILE_SIDE; i++) {
      blurred[start + i * along] = sum;
      sum += at(i + radius + 1) - at(i - radius);
    }
  }
  return blurred;
}
