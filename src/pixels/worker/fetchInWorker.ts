import { applicationHooks } from '../../base/transport/transportHooks.js';
import { HookedRequest, whyUnserved } from '../../base/transport/HookedRequest.js';
import type { PreparedRequest } from '../../base/transport/HookedRequest.js';
import type { PageRequest } from '../../base/transport/request.js';
import { requestFailure } from '../../base/transport/requestFailure.js';
import { createFetchError } from '../wadors/fetchError.js';
import type { FetchedContent } from '../wadors/FetchedFrame.js';
import { FRAME_HEADERS, headersFor } from '../wadors/frameHeaders.js';
import { frameUrl } from '../wadors/frameUrl.js';
import type { FrameOutput } from './frameMessages.js';
import type { FrameWorkers } from './FrameWorkers.js';
import { workerAddress } from './workerAddress.js';
import { frameOutput, placePixels } from './workerOutput.js';
import { WorkerExchange } from './WorkerExchange.js';
import type { WorkerFetch } from './WorkerExchange.js';

/** Why the main thread has to fetch a frame. */
export interface LeftToPage {
  readonly reason: string;
  /** The request, where hooks have prepared it already. */
  readonly begun?: PageRequest | undefined;
}

/** A frame that a worker has fetched, or why it has not. */
export type WorkerResult =
  | { readonly content: FetchedContent; readonly reason: string }
  | { readonly content?: undefined; readonly leftToPage: LeftToPage };

/**
 * Fetches one frame in a frame worker, which writes native pixels into the target of the options. The
 * application's hooks are called, and the events of dicom-image-loader's transport triggered, as on the
 * main thread.
 *
 * @returns why the main thread has to fetch the frame, where it has to: there is no worker, only the page
 *   can fetch from the address, or a hook uses what only an XMLHttpRequest has
 * @throws StreamingVolumeError with code `frame-fetch` and the HTTP status, `frame-body`, `frame-size` or
 *   `value-out-of-range`; or `signal.reason`
 */
export async function fetchInWorker(
  workers: FrameWorkers,
  wanted: WorkerFetch,
): Promise<WorkerResult> {
  const { url, options, ownerSignal } = wanted;
  const reason = whyNotInWorker(workers, url);
  if (reason !== undefined) {
    return { leftToPage: { reason } };
  }
  const hooked = applicationHooks().length > 0 ? await prepareHooked(wanted) : undefined;
  const { onPage } = hooked ?? {};
  if (onPage) {
    return { leftToPage: { reason: onPage.reason, begun: onPage.request } };
  }
  const prepared = hooked?.prepared ?? preparedWithoutHooks(url);
  // Hooks take their time, and may have opened another address.
  const newReason = hooked && whyNotInWorker(workers, prepared.url);
  if (hooked && newReason !== undefined) {
    return { leftToPage: { reason: newReason, begun: hooked.moveToPage(newReason) } };
  }
  const address = workerAddress(prepared.url) as string;
  const output = frameOutput(options, workers);
  const exchange = new WorkerExchange(workers, { ...wanted, output, hooked });
  const outcome = await exchange.fetch({ ...prepared, url: address });
  if (!outcome) {
    return { leftToPage: { reason: workers.closedReason ?? 'a frame worker has ended' } };
  }
  const slot = ownerSignal.aborted ? undefined : options.slot;
  return {
    content:
      outcome.type === 'bytes'
        ? outcome
        : placePixels(outcome, output as FrameOutput, slot, workers),
    reason: describeHooks(hooked),
  };
}

/** Starts the workers when frames like this one are soon to be fetched there. */
export function startWorkersFor(workers: FrameWorkers, imageId: string): void {
  const isOurs = imageId.startsWith('wadors:');
  if (isOurs && whyNotInWorker(workers, frameUrl(imageId, {})) === undefined) {
    workers.start();
  }
}

function whyNotInWorker(workers: FrameWorkers, url: string): string | undefined {
  if (!workers.isOpen) {
    return workers.closedReason;
  }
  return workerAddress(url) === undefined
    ? 'only the page can fetch from an address that is not plain http or https'
    : whyUnserved();
}

async function prepareHooked({ url, imageId, signal }: WorkerFetch): Promise<HookedRequest> {
  const target = { url, imageId, headers: { ...FRAME_HEADERS }, params: {} };
  try {
    return await HookedRequest.prepare(target, signal);
  } catch (cause) {
    signal.throwIfAborted();
    throw createFetchError(imageId, requestFailure(cause), cause);
  }
}

function preparedWithoutHooks(url: string): PreparedRequest {
  return {
    url,
    headers: Object.entries(headersFor(url)),
    credentials: 'same-origin',
    timeoutMs: 0,
  };
}

function describeHooks(hooked: HookedRequest | undefined): string {
  return hooked
    ? `frame workers fetch, with the application's hooks (${hooked.hookNames.join(', ')})`
    : 'frame workers fetch';
}
