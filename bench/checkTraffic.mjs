/**
 * Checks that a load did its work completely and only once: each frame was requested once and sent completely.
 *
 * @param {import('./page/task.js').Figures} figures
 * @param {import('./server/startBenchServer.mjs').FrameSource} series
 * @param {{ inRanges?: boolean }} [options] `inRanges`: whether a frame may be requested in several ranges, none
 *   of them twice; default: false
 * @throws {Error}
 */
export function checkTraffic(
  { requests, framesSent, bytesSent },
  series,
  { inRanges = false } = {},
) {
  const { frameCount } = series;
  let expectedBytes = 0;
  for (let frame = 0; frame < frameCount; frame++) {
    expectedBytes += series.frame(frame)?.body.length ?? 0;
  }
  const isRequested = inRanges ? (requests ?? 0) >= frameCount : requests === frameCount;
  if (!isRequested || framesSent !== frameCount || bytesSent !== expectedBytes) {
    throw new Error(
      `Expected ${frameCount} requests for ${expectedBytes} bytes, got ${requests} for ${bytesSent} bytes of ${framesSent} frames`,
    );
  }
}
