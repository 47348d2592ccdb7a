/**
 * Runs before the specs in the browser. Karma's adapter drops the reason of a pending spec, so it is copied
 * to a property of the spec for the summary reporter.
 */
const jasminePending = pending;

globalThis.pending = (reason) => {
  setSpecProperty('pendingReason', reason);
  jasminePending(reason);
};
