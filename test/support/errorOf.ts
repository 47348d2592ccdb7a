import { isStreamingVolumeError } from '../../src/index.js';
import type { StreamingVolumeError } from '../../src/index.js';

/** The error of this package that a promise rejects with; throws for any other end. */
export async function errorOf(promise: Promise<unknown>): Promise<StreamingVolumeError> {
  const error: unknown = await promise.catch((reason: unknown) => reason);
  if (!isStreamingVolumeError(error)) {
    throw new Error(`Expected an error of this package, got ${String(error)}`);
  }
  return error;
}

/** Every text of an error that is shown or logged. */
export function textsOf(error: StreamingVolumeError): string {
  const { message, stack, reasons, errors } = error;
  const ofReasons = reasons.map((reason) => JSON.stringify(reason));
  return [message, stack, String(error), ...ofReasons, ...errors.map(textsOf)].join('\n');
}
