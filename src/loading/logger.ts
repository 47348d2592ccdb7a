import { utilities } from '@cornerstonejs/core';

/**
 * This package's logger among those of Cornerstone, whose levels an application sets. Asked for anew by
 * each use: a logger reads what the browser has stored of its level, which an import must not.
 */
export function logger(): ReturnType<typeof utilities.logger.cs3dLog.getLogger> {
  return utilities.logger.cs3dLog.getLogger('streamingImageVolumeLoader');
}
