/**
 * What is used of an event of the browser's tracing.
 *
 * @typedef {object} TraceEvent
 * @property {string} name
 * @property {number} pid
 * @property {number} tid
 * @property {number} [dur] microseconds
 * @property {{ name?: string, data?: { frames?: Array<{ url?: string, processId?: number }> } }} [args]
 */

/**
 * @param {Buffer} trace JSON as the browser gives it
 * @returns {TraceEvent[]}
 */
export function readTrace(trace) {
  return JSON.parse(trace.toString()).traceEvents;
}
