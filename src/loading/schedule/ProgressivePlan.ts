import { Enums, metaData } from '@cornerstonejs/core';
import type { FrameStates } from '../FrameStates.js';
import { followViewports, slicesLookedAt } from './frameOrder.js';
import type { FrameNeeds, FrameOrder } from './frameOrder.js';
import type { PoolSlot } from './CornerstonePoolQueue.js';

/** How the frames of one load are ordered and asked for. */
export interface RetrieveRunOptions {
  readonly frameCount: number;
  readonly states: FrameStates;
  readonly configuration: RetrieveConfiguration | undefined;
  /** The application's own, if it has one. */
  readonly frameOrder: FrameOrder | undefined;
  /** In Cornerstone's request pool, where no stage has another. */
  readonly priority: number;
}

/** What a request of a frame carries besides what every request does. */
export interface Retrieval {
  readonly retrieveType: string;
  readonly retrieveOptions: Readonly<Record<string, unknown>> | undefined;
  /** What dicom-image-loader keeps of a response from one part to the next. */
  readonly streamingData: Record<string, unknown>;
}

/** The order and the steps in which one load retrieves its frames. */
export class ProgressiveRun {
  readonly #options: RetrieveRunOptions;
  readonly #plan: RetrievePlan;
  readonly #streamingData = new Map<number, Record<string, unknown>>();

  /** @throws TypeError for a stage that names a frame that is not there */
  constructor(options: RetrieveRunOptions) {
    this.#options = options;
    this.#plan = new RetrievePlan(options.frameCount, options.configuration?.stages);
  }

  /**
   * The frames that have not ended, each once. An order that the application gives comes before the
   * stages of a configuration, and these before the order that follows the viewports; but even then what
   * viewports look at comes first.
   */
  order(needs: FrameNeeds): number[] {
    const { frameCount, states, frameOrder } = this.#options;
    const wanted = frameOrder
      ? frameOrder(frameCount, needs).filter((index) => Number.isInteger(index))
      : this.#plan.hasStages
        ? slicesLookedAt(frameCount, needs)
        : followViewports(frameCount, needs);
    return [...new Set([...wanted, ...this.#plan.order()])].filter(
      (index) => index >= 0 && index < frameCount && !states.hasEnded(index),
    );
  }

  /** Where the request of a frame stands in Cornerstone's request pool. */
  slot(imageIdIndex: number): PoolSlot {
    const stage = this.#plan.stage(imageIdIndex);
    return {
      requestType: (stage?.requestType ?? Enums.RequestType.Prefetch) as Enums.RequestType,
      priority: stage?.priority ?? this.#options.priority,
    };
  }

  /** What the next request of a frame carries; undefined where no configuration says anything. */
  retrieval(imageIdIndex: number): Retrieval | undefined {
    const { configuration } = this.#options;
    if (!configuration) {
      return undefined;
    }
    const { retrieveOptions } = configuration;
    const { retrieveType = this.#plan.hasStages ? 'default' : 'single' } =
      this.#plan.stage(imageIdIndex) ?? {};
    const streamingData = this.#streamingData.get(imageIdIndex) ?? {};
    this.#streamingData.set(imageIdIndex, streamingData);
    return {
      retrieveType,
      retrieveOptions: retrieveOptions[retrieveType] ?? retrieveOptions['default'],
      streamingData,
    };
  }

  /** The frames that this one stands in for. */
  nearbyFrames(imageIdIndex: number): readonly NearbyFrame[] {
    return this.#plan.stage(imageIdIndex)?.nearbyFrames ?? [];
  }

  /** Whether what a frame brings now is the last that is asked for. */
  isLastStep(imageIdIndex: number): boolean {
    return this.#plan.isLastStep(imageIdIndex);
  }

  /** A request of a frame is over: the next one, if there is one, is its next step. */
  advance(imageIdIndex: number): void {
    this.#plan.advance(imageIdIndex);
    if (this.#options.states.hasEnded(imageIdIndex)) {
      this.#streamingData.delete(imageIdIndex);
    }
  }
}

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

/** What says which frames a stage is about; see `RetrieveStage`. */
export interface StageExtent {
  readonly id?: string;
  readonly positions?: readonly number[];
  readonly decimate?: number;
  readonly offset?: number;
}

/**
 * The frames of a stage, in the order in which it names them, each once.
 *
 * @param count - number of frames
 * @throws TypeError that names the stage
 */
export function stagePositions(
  count: number,
  { id, positions, decimate = 1, offset = 0 }: StageExtent,
): number[] {
  if (positions) {
    return [...new Set(positions.map((position) => toIndex(count, position, id)))];
  }
  if (!Number.isInteger(decimate) || decimate < 1 || !Number.isInteger(offset) || offset < 0) {
    throw new TypeError(
      `Expected decimate and offset of stage ${id} to be whole numbers from 1 and from 0, ` +
        `got ${decimate} and ${offset}`,
    );
  }
  const indices: number[] = [];
  for (let index = offset; index < count; index += decimate) {
    indices.push(index);
  }
  return indices;
}

function toIndex(count: number, position: number, id: string | undefined): number {
  const index =
    position < 0 ? count + position : position < 1 ? Math.floor((count - 1) * position) : position;
  if (!Number.isInteger(index) || index < 0 || index >= count) {
    throw new TypeError(
      `Expected positions of stage ${id} to be those of ${count} frames, got ${position}`,
    );
  }
  return index;
}

/** What Cornerstone's `imageRetrieveConfiguration` says of a volume. */
export interface RetrieveConfiguration {
  readonly stages: readonly RetrieveStage[] | undefined;
  /** By `retrieveType`; those of `default` apply to types without an entry. */
  readonly retrieveOptions: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/**
 * Reads how a volume is to be retrieved: under its volumeId, the transfer syntax of its first frame or
 * the word `volume`, where Cornerstone's own loader looks too.
 */
export function readRetrieveConfiguration(
  volumeId: string,
  imageId: string | undefined,
): RetrieveConfiguration | undefined {
  const { transferSyntaxUID } = (metaData.get(
    Enums.MetadataModules.TRANSFER_SYNTAX,
    imageId ?? '',
  ) ?? {}) as { transferSyntaxUID?: string };
  // One by one: Cornerstone hands no more than two of several queries on to its providers.
  for (const query of [volumeId, transferSyntaxUID, 'volume']) {
    const configuration = query && metaData.get('imageRetrieveConfiguration', query);
    if (configuration) {
      const { stages, retrieveOptions = {} } = configuration as Partial<RetrieveConfiguration>;
      return { stages, retrieveOptions };
    }
  }
  return undefined;
}
