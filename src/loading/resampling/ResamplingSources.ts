import { isStreamingVolumeError } from '../../base/errors.js';
import type { FrameStore } from '../../base/FrameStore.js';
import { SharedRequests } from '../../base/SharedRequests.js';
import { IMAGE_QUALITY } from '../../base/types.js';
import type { VolumeArray } from '../../base/types.js';
import { retryFrame, toFrameError } from '../frame/retryFrame.js';
import type { AttemptPolicy, FilledFrame, FrameFailure } from '../frame/retryFrame.js';
import { loadIntoSlot } from '../frame/loadIntoSlot.js';
import { frameRequestOptions, withSignal } from '../frame/frameRequest.js';
import type { FrameRequestTarget } from '../frame/frameRequest.js';
import type { FrameStates } from '../FrameStates.js';
import { reserveCache } from '../memory/reserveCache.js';
import type { SliceResampler } from './SliceResampler.js';

/** What sources are loaded for. */
export interface ResamplingSourcesTarget extends FrameRequestTarget {
  readonly states: FrameStates;
  readonly attempts: AttemptPolicy;
  /** Whether the image cache's entry of an imageId is one that this volume has made. */
  readonly ownsImage: (imageId: string) => boolean;
}

/** A source whose voxels are kept. */
interface HeldSource {
  readonly voxels: SourceVoxels;
  /** Gives its bytes back to Cornerstone's cache. */
  readonly release: () => void;
}

interface SourceVoxels {
  readonly values: VolumeArray;
  readonly quality: number;
}

/** A source that could not be loaded. */
class SourceFailed extends Error {
  constructor(readonly failure: FrameFailure) {
    super(failure.error.message, { cause: failure.error });
  }
}

/**
 * The frames that the slices of a resampled volume are made of. They are in no slot of the volume: each is
 * kept from its arrival until the last slice that it goes into is loaded.
 *
 * What is kept is reserved in Cornerstone's cache. Where that has no room, and beyond an eighth of the
 * volume's frames and a few, which is what the order that follows viewports needs, the oldest is dropped,
 * and requested again for its second slice.
 */
export class ResamplingSources {
  readonly #target: ResamplingSourcesTarget;
  readonly #resampler: SliceResampler;
  readonly #requests = new SharedRequests<SourceVoxels>();
  readonly #held = new Map<number, HeldSource>();
  /** Of sources that a slice has failed for; the others that they go into do not try them again. */
  readonly #failures = new Map<number, FrameFailure>();
  /** The slices that each source goes into. */
  readonly #slices = new Map<number, number[]>();
  readonly #mostHeld: number;
  #isClosed = false;

  /** @param sliceCount - number of slices of the volume */
  constructor(target: ResamplingSourcesTarget, resampler: SliceResampler, sliceCount: number) {
    this.#target = target;
    this.#resampler = resampler;
    for (let slice = 0; slice < sliceCount; slice++) {
      for (const { sourceIndex } of resampler.sources(slice)) {
        this.#slices.set(sourceIndex, [...(this.#slices.get(sourceIndex) ?? []), slice]);
      }
    }
    this.#mostHeld = Math.ceil(this.#slices.size / 8) + 8;
  }

  /**
   * Loads the sources of a slice, one after the other so that there are never more requests than slices
   * under way, and makes the slice of them.
   *
   * @param imageId - of the slice, for errors that are not those of a source
   * @returns the quality of the worst, or why one of them is not there
   * @throws `signal.reason` after an abort
   */
  async fill(
    imageId: string,
    imageIdIndex: number,
    signal: AbortSignal | undefined,
  ): Promise<FilledFrame> {
    try {
      const sources: SourceVoxels[] = [];
      for (const { sourceIndex } of this.#resampler.sources(imageIdIndex)) {
        sources.push(await this.#get(sourceIndex, imageIdIndex, signal));
      }
      signal?.throwIfAborted();
      this.#resampler.write(
        imageIdIndex,
        sources.map(({ values }) => values),
      );
      return { quality: Math.min(...sources.map(({ quality }) => quality)) };
    } catch (cause) {
      signal?.throwIfAborted();
      return {
        failure:
          cause instanceof SourceFailed
            ? cause.failure
            : { error: toFrameError(cause, imageId), attempts: 1 },
      };
    }
  }

