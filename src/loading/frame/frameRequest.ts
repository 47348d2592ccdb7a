import { Enums, metaData } from '@cornerstonejs/core';
import type { FrameStore } from '../../base/FrameStore.js';
import type { FrameMetadata, VolumeArray } from '../../base/types.js';
import type { FrameOptions, TargetBuffer } from '../../pixels/DecodedFrame.js';
import type { Retrieval } from '../schedule/ProgressivePlan.js';
import type { TransportRecord } from '../TransportRecord.js';

/** What a frame is requested for. */
export interface FrameRequestTarget {
  readonly volumeId: string;
  readonly store: FrameStore;
  /** Whether the volume holds modality values. */
  readonly isPreScaled: boolean;
  /** Is told how each frame was fetched. */
  readonly transports: TransportRecord;
}

/** What differs from one request of a frame to the next. */
export interface FrameRequestConditions {
  /** Gives the request up. */
  readonly signal?: AbortSignal | undefined;
  /** Whether a viewport shows the very slice. */
  readonly isAwaited?: boolean;
  /** How progressive retrieval asks for the frame this time. */
  readonly retrieval?: Retrieval | undefined;
}

interface HiddenOptions {
  readonly signal: AbortSignal | undefined;
  readonly slot: VolumeArray | undefined;
}

/** Options of a frame's request, in Cornerstone's terms. */
export interface FrameRequestOptions extends FrameOptions {
  readonly requestType: Enums.RequestType;
  readonly additionalDetails: {
    readonly imageId: string;
    readonly imageIdIndex: number;
    readonly volumeId: string;
  };
}

/**
 * The options that a frame is requested with.
 *
 * `targetBuffer.arrayBuffer` is there only when it is shared: loaders hand the options to a worker, and
 * a plain buffer would be copied whole for each frame. The volume applies the rescale where the loader
 * does not.
 */
export function frameRequestOptions(
  { volumeId, store, isPreScaled }: FrameRequestTarget,
  frame: FrameMetadata,
  imageIdIndex: number,
  { signal, retrieval, isAwaited = false }: FrameRequestConditions,
): FrameRequestOptions {
  const { imageId, rows, columns, rescale } = frame;
  const syntaxModule = metaData.get(Enums.MetadataModules.TRANSFER_SYNTAX, imageId) as
    { transferSyntaxUID?: string } | undefined;
  const options = {
    skipCreateImage: true,
    targetBuffer: {
      ...placeOf(store, imageIdIndex),
      length: store.valuesPerFrame,
      rows,
      columns,
      ...(store.mayWiden ? { acceptsWider: true } : {}),
    },
    preScale: {
      enabled: isPreScaled,
      scalingParameters: {
        modality: frame.modality,
        rescaleSlope: rescale.slope,
        rescaleIntercept: rescale.intercept,
      },
    },
    allowFloatRendering: true,
    requestType: Enums.RequestType.Prefetch,
    transferSyntaxUID: syntaxModule?.transferSyntaxUID,
    additionalDetails: { imageId, imageIdIndex, volumeId },
    isOnScreen: isAwaited,
    ...retrieval,
  };
  return withHidden(options, { signal, slot: slotOf(store, imageIdIndex) });
}

/**
 * The same options with the place that the slot has now, where the store has widened since they were made.
 *
 * @param index - slot in the store
 */
export function withCurrentTarget<T extends FrameOptions>(
  options: T,
  store: FrameStore,
  index: number,
): T {
  const { targetBuffer, signal } = options;
  if (!targetBuffer) {
    return options;
  }
  // Not the former buffer where there is none that is shared now.
  const { arrayBuffer: former, ...rest } = targetBuffer;
  const place = placeOf(store, index);
  const hasMoved =
    rest.type !== place.type || (former !== undefined && former !== place.arrayBuffer);
  return hasMoved
    ? withHidden(
        { ...options, targetBuffer: { ...rest, ...place, acceptsWider: store.mayWiden } },
        { signal, slot: options.slot && slotOf(store, index) },
      )
    : options;
}

function placeOf(
  store: FrameStore,
  index: number,
): Pick<TargetBuffer, 'type' | 'arrayBuffer' | 'offset'> {
  return {
    type: store.dataType,
    ...(store.isShared ? { arrayBuffer: store.data.buffer } : {}),
    offset: store.byteOffset(index),
  };
}

function slotOf(store: FrameStore, index: number): VolumeArray | undefined {
  return store.isShared ? undefined : store.frame(index);
}

/** Other options of the same request, given up by another signal. */
export function withSignal<T extends FrameOptions>(
  options: T,
  signal: AbortSignal | undefined,
  changes: Partial<T> = {},
): T {
  return withHidden({ ...options, ...changes }, { signal, slot: options.slot });
}

/** What is not enumerable is never sent to a worker with the other options. */
function withHidden<T extends object>(options: T, { signal, slot }: HiddenOptions): T {
  return Object.defineProperties(options, { signal: { value: signal }, slot: { value: slot } });
}
