import { cache } from '@cornerstonejs/core';

/** Memory of a volume that it can do without, such as that of time points which are not shown. */
export interface SpareMemory {
  readonly volumeId: string;
  /** Bytes that {@link releaseFarthest} gives back, called again and again. */
  readonly spareBytes: number;
  /** Gives a part of them back; returns false where there is none. */
  releaseFarthest(): boolean;
}

const offers = new Set<SpareMemory>();

/** Core's own `cache.isCacheable`, while it is replaced. */
let isCacheable: typeof cache.isCacheable | undefined;

/**
 * Lets volumes and Images that find no room in Cornerstone's cache have the memory of a volume that it can do without.
 *
 * Workaround: Cornerstone's cache (cache.js) asks nobody for room: what it cannot evict itself makes `isCacheable` false,
 * and volumes, labelmaps and Images that core makes fail then. `isCacheable` is what all of them ask, and releases spare
 * memory as long as a volume has some. Remove when a volume in the cache can say which of its bytes may be evicted.
 *
 * @returns takes the offer back
 */
export function offerSpareMemory(offer: SpareMemory): () => void {
  offers.add(offer);
  if (!isCacheable) {
    isCacheable = cache.isCacheable;
    cache.isCacheable = isCacheableWithSpare;
  }
  return () => {
    offers.delete(offer);
    // Another replacement, which calls this one, stays.
    if (offers.size === 0 && isCacheable && cache.isCacheable === isCacheableWithSpare) {
      cache.isCacheable = isCacheable;
      isCacheable = undefined;
    }
  };
}

/** Whether Cornerstone's cache has room for a number of bytes, when it evicts Images. Releases nothing. */
export function hasRoom(bytes: number): boolean {
  return (isCacheable ?? cache.isCacheable)(bytes);
}

/**
 * Releases spare memory until Cornerstone's cache has room for a number of bytes; none where all of it is not enough.
 *
 * @param volumeId - of the volume that needs them, which releases its own memory itself
 * @returns whether there is room
 */
export function makeRoom(bytes: number, volumeId?: string): boolean {
  const others = [...offers].filter((offer) => offer.volumeId !== volumeId);
  const spareBytes = others.reduce((sum, offer) => sum + offer.spareBytes, 0);
  if (!hasRoom(bytes - spareBytes)) {
    return false;
  }
  for (const offer of others) {
    while (!hasRoom(bytes) && offer.releaseFarthest()) {
      // One after the other: what is nearer stays if it can.
    }
  }
  return hasRoom(bytes);
}

function isCacheableWithSpare(bytes: number): boolean {
  return hasRoom(bytes) || makeRoom(bytes);
}
