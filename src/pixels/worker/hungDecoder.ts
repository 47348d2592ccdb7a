import type { FrameJobOptions, FrameWorkerHung } from './FrameWorkerClient.js';
import type { FrameOutcome, FrameOutput, FrameRequest } from './frameMessages.js';

/** The cause of the error of a frame that a decoder has not returned from: the same happens with each try. */
export class DecoderHung extends Error {
  constructor() {
    super('The decoder did not return');
  }
}

/** How a frame ends that a worker has hung in before. */
export function hungOutcome(imageId: string): FrameOutcome {
  const message =
    'The decoder did not return from a frame, and its frame worker was ended. ' +
    `The frame may be damaged, and is not tried again until the page is loaded anew (${imageId})`;
  const fault = {
    kind: 'frame',
    code: 'frame-timeout',
    message,
    cause: new DecoderHung(),
  } as const;
  return { type: 'failed', fault };
}

/**
 * The request of a frame for another worker, after the first one was ended because of another frame.
 *
 * @returns undefined where its bytes are lost
 */
export function requestAnew(
  request: FrameRequest,
  { ownerSignal, copyBody }: FrameJobOptions,
  { hasShownPartial }: FrameWorkerHung,
): FrameRequest | undefined {
  let { source, output, partial } = request;
  if ('transferSyntax' in source) {
    const body = copyBody?.();
    if (!body) {
      return undefined;
    }
    source = { ...source, body };
  }
  // It went to the worker.
  output = output && { ...output, spare: undefined };
  if (hasShownPartial) {
    partial = undefined;
  }
  // As the first worker was told: the page writes into the slot, or the volume has gone.
  return hasShownPartial || ownerSignal.aborted
    ? { ...request, source, partial, output: withoutMemory(output) }
    : { ...request, source, output };
}

/** The output of a frame that comes with the report. */
export function withoutMemory(output: FrameOutput | undefined): FrameOutput | undefined {
  const { memory: _, ...rest } = output ?? {};
  return output && (rest as FrameOutput);
}
