import { Enums, metaData } from '@cornerstonejs/core';
import { callApplication } from '../../base/callApplication.js';
import type { FrameStates } from '../FrameStates.js';
import type { LoadContext } from '../LoadContext.js';
import type { PoolSlot } from './FlightQueue.js';
import { followViewports, slicesOnScreen } from './frameOrder.js';
import type { FrameNeeds } from './frameOrder.js';

/** What a request of a frame carries besides the options of every request. */
export interface Retrieval {
  readonly retrieveType: string;
  readonly retrieveOptions: Readonly<Record<string, unknown>> | undefined;
  /** What dicom-image-loader keeps of a response from one part to the next. */
  readonly streamingData: Record<string, unknown>;
}

/** One request of a frame, of perhaps several. */
interface RetrieveStep {
  /** Undefined for a frame that is in no stage, or where there are none. */
  readonly stage: RetrieveStage | undefined;
  /** Place among all steps, compared number by number; smaller comes first. */
  readonly rank: readonly number[];
}

/** The steps of one frame; the first is the one that it is at. */
interface FrameSteps {
  readonly steps: RetrieveStep[];
  streamingData: Record<string, unknown> | undefined;
}

/** Bytes of frames that have not ended, by the states of their volume: a load after a cancel continues with them. */
const received = new WeakMap<FrameStates, Map<number, Record<string, unknown>>>();

function keptStreamingData(states: FrameStates, sliceIndex: number): Record<string, unknown> {
  const kept = received.get(states) ?? new Map<number, Record<string, unknown>>();
  const data = kept.get(sliceIndex) ?? {};
  received.set(states, kept.set(sliceIndex, data));
  return data;
}

const ONLY_STEP: RetrieveStep = { stage: undefined, rank: [Infinity] };

/** The order in which Cornerstone's request pool serves its types. */
const REQUEST_TYPES = ['interaction', 'thumbnail', 'prefetch', 'compute'];

/** Of a stage without a priority; the same as in Cornerstone. */
const DEFAULT_PRIORITY = -5;

/** What a {@link ProgressivePlan} reads of the load. */
type PlannedLoad = Pick<
  LoadContext,
  'volumeId' | 'imageIds' | 'states' | 'frameOrder' | 'priority'
>;

/**
 * The order and the steps in which one load retrieves its frames. Each stage in which a frame occurs is one more
 * request of it, as long as it has not got its full quality. A frame that is in no stage is requested once,
 * last.
 */
export class ProgressivePlan {
  readonly #load: PlannedLoad;
  readonly #configuration: RetrieveConfiguration | undefined;
  readonly #frames: readonly FrameSteps[];
  readonly #hasStages: boolean;

  /**
   * @param configuration - default: what Cornerstone's metadata providers have for the volume
   * @throws TypeError for a stage that names a frame that does not exist
   */
  constructor(
    load: PlannedLoad,
    configuration = readRetrieveConfiguration(load.volumeId, load.imageIds[0]),
  ) {
    const stages = configuration?.stages ?? [];
    const count = load.imageIds.length;
    this.#load = load;
    this.#configuration = configuration;
    this.#hasStages = stages.length > 0;
    this.#frames = load.imageIds.map(() => ({ steps: [], streamingData: undefined }));
    stages.forEach((stage, place) => {
      const { requestType = 'prefetch', priority = DEFAULT_PRIORITY } = stage;
      stagePositions(count, stage).forEach((sliceIndex, position) => {
        const rank = [REQUEST_TYPES.indexOf(requestType), priority, place, position];
        this.#frames[sliceIndex]?.steps.push({ stage, rank });
      });
    });
  }

  /**
   * The frames that have not ended, each once. An order of the application comes before the
   * stages of a configuration, and these before the order that follows the viewports; but also with stages
   * the slices on screen come first. An order that throws counts for nothing, and its error is reported as
   * an uncaught one.
   */
  order(needs: FrameNeeds): number[] {
    const { imageIds, states, frameOrder } = this.#load;
    const count = imageIds.length;
    const ofApplication =
      frameOrder && callApplication(() => frameOrder(count, needs).filter(Number.isInteger));
    const follow = this.#hasStages ? slicesOnScreen : followViewports;
    const wanted = ofApplication ?? follow(count, needs);
    // The order that follows viewports has every frame.
    const others = ofApplication || this.#hasStages ? this.#byRank() : [];
    return [...new Set([...wanted, ...others])].filter(
      (index) => index >= 0 && index < count && !states.hasEnded(index),
    );
  }

  /** Place of a frame's next request in Cornerstone's request pool. */
  slot(sliceIndex: number): PoolSlot {
    const { stage } = this.#step(sliceIndex);
    return {
      requestType: (stage?.requestType ?? Enums.RequestType.Prefetch) as Enums.RequestType,
      priority: stage?.priority ?? this.#load.priority,
    };
  }

