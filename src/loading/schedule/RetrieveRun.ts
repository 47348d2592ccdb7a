import { Enums } from '@cornerstonejs/core';
import { followViewports, slicesLookedAt } from './frameOrder.js';
import type { FrameNeeds, FrameOrder } from './frameOrder.js';
import type { FrameStates } from '../FrameStates.js';
import { RetrievePlan } from './RetrievePlan.js';
import type { NearbyFrame } from './RetrievePlan.js';
import type { PoolSlot } from './PoolRequests.js';
import type { RetrieveConfiguration } from './readRetrieveConfiguration.js';

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
export class RetrieveRun {
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
