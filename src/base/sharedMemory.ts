/**
 * Whether workers can write into memory of the page. It is tried: a page can be cross-origin isolated in a
 * browser without SharedArrayBuffer, and have SharedArrayBuffer and not be allowed to give it to a worker.
 */
export function canShareMemory(): boolean {
  if (typeof SharedArrayBuffer !== 'function') {
    return false;
  }
  try {
    structuredClone(new SharedArrayBuffer(1));
    return true;
  } catch {
    // That it throws is the answer.
    return false;
  }
}

/**
 * Allocates memory of zeros, which is shared where that is wanted and can be had: browsers may limit shared
 * memory more than other.
 *
 * @throws RangeError when the platform has no memory for it
 */
export function allocateMemory(sizeInBytes: number, shared: boolean): ArrayBufferLike {
  if (shared) {
    try {
      return new SharedArrayBuffer(sizeInBytes);
    } catch {
      // What is wrong with the size is thrown below.
    }
  }
  return new ArrayBuffer(sizeInBytes);
}
