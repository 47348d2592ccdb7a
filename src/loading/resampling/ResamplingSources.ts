import { isStreamingVolumeError } from '../../base/errors.js';
import type { FrameStore } from '../../base/voxels/FrameStore.js';
import { SharedRequests } from '../../base/SharedRequests.js';
import { IMAGE_QUALITY } from '../../base/types.js';
import type { FrameMetadata, VolumeArray } from '../../base/types.js';
import { loadIntoSlot } from '../frame/loadIntoSlot.js';
import { retryFrame, toFrameError } from '../frame/retryFrame.js';
import type { FilledFrame, FrameFailure } from '../frame/retryFrame.js';
import type { LoadContext } from '../LoadContext.js';
import { reserveCache } from '../memory/reserveCache.js';
import type { SliceResampler } from './SliceResampler.js';

interface LoadedSource {
  readonly values: VolumeArray;
  readonly quality: number;
}

/** All that is known of one source while its slices are loaded. */
interface SourceRecord {
  /** The slices that it goes into. */
  readonly slices: number[];
  /** Its voxels, and what gives their bytes back to Cornerstone's cache. */
  held?: { readonly source: LoadedSource; readonly release: () => void } | undefined;
  /** Why it could not be loaded for one slice; its other slices do not try it again. */
  failure?: FrameFailure;
}

/** A source that could not be loaded. */
class SourceFailed extends Error {
  constructor(readonly failure: FrameFailure) {
    super(failure.error.message, { cause: failure.error });
  }
}

/**
 * The frames that the slices of a resampled volume are made of (sources). They have no slot in the volume: each is
 * kept from its arrival until the last slice that it goes into is loaded.
 *
 * Kept sources are reserved in Cornerstone's cache. Where the cache has no room, and beyond an eighth of the
 * volume's frames and a few, which is what the order that follows viewports needs, the oldest is dropped,
 * and requested again for its second slice.
 */
export class ResamplingSources {
  readonly #context: LoadContext;
  readonly #resampler: SliceResampler;
  readonly #requests = new SharedRequests<LoadedSource>();
  readonly #sources = new Map<number, SourceRecord>();
  /** The sources that are held, the oldest first. */
  readonly #held = new Set<SourceRecord>();
  readonly #mostHeld: number;

  constructor(context: LoadContext, resampler: SliceResampler) {
    this.#context = context;
    this.#resampler = resampler;
    for (const sliceIndex of context.frames.keys()) {
      for (const { sourceIndex } of resampler.sources(sliceIndex)) {
        this.#record(sourceIndex).slices.push(sliceIndex);
      }
    }
    this.#mostHeld = Math.ceil(this.#sources.size / 8) + 8;
    context.removal.addEventListener('abort', () => {
      this.#dropAll();
    });
  }

