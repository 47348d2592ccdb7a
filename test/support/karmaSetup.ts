/**
 * Runs before the specs in the browser. Karma's adapter drops the reason of a pending spec, so it
 * is carried over as a property of the spec, where the summary reporter finds it.
 */
const jasminePending = pending;

globalThis.pending = (reason) => {
  setSpecProperty('pendingReason', reason);
  jasminePending(reason);
};