  /** Drops what no slice needs any more, after this one has ended. */
  settle(imageIdIndex: number): void {
    if (this.#target.states.isComplete) {
      this.#dropAll();
      return;
    }
    for (const { sourceIndex } of this.#resampler.sources(imageIdIndex)) {
      if (!this.#isNeeded(sourceIndex)) {
        this.#drop(sourceIndex);
      }
    }
  }

  /** Drops everything, and keeps nothing from now on. */
  close(): void {
    this.#isClosed = true;
    this.#dropAll();
  }

  #get(
    frameIndex: number,
    imageIdIndex: number,
    signal: AbortSignal | undefined,
  ): Promise<SourceVoxels> {
    const held = this.#held.get(frameIndex);
    if (held) {
      return Promise.resolve(held.voxels);
    }
    const failure = this.#failures.get(frameIndex);
    if (failure && this.#hasFailedSlice(frameIndex)) {
      return Promise.reject(new SourceFailed(failure));
    }
    return this.#requests.get(
      String(frameIndex),
      (ownSignal) => this.#load(frameIndex, imageIdIndex, ownSignal),
      signal,
    );
  }

  async #load(
    frameIndex: number,
    imageIdIndex: number,
    signal: AbortSignal,
  ): Promise<SourceVoxels> {
    const frame = this.#resampler.frame(frameIndex);
    const { imageId } = frame;
    const { volumeId, attempts, ownsImage } = this.#target;
    const additionalDetails = { imageId, imageIdIndex, volumeId };
    let store: FrameStore | undefined;
    const attempt = (ownSignal: AbortSignal): Promise<number> => {
      // Nothing that comes late from the try before is in it.
      store = this.#resampler.createStore();
      const target = { ...this.#target, store };
      const options = frameRequestOptions(target, frame, 0, {});
      const request = withSignal(options, ownSignal, { additionalDetails });
      return loadIntoSlot(target, 0, frame, request, ownsImage(imageId));
    };
    const filled = await retryFrame(imageId, attempt, attempts, signal);
    if (filled.failure) {
      this.#failures.set(frameIndex, filled.failure);
      throw new SourceFailed(filled.failure);
    }
    const voxels = { values: (store as FrameStore).data, quality: filled.quality };
    if (voxels.quality >= IMAGE_QUALITY.full) {
      this.#hold(frameIndex, voxels);
    }
    return voxels;
  }

  #hold(frameIndex: number, voxels: SourceVoxels): void {
    const isShared = (this.#slices.get(frameIndex)?.length ?? 0) > 1;
    if (this.#isClosed || !isShared || !this.#isNeeded(frameIndex)) {
      return;
    }
    try {
      const { release } = reserveCache(this.#target.volumeId, voxels.values.byteLength, []);
      this.#held.set(frameIndex, { voxels, release });
    } catch (error) {
      if (!isStreamingVolumeError(error, 'cache-size-exceeded')) {
        throw error;
      }
    }
    for (const oldest of this.#held.keys()) {
      if (this.#held.size <= this.#mostHeld) {
        break;
      }
      this.#drop(oldest);
    }
  }

  /** Otherwise all of them are to be tried again. */
  #hasFailedSlice(frameIndex: number): boolean {
    const slices = this.#slices.get(frameIndex) ?? [];
    return slices.some((slice) => this.#target.states.get(slice) === 'failed');
  }

  #isNeeded(frameIndex: number): boolean {
    const slices = this.#slices.get(frameIndex) ?? [];
    return slices.some((slice) => this.#target.states.get(slice) !== 'loaded');
  }

  #drop(frameIndex: number): void {
    this.#held.get(frameIndex)?.release();
    this.#held.delete(frameIndex);
  }

  #dropAll(): void {
    for (const frameIndex of this.#held.keys()) {
      this.#drop(frameIndex);
    }
  }
}