  /**
   * Loads the sources of a slice, one after the other so that there are never more requests than slices
   * under way, and makes the slice of them.
   *
   * @returns the lowest quality of the sources, or why one of them could not be loaded
   * @throws `signal.reason` after an abort
   */
  async fill(sliceIndex: number, signal: AbortSignal | undefined): Promise<FilledFrame> {
    try {
      const sources = await this.#getAll(sliceIndex, signal);
      this.#resampler.write(
        sliceIndex,
        sources.map(({ values }) => values),
      );
      return { quality: Math.min(...sources.map(({ quality }) => quality)) };
    } catch (cause) {
      signal?.throwIfAborted();
      const { imageId } = this.#context.frames[sliceIndex] as FrameMetadata;
      return {
        failure:
          cause instanceof SourceFailed
            ? cause.failure
            : { error: toFrameError(cause, imageId), attempts: 1 },
      };
    }
  }

  /**
   * Makes a slice with all its columns and rows, in memory of its own.
   *
   * @throws StreamingVolumeError of the source that could not be loaded, or `signal.reason` after an abort
   */
  async makeWhole(sliceIndex: number, signal: AbortSignal | undefined): Promise<VolumeArray> {
    try {
      const sources = await this.#getAll(sliceIndex, signal);
      return this.#resampler.makeWhole(
        sliceIndex,
        sources.map(({ values }) => values),
      );
    } catch (cause) {
      throw cause instanceof SourceFailed ? cause.failure.error : cause;
    }
  }

  async #getAll(sliceIndex: number, signal: AbortSignal | undefined): Promise<LoadedSource[]> {
    const sources: LoadedSource[] = [];
    for (const { sourceIndex } of this.#resampler.sources(sliceIndex)) {
      sources.push(await this.#get(sourceIndex, sliceIndex, signal));
    }
    signal?.throwIfAborted();
    return sources;
  }

  /** Drops the sources that no slice needs any more, after this slice has ended. */
  settle(sliceIndex: number): void {
    if (this.#context.states.isComplete) {
      this.#dropAll();
      return;
    }
    for (const { sourceIndex } of this.#resampler.sources(sliceIndex)) {
      const record = this.#record(sourceIndex);
      if (!this.#isNeeded(record)) {
        this.#drop(record);
      }
    }
  }

  #record(sourceIndex: number): SourceRecord {
    const record = this.#sources.get(sourceIndex) ?? { slices: [] };
    this.#sources.set(sourceIndex, record);
    return record;
  }

  #get(
    sourceIndex: number,
    sliceIndex: number,
    signal: AbortSignal | undefined,
  ): Promise<LoadedSource> {
    const record = this.#record(sourceIndex);
    const { held, failure } = record;
    if (held) {
      return Promise.resolve(held.source);
    }
    if (failure && this.#hasFailedSlice(record)) {
      return Promise.reject(new SourceFailed(failure));
    }
    return this.#requests.get(
      String(sourceIndex),
      (ownSignal) => this.#load(sourceIndex, sliceIndex, ownSignal),
      signal,
    );
  }

  async #load(sourceIndex: number, sliceIndex: number, signal: AbortSignal): Promise<LoadedSource> {
    const frame = this.#resampler.frame(sourceIndex);
    let store: FrameStore | undefined;
    const attempt = (ownSignal: AbortSignal): Promise<number> => {
      // A store of its own for each try: a late answer to the try before is not in it.
      store = this.#resampler.createStore();
      const slot = { frame, store, slotIndex: 0, sliceIndex };
      return loadIntoSlot(this.#context, slot, {}, ownSignal);
    };
    const { failure, quality } = await retryFrame(frame.imageId, attempt, this.#context, signal);
    const record = this.#record(sourceIndex);
    if (failure) {
      record.failure = failure;
      throw new SourceFailed(failure);
    }
    const source = { values: (store as FrameStore).data, quality };
    if (quality >= IMAGE_QUALITY.full) {
      this.#hold(record, source);
    }
    return source;
  }

  #hold(record: SourceRecord, source: LoadedSource): void {
    const isShared = record.slices.length > 1;
    if (this.#context.removal.aborted || !isShared || !this.#isNeeded(record)) {
      return;
    }
    try {
      const { release } = reserveCache(this.#context.volumeId, source.values.byteLength, []);
      record.held = { source, release };
      this.#held.add(record);
    } catch (error) {
      if (!isStreamingVolumeError(error, 'cache-size-exceeded')) {
        throw error;
      }
    }
    for (const oldest of this.#held) {
      if (this.#held.size <= this.#mostHeld) {
        break;
      }
      this.#drop(oldest);
    }
  }

  /** Where no slice is failed any more, all sources are to be tried again. */
  #hasFailedSlice({ slices }: SourceRecord): boolean {
    return slices.some((slice) => this.#context.states.get(slice) === 'failed');
  }

  #isNeeded({ slices }: SourceRecord): boolean {
    return slices.some((slice) => this.#context.states.get(slice) !== 'loaded');
  }

  #drop(record: SourceRecord): void {
    record.held?.release();
    record.held = undefined;
    this.#held.delete(record);
  }

  #dropAll(): void {
    this.#held.forEach((record) => {
      this.#drop(record);
    });
  }
}
