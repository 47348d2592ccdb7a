/**
 * Checks that workers fetched all frames.
 *
 * @param {import('./page/task.js').Figures} figures
 * @param {import('./page/task.js').Transport | null} transport `volume.transport`
 * @throws {Error} when the page itself requested a frame, or has started no worker
 */
export function checkWorkers({ pageRequests, workersStarted, requests }, transport) {
  if (pageRequests !== 0 || !workersStarted) {
    const reason = transport ? `${transport.thread}: ${transport.reason}` : 'no reason given';
    throw new Error(
      `Expected workers to ask for all frames, but the page asked for ${pageRequests} of ${requests} and started ${workersStarted} workers (${reason})`,
    );
  }
}
