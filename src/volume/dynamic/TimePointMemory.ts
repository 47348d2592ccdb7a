import { isStreamingVolumeError } from '../../base/errors.js';
import { hasRoom, offerSpareMemory } from '../../loading/memory/spareMemory.js';
import type { SpareMemory } from '../../loading/memory/spareMemory.js';

/** How a {@link TimePointMemory} works. */
interface TimePointMemoryOptions<Held> {
  readonly volumeId: string;
  /** Aborts at the end of the volume's life: other volumes get no memory of it any more. */
  readonly removal: AbortSignal;
  readonly count: number;
  /** Of one time point; it may widen later. */
  readonly sizeInBytes: number;
  /** Most bytes of all time points together; one time point is held in any case. */
  readonly budgetInBytes: number;
  /** How far a time point is from the current one, which has the distance 0. */
  readonly distance: (timePointIndex: number) => number;
  /**
   * Reserves and allocates the memory of a time point.
   *
   * @param takesSpare - whether other volumes release time points that are not shown for it
   * @throws StreamingVolumeError with code `cache-size-exceeded` or `allocation-failed`
   */
  readonly open: (timePointIndex: number, takesSpare: boolean) => Held;
  /** Gives the memory of a time point back. */
  readonly close: (held: Held) => void;
  /** Bytes that a time point has now. */
  readonly sizeOf: (held: Held) => number;
}

/**
 * The time points that have memory. Where there is not enough for all, the ones farthest from the current one are
 * released for nearer ones, and never a nearer one for one farther away. All but the current one are released for other
 * volumes and Images that find no room in Cornerstone's cache.
 */
export class TimePointMemory<Held> implements SpareMemory {
  readonly #options: TimePointMemoryOptions<Held>;
  readonly #held = new Map<number, Held>();

  constructor(options: TimePointMemoryOptions<Held>) {
    this.#options = options;
    options.removal.addEventListener('abort', offerSpareMemory(this), { once: true });
  }

  get volumeId(): string {
    return this.#options.volumeId;
  }

  get spareBytes(): number {
    const { distance, sizeOf } = this.#options;
    return [...this.#held]
      .filter(([index]) => distance(index) > 0)
      .reduce((sum, [, held]) => sum + sizeOf(held), 0);
  }

  releaseFarthest(): boolean {
    const { distance } = this.#options;
    const [farthest] = [...this.#held.keys()].sort((a, b) => distance(b) - distance(a));
    if (farthest === undefined || distance(farthest) === 0) {
      return false;
    }
    this.release(farthest);
    return true;
  }

  /** A time point that has memory; undefined otherwise. */
  get(timePointIndex: number): Held | undefined {
    return this.#held.get(timePointIndex);
  }

  /** All time points that have memory, by their index. */
  get all(): ReadonlyMap<number, Held> {
    return this.#held;
  }

  /**
   * A time point with its memory, which is allocated first where need be; releases ones farther away for it, and for the
   * current one also those of other volumes.
   *
   * @throws as {@link TimePointMemoryOptions.open} does, where nothing can be released for it
   */
  hold(timePointIndex: number): Held {
    const known = this.#held.get(timePointIndex);
    if (known !== undefined) {
      return known;
    }
    const { sizeInBytes, budgetInBytes, distance, open } = this.#options;
    let hasFarther = true;
    while (hasFarther && this.#held.size > 0 && this.#sizeInBytes() + sizeInBytes > budgetInBytes) {
      hasFarther = this.releaseBeyond(timePointIndex);
    }
    let takesSpare = false;
    for (;;) {
      try {
        const held = open(timePointIndex, takesSpare);
        this.#held.set(timePointIndex, held);
        return held;
      } catch (error) {
        if (!isShortage(error)) {
          throw error;
        }
        if (!this.releaseBeyond(timePointIndex)) {
          if (takesSpare || distance(timePointIndex) > 0) {
            throw error;
          }
          takesSpare = true;
        }
      }
    }
  }

  /** As {@link hold}; undefined where there is no memory for it beside the time points that are nearer. */
  tryHold(timePointIndex: number): Held | undefined {
    if (!this.#held.has(timePointIndex) && !this.#mayHold(timePointIndex)) {
      return undefined;
    }
    try {
      return this.hold(timePointIndex);
    } catch (error) {
      if (isShortage(error)) {
        return undefined;
      }
      throw error;
    }
  }

  /**
   * Releases the time point that is farthest from the current one, if it is farther than another.
   *
   * @returns whether one was released
   */
  releaseBeyond(timePointIndex: number): boolean {
    const { distance } = this.#options;
    let farthest = timePointIndex;
    for (const index of this.#held.keys()) {
      if (distance(index) > distance(farthest)) {
        farthest = index;
      }
    }
    if (farthest === timePointIndex) {
      return false;
    }
    this.release(farthest);
    return true;
  }

  /** Releases a time point, if it has memory. */
  release(timePointIndex: number): void {
    const held = this.#held.get(timePointIndex);
    if (held !== undefined) {
      this.#held.delete(timePointIndex);
      this.#options.close(held);
    }
  }

  /** The time points to hold, as many as there is memory for, the nearest to the current one. */
  wanted(): ReadonlySet<number> {
    const { count, distance } = this.#options;
    const nearest = Array.from({ length: count }, (_, index) => index).sort(
      (a, b) => distance(a) - distance(b),
    );
    return new Set(nearest.slice(0, this.#capacity()));
  }

  #mayHold(timePointIndex: number): boolean {
    const { distance } = this.#options;
    const isNearerThanSome = [...this.#held.keys()].some(
      (index) => distance(index) > distance(timePointIndex),
    );
    return isNearerThanSome || this.#capacity() > this.#held.size;
  }

  #capacity(): number {
    const { count, sizeInBytes, budgetInBytes } = this.#options;
    const isRoomFor = (total: number): boolean => {
      const more = Math.max(0, total - this.#held.size) * sizeInBytes;
      return this.#sizeInBytes() + more <= budgetInBytes && hasRoom(more);
    };
    let least = Math.max(1, this.#held.size);
    let most = Math.max(least, count);
    while (least < most) {
      const middle = Math.ceil((least + most) / 2);
      if (isRoomFor(middle)) {
        least = middle;
      } else {
        most = middle - 1;
      }
    }
    return least;
  }

  #sizeInBytes(): number {
    return [...this.#held.values()].reduce((sum, held) => sum + this.#options.sizeOf(held), 0);
  }
}

/** Whether an error says that there is no memory. */
export function isShortage(error: unknown): boolean {
  return (
    isStreamingVolumeError(error, 'cache-size-exceeded') ||
    isStreamingVolumeError(error, 'allocation-failed')
  );
}
