import { utilities } from '@cornerstonejs/core';
import type { VolumeTransport } from '../base/types.js';

/** Where frames come from whose loader does not say. */
const BY_OTHERS: VolumeTransport = {
  thread: 'main thread',
  reason: 'an image loader that was not made by this package fetches the frames',
};

/** Which thread fetches the frames of one volume, and why. Changes are told through Cornerstone's logger. */
export class TransportRecord {
  readonly #volumeId: string;
  #current: VolumeTransport | undefined;

  constructor(volumeId: string) {
    this.#volumeId = volumeId;
  }

  /** Undefined before a frame was fetched. */
  get current(): VolumeTransport | undefined {
    return this.#current;
  }

  /** Notes how one frame was fetched. */
  add(transport = BY_OTHERS): void {
    if (!this.#current || (this.#current.thread === 'worker' && transport.thread !== 'worker')) {
      this.#current = transport;
      const { thread, reason } = transport;
      logger().info(`Volume ${this.#volumeId} is fetched by the ${thread}: ${reason}`);
    }
  }
}

/**
 * This package's logger among those of Cornerstone, whose levels an application sets. Asked for anew by
 * each use: a logger reads what the browser has stored of its level, which an import must not.
 */
export function logger(): ReturnType<typeof utilities.logger.cs3dLog.getLogger> {
  return utilities.logger.cs3dLog.getLogger('streamingImageVolumeLoader');
}
