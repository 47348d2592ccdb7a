import type { FrameTimes } from '../base/frameTrace.js';
import { withoutQueries } from '../base/withoutQueries.js';
import type { FrameState } from './FrameStates.js';

/**
 * The steps of a frame, each named by what the frame is while the step lasts.
 *
 * - `queued`: it waits for its turn
 * - `requested`: its response is on the way
 * - `received`: its response is complete, and is decoded
 * - `decoded`: its voxels are there, and are on the way into the volume
 * - `placed`: its voxels are in the volume, and wait for a render
 * - `drawn`: its slice is uploaded to the graphics card for the render that is going on
 */
export type FrameStep = 'queued' | 'requested' | 'received' | 'decoded' | 'placed' | 'drawn';

/** The `detail` of the measures of a {@link FrameTrace}. */
export interface FrameTraceDetail {
  readonly volumeId: string;
  /** Without its query: whatever records the timeline may be sent on. The slice tells frames of one file apart. */
  readonly imageId: string;
  /** Slice of the volume, from 0. */
  readonly sliceIndex: number;
  /** Whether the step ended because the frame failed. */
  readonly failed: boolean;
  /** For the performance panel of Chromium's DevTools: a track for each step. */
  readonly devtools: {
    readonly dataType: 'track-entry';
    readonly trackGroup: string;
    readonly track: FrameStep;
    readonly color: string;
    readonly tooltipText: string;
  };
}

/** Times of one frame in milliseconds of `performance.now()`. */
interface Course {
  queued: number;
  started?: number;
  times?: FrameTimes;
  placed?: number;
}

const TRACK_GROUP = 'Streaming volumes';

/** Names of DevTools' palette. */
const COLORS: Record<FrameStep, string> = {
  queued: 'tertiary-light',
  requested: 'primary',
  received: 'secondary',
  decoded: 'secondary-dark',
  placed: 'tertiary',
  drawn: 'tertiary-dark',
};

/**
 * Writes the course of each frame of one volume into the browser's performance timeline: a
 * `performance.measure` for each {@link FrameStep}, named `streaming-volume:<step>`, with a
 * {@link FrameTraceDetail} as its `detail`.
 *
 * The entries stay in the timeline until the page calls `performance.clearMeasures()`: this is an aid for debugging.
 * Of a frame whose loader does not say when it was answered, `requested` lasts until it is `placed`.
 */
export class FrameTrace {
  readonly #volumeId: string;
  readonly #imageIds: readonly string[];
  readonly #courses = new Map<number, Course>();

  /** @param imageIds - of the slices, in volume order */
  constructor(volumeId: string, imageIds: readonly string[]) {
    this.#volumeId = volumeId;
    this.#imageIds = imageIds;
  }

  /** Notes that a frame has come into a state. */
  moved(sliceIndex: number, state: FrameState): void {
    const now = performance.now();
    const course = this.#courses.get(sliceIndex);
    if (state === 'queued') {
      this.#courses.set(sliceIndex, { queued: now });
    } else if (state === 'loading' && course) {
      course.started ??= now;
    } else if (state === 'loaded' && course) {
      course.placed = now;
      this.#write(sliceIndex, course, now, false);
    } else if (state === 'failed' && course) {
      this.#write(sliceIndex, course, now, true);
      this.#courses.delete(sliceIndex);
    } else if (state === 'idle') {
      this.#courses.delete(sliceIndex);
    }
  }

  /** Notes when the last request of a frame was sent and answered; nothing where its loader does not say. */
  addTimes(sliceIndex: number, times: FrameTimes | undefined): void {
    const course = this.#courses.get(sliceIndex);
    if (course && times) {
      course.times = times;
    }
  }

  /**
   * Notes that a slice was uploaded for a render. Only the first upload of a slice that is loaded counts.
   *
   * @param startedAt - of the upload, as `performance.now()` counts
   */
  drawn(sliceIndex: number, startedAt: number): void {
    const placed = this.#courses.get(sliceIndex)?.placed;
    if (placed !== undefined) {
      this.#measure(sliceIndex, 'placed', placed, startedAt);
      this.#measure(sliceIndex, 'drawn', startedAt, performance.now());
      this.#courses.delete(sliceIndex);
    }
  }

  #write(
    sliceIndex: number,
    { queued, started, times }: Course,
    end: number,
    failed: boolean,
  ): void {
    const known: [FrameStep, number][] = [['queued', queued]];
    if (times) {
      known.push(
        ['requested', toPageTime(times.requestedAt)],
        ['received', toPageTime(times.receivedAt)],
        ['decoded', toPageTime(times.decodedAt)],
      );
    } else if (started !== undefined) {
      known.push(['requested', started]);
    }
    // Clocks of workers and of the page are rounded each by itself: no step ends before it begins.
    let start = queued;
    known.forEach(([step], index) => {
      const next = known[index + 1]?.[1];
      const stepEnd = Math.min(end, Math.max(start, next ?? end));
      this.#measure(sliceIndex, step, start, stepEnd, failed && next === undefined);
      start = stepEnd;
    });
  }

  #measure(sliceIndex: number, step: FrameStep, start: number, end: number, failed = false): void {
    const imageId = withoutQueries(this.#imageIds[sliceIndex] ?? '');
    const detail: FrameTraceDetail = {
      volumeId: this.#volumeId,
      imageId,
      sliceIndex,
      failed,
      devtools: {
        dataType: 'track-entry',
        trackGroup: TRACK_GROUP,
        track: step,
        color: failed ? 'error' : COLORS[step],
        tooltipText: imageId,
      },
    };
    performance.measure(`streaming-volume:${step}`, { start, end, detail });
  }
}

/** Workers count from another origin, so that times are handed over as milliseconds since 1970. */
function toPageTime(epochMs: number): number {
  return Math.max(0, epochMs - performance.timeOrigin);
}
