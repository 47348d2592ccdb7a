import { Enums, metaData } from '@cornerstonejs/core';
import type { VolumeArray } from '../../base/types.js';
import { targetOf } from '../../pixels/DecodedFrame.js';
import type { FrameOptions, TargetBuffer } from '../../pixels/DecodedFrame.js';
import type { FrameSlot, LoadContext } from '../LoadContext.js';
import type { Retrieval } from '../schedule/ProgressivePlan.js';

/** What differs from one request of a frame to the next. */
export interface FrameRequest {
  /** Aborts the request. */
  readonly signal?: AbortSignal | undefined;
  /** Whether a viewport shows this slice. */
  readonly isOnScreen?: boolean;
  /** What progressive retrieval asks of the frame this time. */
  readonly retrieval?: Retrieval | undefined;
  /** Options from a load strategy; they take the place of all others but the signal. */
  readonly options?: FrameRequestOptions | undefined;
  /** Whether the image loader is asked although Cornerstone's image cache has an entry for the frame. */
  readonly ignoreCache?: boolean;
  /** Takes pixels of lower quality while the frame arrives. */
  readonly onPartial?: FrameOptions['onPartial'];
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
 * The options that a frame is requested with; they name the place that the slot has now.
 *
 * `targetBuffer.arrayBuffer` is there only when it is shared: loaders hand the options to a worker, and
 * a plain buffer would be copied whole for each frame. The volume applies the rescale where the loader
 * does not.
 */
export function frameRequestOptions(
  { volumeId, isPreScaled, trace }: Pick<LoadContext, 'volumeId' | 'isPreScaled' | 'trace'>,
  slot: FrameSlot,
  { signal, isOnScreen = false, retrieval, options, ignoreCache, onPartial }: FrameRequest,
): FrameRequestOptions {
  if (options) {
    return inCurrentPlace(options, slot, { signal, onPartial }, ignoreCache);
  }
  const { frame, store, sliceIndex, pick } = slot;
  const { imageId, rows, columns, rescale } = frame;
  const syntaxModule = metaData.get(Enums.MetadataModules.TRANSFER_SYNTAX, imageId) as
    { transferSyntaxUID?: string } | undefined;
  const target = {
    ...placeOf(slot),
    length: store.valuesPerFrame,
    rows,
    columns,
    ...(store.mayWiden ? { acceptsWider: true } : {}),
  };
  // Loaders know no tables: of such a frame, stored values are wanted.
  const isMapped = isPreScaled && frame.modalityLut !== undefined;
  const place = pick ? { reducedTarget: { ...target, pick } } : { targetBuffer: target };
  const made = {
    skipCreateImage: true,
    ...(isMapped ? {} : place),
    preScale: {
      enabled: isPreScaled && !isMapped,
      scalingParameters: {
        modality: frame.modality,
        rescaleSlope: rescale.slope,
        rescaleIntercept: rescale.intercept,
      },
    },
    allowFloatRendering: true,
    requestType: Enums.RequestType.Prefetch,
    transferSyntaxUID: syntaxModule?.transferSyntaxUID,
    additionalDetails: { imageId, imageIdIndex: sliceIndex, volumeId },
    isOnScreen,
    ...(trace && { trace: true }),
    ...(ignoreCache === undefined ? {} : { ignoreCache }),
    ...retrieval,
  };
  return withHidden(made, { signal, onPartial, slot: hiddenSlot(slot) });
}

/** The same request, also where Cornerstone's image cache has an entry for the frame. */
export function ignoringCache(options: FrameRequestOptions): FrameRequestOptions {
  return withHidden({ ...options, ignoreCache: true }, hiddenOf(options));
}

/**
 * The same request for the pixel cells of the frame, as they are stored and without a place in a volume.
 *
 * @param target - the type that is to hold them; default: the loader's choice
 */
export function cellRequestOptions(
  options: FrameRequestOptions,
  target: { readonly type: string } | undefined,
): FrameRequestOptions {
  const { targetBuffer: _, reducedTarget: __, ...withoutTarget } = options;
  const made = {
    ...withoutTarget,
    ...(target && { targetBuffer: target as TargetBuffer }),
    ignoreCache: true,
    preScale: { enabled: false },
  };
  return withHidden(made, { signal: options.signal, onPartial: undefined, slot: undefined });
}

/** A load strategy may have kept its options while the store has widened into another array. */
function inCurrentPlace(
  options: FrameRequestOptions,
  slot: FrameSlot,
  hidden: Omit<HiddenOptions, 'slot'>,
  ignoreCache: boolean | undefined,
): FrameRequestOptions {
  const target = targetOf(options);
  const changes = ignoreCache === undefined ? {} : { ignoreCache };
  if (!target) {
    return withHidden({ ...options, ...changes }, { ...hidden, slot: options.slot });
  }
  // Not the former buffer where there is none that is shared now.
  const { arrayBuffer: former, ...rest } = target;
  const place = placeOf(slot);
  const hasMoved =
    rest.type !== place.type || (former !== undefined && former !== place.arrayBuffer);
  const moved = { ...rest, ...place, acceptsWider: slot.store.mayWiden };
  const name = target.pick ? 'reducedTarget' : 'targetBuffer';
  return withHidden(
    { ...options, ...changes, ...(hasMoved ? { [name]: moved } : {}) },
    { ...hidden, slot: hasMoved ? options.slot && hiddenSlot(slot) : options.slot },
  );
}

function placeOf({
  store,
  slotIndex,
}: FrameSlot): Pick<TargetBuffer, 'type' | 'arrayBuffer' | 'offset'> {
  return {
    type: store.dataType,
    ...(store.isShared ? { arrayBuffer: store.data.buffer } : {}),
    offset: store.byteOffset(slotIndex),
  };
}

function hiddenSlot({ store, slotIndex }: FrameSlot): VolumeArray | undefined {
  return store.isShared ? undefined : store.frame(slotIndex);
}

interface HiddenOptions {
  readonly signal: AbortSignal | undefined;
  readonly onPartial: FrameOptions['onPartial'];
  readonly slot: VolumeArray | undefined;
}

function hiddenOf({ signal, onPartial, slot }: FrameRequestOptions): HiddenOptions {
  return { signal, onPartial, slot };
}

/** A property that is not enumerable is never sent to a worker with the other options. */
function withHidden<T extends object>(options: T, { signal, onPartial, slot }: HiddenOptions): T {
  return Object.defineProperties(options, {
    signal: { value: signal },
    onPartial: { value: onPartial },
    slot: { value: slot },
  });
}
