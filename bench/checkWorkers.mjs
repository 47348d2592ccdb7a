/**
 * Holds that workers fetched all frames.
 *
 * @param {import('./page/task.js').Figures} figures
 * @param {import('./page/task.js').Transport | null} transport what the volume says of it
 * @throws {Error} when the page itself asked for a frame, or has started no worker
 */
export function checkWorkers({ pageRequests, workersStarted, requests }, transport) {
  if (pageRequests !== 0 || !workersStarted) {
    const reason = transport ? `${transport.thread}: ${transport.reason}` : 'no reason given';
    throw new Error(
      `Expected workers to ask for all frames, but the page asked for ${pageRequests} of ${requests} and started ${workersStarted} workers (${reason})`,
    );
  }
}