  /** What the next request of a frame carries; undefined where there is no configuration. */
  retrieval(sliceIndex: number): Retrieval | undefined {
    const frame = this.#frames[sliceIndex];
    if (!this.#configuration || !frame) {
      return undefined;
    }
    const { retrieveOptions } = this.#configuration;
    const { retrieveType = this.#hasStages ? 'default' : 'single' } =
      this.#step(sliceIndex).stage ?? {};
    frame.streamingData ??= keptStreamingData(this.#load.states, sliceIndex);
    const wanted = retrieveOptions[retrieveType] ?? retrieveOptions['default'];
    // The last request is for what is left of the frame: a volume never keeps a part of one for good.
    const isRange = typeof wanted?.['rangeIndex'] === 'number';
    return {
      retrieveType,
      retrieveOptions:
        isRange && this.isLastStep(sliceIndex) ? { ...wanted, rangeIndex: -1 } : wanted,
      streamingData: frame.streamingData,
    };
  }

  /** The slices that show this frame until they have pixels as good. */
  nearbyFrames(sliceIndex: number): readonly NearbyFrame[] {
    return this.#step(sliceIndex).stage?.nearbyFrames ?? [];
  }

  /** Whether a frame has no further step: the result of this one ends it. */
  isLastStep(sliceIndex: number): boolean {
    return (this.#frames[sliceIndex]?.steps.length ?? 0) <= 1;
  }

  /** A request of a frame is over: goes on to its next step, or stays at the last. */
  advance(sliceIndex: number): void {
    const frame = this.#frames[sliceIndex];
    if (!frame) {
      return;
    }
    if (!this.isLastStep(sliceIndex)) {
      frame.steps.shift();
    }
    if (this.#load.states.hasEnded(sliceIndex)) {
      frame.streamingData = undefined;
      received.get(this.#load.states)?.delete(sliceIndex);
    }
  }

  /** All frames, by the rank of the step that each is at. */
  #byRank(): number[] {
    const ranks = this.#frames.map((_, sliceIndex) => this.#step(sliceIndex).rank);
    const rank = (sliceIndex: number): readonly number[] => ranks[sliceIndex] as readonly number[];
    return [...ranks.keys()].sort((a, b) => compare(rank(a), rank(b)) || a - b);
  }

  #step(sliceIndex: number): RetrieveStep {
    return this.#frames[sliceIndex]?.steps[0] ?? ONLY_STEP;
  }
}

function compare(a: readonly number[], b: readonly number[]): number {
  const differs = a.findIndex((value, place) => value !== b[place]);
  return differs < 0 ? 0 : (a[differs] as number) - (b[differs] ?? -Infinity);
}

/** A stage of Cornerstone's `imageRetrieveConfiguration`: the fields that are honoured. */
export interface RetrieveStage {
  readonly id?: string;
  /**
   * Frames of the stage: an index; from 0 to below 1 a part of the way from the first to the last; a
   * negative one counts from the end. Default: see `decimate`.
   */
  readonly positions?: readonly number[];
  /** Every n-th frame, from `offset` on. Default 1. */
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

/** A slice that shows a copy of another frame (a replica) until its own pixels are there. */
export interface NearbyFrame {
  /** Distance in slices from the frame that has arrived. */
  readonly offset: number;
  /** Quality of the replica, below every quality of own pixels. */
  readonly imageQualityStatus?: number;
}

/**
 * The slices of a stage, in the order in which it names them, each once.
 *
 * @param count - number of frames
 * @throws TypeError that names the stage
 */
export function stagePositions(
  count: number,
  { id, positions, decimate = 1, offset = 0 }: RetrieveStage,
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

/** Cornerstone's `imageRetrieveConfiguration` of a volume. */
interface RetrieveConfiguration {
  readonly stages: readonly RetrieveStage[] | undefined;
  /** By `retrieveType`; the entry of `default` applies to types without one. */
  readonly retrieveOptions: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/**
 * Reads how a volume is to be retrieved: under its volumeId, the transfer syntax of its first frame or
 * the word `volume`, as Cornerstone's own loader does.
 */
function readRetrieveConfiguration(
  volumeId: string,
  imageId: string | undefined,
): RetrieveConfiguration | undefined {
  const { transferSyntaxUID } = (metaData.get(
    Enums.MetadataModules.TRANSFER_SYNTAX,
    imageId ?? '',
  ) ?? {}) as { transferSyntaxUID?: string };
  // Workaround: core's metaData.get (metaData.js) passes at most two of several queries to its providers.
  // Remove when it passes all of them.
  for (const query of [volumeId, transferSyntaxUID, 'volume']) {
    const configuration = query && metaData.get('imageRetrieveConfiguration', query);
    if (configuration) {
      const { stages, retrieveOptions = {} } = configuration as Partial<RetrieveConfiguration>;
      return { stages, retrieveOptions };
    }
  }
  return undefined;
}
