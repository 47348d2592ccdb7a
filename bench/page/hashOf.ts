/**
 * Hash of voxels: FNV-1a over the values, as 32 bit integers.
 * bench/server/hashOf.mjs computes the same.
 */
export function hashOf(values: ArrayLike<number>, from = 0, to = values.length): number {
  let hash = 0x811c9dc5 | 0;
  for (let index = from; index < to; index++) {
    hash = Math.imul(hash ^ (values[index] as number), 0x01000193);
  }
  return hash;
}
