import { stagePositions } from './stagePositions.js';

/** A stage of Cornerstone's `imageRetrieveConfiguration`, as far as it is honoured. */
export interface RetrieveStage {
  readonly id?: string;
  /**
   * Frames of the stage: an index; from 0 to below 1 a part of the way from the first to the last; a
   * negative one counts from the end. Default: see `decimate`.
   */
  readonly positions?: readonly number[];
  /** Every so many frames, from `offset` on. Default 1. */
  readonly decimate?: number;
  /** Default 0. */
  readonly offset?: number;
  /** Which of the configuration's `retrieveOptions` applies. */
  readonly retrieveType?: string;
  /** Cornerstone's RequestType. Default `prefetch`. */
  readonly requestType?: string;
  /** In the request pool; smaller comes first. */
  readonly priority?: number;
  readonly nearbyFrames?: readonly NearbyFrame[];
}

/** A frame that another one stands in for until its own pixels are there. */
export interface NearbyFrame {
  /** Slices from the frame that has arrived. */
  readonly offset: number;
  /** What the stand-in counts for, below every quality of own pixels. */
  readonly imageQualityStatus?: number;
}

/** One request of a frame, of perhaps several. */
interface RetrieveStep {
  /** Undefined for a frame that is in no stage, or where there are none. */
  readonly stage: RetrieveStage | undefined;
  /** Place among all steps, compared number by number; smaller comes first. */
  readonly rank: readonly number[];
}

const ONLY_STEP: RetrieveStep = { stage: undefined, rank: [Infinity] };

/** The order in which Cornerstone's request pool serves its types. */
const REQUEST_TYPES = ['interaction', 'thumbnail', 'prefetch', 'compute'];

/** Of a stage that names none; the same as in Cornerstone. */
const DEFAULT_PRIORITY = -5;

/**
 * The steps in which each frame is retrieved: each stage in which a frame occurs is one more request of
 * it, as long as it has not got its full quality. A frame that is in no stage is requested once, last.
 */
export class RetrievePlan {
  readonly #steps: readonly (readonly RetrieveStep[])[];
  readonly #current: number[];
  /** Whether there are stages, which say in which order frames come. */
  readonly hasStages: boolean;

  /**
   * @param count - number of frames
   * @throws TypeError for a stage that names a frame that is not there
   */
  constructor(count: number, stages: readonly RetrieveStage[] = []) {
    const steps: RetrieveStep[][] = Array.from({ length: count }, () => []);
    stages.forEach((stage, place) => {
      const { requestType = 'prefetch', priority = DEFAULT_PRIORITY } = stage;
      stagePositions(count, stage).forEach((frameIndex, position) => {
        const rank = [REQUEST_TYPES.indexOf(requestType), priority, place, position];
        steps[frameIndex]?.push({ stage, rank });
      });
    });
    this.#steps = steps.map((own) => (own.length > 0 ? own : [ONLY_STEP]));
    this.#current = steps.map(() => 0);
    this.hasStages = stages.length > 0;
  }

  /** The stage that a frame is at; undefined where none tells how to request it. */
  stage(frameIndex: number): RetrieveStage | undefined {
    return this.#step(frameIndex).stage;
  }

  /** Whether a frame has no further step: what it brings is what there is. */
  isLastStep(frameIndex: number): boolean {
    return this.#place(frameIndex) >= (this.#steps[frameIndex]?.length ?? 0) - 1;
  }

  /** Goes on to the next step of a frame; stays at the last. */
  advance(frameIndex: number): void {
    if (!this.isLastStep(frameIndex)) {
      this.#current[frameIndex] = this.#place(frameIndex) + 1;
    }
  }

  /** All frames, by the rank of the step that each is at. */
  order(): number[] {
    return this.#steps
      .map((_, frameIndex) => ({ frameIndex, rank: this.#step(frameIndex).rank }))
      .sort((a, b) => compare(a.rank, b.rank) || a.frameIndex - b.frameIndex)
      .map(({ frameIndex }) => frameIndex);
  }

  #step(frameIndex: number): RetrieveStep {
    return this.#steps[frameIndex]?.[this.#place(frameIndex)] ?? ONLY_STEP;
  }

  #place(frameIndex: number): number {
    return this.#current[frameIndex] ?? 0;
  }
}

function compare(a: readonly number[], b: readonly number[]): number {
  const differs = a.findIndex((value, place) => value !== b[place]);
  return differs < 0 ? 0 : (a[differs] as number) - (b[differs] ?? -Infinity);
}
