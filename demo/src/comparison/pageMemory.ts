import { cache } from '@cornerstonejs/core';

/** An amount of memory, and what it is the memory of. */
export interface PageMemory {
  readonly bytes: number;
  readonly source: 'page' | 'cache';
}

type Measuring = Performance & {
  /** Chromium, on cross-origin isolated pages: the page with its workers, without what is on the GPU. */
  readonly measureUserAgentSpecificMemory?: () => Promise<{ readonly bytes: number }>;
};

/**
 * The memory of the page where the browser tells it, which takes some seconds, as it waits for a garbage collection;
 * elsewhere the size of Cornerstone's cache.
 */
export async function pageMemory(): Promise<PageMemory> {
  const cached: PageMemory = { bytes: cache.getCacheSize(), source: 'cache' };
  const measuring = performance as Measuring;
  if (!crossOriginIsolated || !measuring.measureUserAgentSpecificMemory) {
    return cached;
  }
  const { bytes } = await measuring.measureUserAgentSpecificMemory();
  return { bytes, source: 'page' };
}
