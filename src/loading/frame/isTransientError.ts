import type { StreamingVolumeError } from '../../base/errors.js';

/** Request Timeout and Too Many Requests (RFC 9110 15.5.9, RFC 6585 4); 0 stands for no response. */
const TRANSIENT_STATUS = new Set([0, 408, 429]);

/** What browsers say when `fetch`, which loaders of applications use, finds no network. */
const FETCH_FAILURE = /failed to fetch|networkerror|load failed/i;

/**
 * Whether the same request may succeed later: the network failed, the server was busy or took too long.
 * What the server refuses, and what arrives but is not the frame, stays as it is.
 */
export function isTransientError({ code, status, cause }: StreamingVolumeError): boolean {
  if (code === 'frame-timeout') {
    return true;
  }
  if (code !== 'frame-fetch') {
    return false;
  }
  if (status !== undefined) {
    return TRANSIENT_STATUS.has(status) || (status >= 500 && status !== 501 && status !== 505);
  }
  return cause instanceof TypeError && FETCH_FAILURE.test(cause.message);
}
