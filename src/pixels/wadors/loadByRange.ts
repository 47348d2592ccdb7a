import { isStreamingVolumeError } from '../../base/errors.js';
import type { VolumeTransport } from '../../base/types.js';
import { epochNow, timesNow } from '../DecodedFrame.js';
import type { DecodedFrame, FrameOptions } from '../DecodedFrame.js';
import type { FrameDescription } from '../describeFrame.js';
import { decodePartial } from '../progressive/decodePartial.js';
import { reduceCodestream } from '../progressive/reduceCodestream.js';
import { fetchFrameRange, fetchWholeFrame } from './frameRanges.js';
import type { FrameBytes } from './frameRanges.js';
import { beginningOfFrame, readFrameBody } from './multipartFrame.js';
import type { FrameBody } from './multipartFrame.js';
import type { FrameRange } from './retrieveOptions.js';

/** A frame of which a part is requested. */
export interface RangeLoad {
  readonly url: string;
  readonly imageId: string;
  readonly description: FrameDescription;
  /** `streamingData` keeps the bytes from one request of the frame to the next. */
  readonly options: FrameOptions;
  readonly range: FrameRange;
  readonly signal: AbortSignal;
  readonly transport: VolumeTransport;
}

/**
 * Requests the bytes of a frame up to the end of a range, and makes of them what they give: the whole frame, or one of
 * lower quality. Where they give nothing, the rest is requested too.
 *
 * @param finish - decodes the whole frame
 * @throws StreamingVolumeError as `finish` does, with code `frame-fetch` or `frame-body`, or `signal.reason`
 */
export async function loadByRange(
  load: RangeLoad,
  finish: (content: FrameBody) => Promise<DecodedFrame>,
): Promise<DecodedFrame> {
  const { imageId, description, options, range, signal, transport } = load;
  const streamingData = (options['streamingData'] ?? {}) as { frameBytes?: FrameBytes };
  const requestedAt = options.trace === true ? epochNow() : undefined;
  let receivedAt = 0;
  const receive = async (bytes: Promise<FrameBytes>): Promise<FrameBytes> => {
    const received = await bytes;
    receivedAt = epochNow();
    streamingData.frameBytes = received;
    return received;
  };
  const told = (frame: DecodedFrame): DecodedFrame => ({
    ...frame,
    transport,
    times: requestedAt === undefined ? undefined : timesNow(requestedAt, receivedAt),
  });
  let received = await receive(fetchFrameRange(streamingData.frameBytes, range.end, load));
  if (!received.isComplete) {
    const frame = await decodeBeginning(load, received);
    if (frame) {
      return told(frame);
    }
    received = await receive(fetchFrameRange(received, undefined, load));
  }
  for (;;) {
    try {
      const { bytes, contentType } = received;
      return told(
        await finish(readFrameBody(bytes, contentType, description.nativeLength, imageId)),
      );
    } catch (error) {
      // Bytes of two versions may have been joined.
      if (!received.isJoined || !isStreamingVolumeError(error) || signal.aborted) {
        throw error;
      }
    } finally {
      delete streamingData.frameBytes;
    }
    received = await receive(fetchWholeFrame(load));
  }
}

/** @returns undefined where nothing can be shown */
async function decodeBeginning(
  { imageId, description, range, signal }: RangeLoad,
  { bytes }: FrameBytes,
): Promise<DecodedFrame | undefined> {
  try {
    const frame = beginningOfFrame(bytes);
    const reduced = frame && reduceCodestream(frame, range.leastMissing);
    return reduced && (await decodePartial(imageId, reduced, description.layout, signal));
  } catch (error) {
    // Reading behind the end of a damaged header is a RangeError.
    if (isStreamingVolumeError(error) || error instanceof RangeError) {
      // A damaged frame: what is wrong with it, the whole one tells.
      return undefined;
    }
    throw error;
  }
}
