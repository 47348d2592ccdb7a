/**
 * Hash of voxels: FNV-1a over the values, as 32 bit integers, of several arrays one after the other.
 * bench/page/hashOf.ts computes the same.
 *
 * @param {Array<ArrayLike<number>>} parts
 * @returns {number}
 */
export function hashOf(parts) {
  let hash = 0x811c9dc5 | 0;
  for (const values of parts) {
    for (let index = 0; index < values.length; index++) {
      hash = Math.imul(hash ^ /** @type {number} */ (values[index]), 0x01000193);
    }
  }
  return hash;
}
