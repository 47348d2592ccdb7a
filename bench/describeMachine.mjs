import os from 'node:os';

/**
 * The machine of the figures. The load average is read before and after, as it shows other work on the machine.
 *
 * @param {{ chromium: string, graphics: import('./browser/launchBrowser.mjs').Graphics, loadBefore: number }}
 *   options `loadBefore` is the load average of a minute
 */
export function describeMachine({ chromium, graphics, loadBefore }) {
  const cpus = os.cpus();
  return {
    cores: cpus.length,
    processor: cpus[0]?.model ?? 'unknown',
    memoryInGB: Number((os.totalmem() / 1e9).toFixed(1)),
    platform: `${os.platform()} ${os.release()}`,
    node: process.version,
    chromium,
    graphics,
    date: new Date().toISOString(),
    loadAverage: { before: round(loadBefore), after: round(os.loadavg()[0] ?? 0) },
  };
}

/** @param {number} value */
function round(value) {
  return Number(value.toFixed(2));
}
