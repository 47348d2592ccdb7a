import { ProgressiveRetrieveImages, utilities } from '@cornerstonejs/core';
import type { Retrieval } from './task.js';

/** The key of all volumes. */
const ALL_VOLUMES = 'volume';
/** Half of the size of a slice in each direction. */
const HALF_SIZE = 1;
/** The range from the bytes that are there to the end. */
const LAST_RANGE = -1;

/**
 * Configures Cornerstone's own volume loader as the example `volumeProgressive` of its core does: interleaved stages,
 * whose slices are repeated where there are none yet, and, with `firstBytes`, a first range of bytes of each slice.
 */
export function configureRetrieval({ firstBytes }: Retrieval): void {
  utilities.imageRetrieveMetadataProvider.add(ALL_VOLUMES, {
    ...ProgressiveRetrieveImages.interleavedRetrieveStages,
    ...(firstBytes !== undefined && {
      retrieveOptions: {
        multipleFast: { rangeIndex: 0, initialChunkSize: firstBytes, decodeLevel: HALF_SIZE },
        multipleFinal: { rangeIndex: LAST_RANGE },
      },
    }),
  });
}
