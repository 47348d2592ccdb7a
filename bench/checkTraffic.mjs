/**
 * Checks that a load did its work completely and only once: each frame was requested once and sent completely.
 *
 * @param {import('./page/task.js').Figures} figures
 * @param {import('./server/startBenchServer.mjs').FrameSource} series
 * @throws {Error}
 */
export function checkTraffic({ requests, framesSent, bytesSent }, series) {
  const { frameCount } = series;
  let expectedBytes = 0;
  for (let frame = 0; frame < frameCount; frame++) {
    expectedBytes += series.frame(frame)?.body.length ?? 0;
  }
  if (requests !== frameCount || framesSent !== frameCount || bytesSent !== expectedBytes) {
    throw new Error(
      `Expected ${frameCount} requests for ${expectedBytes} bytes, got ${requests} for ${bytesSent} bytes of ${framesSent} frames`,
    );
  }
}
