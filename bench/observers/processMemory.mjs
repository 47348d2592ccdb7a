import { readFile, writeFile } from 'node:fs/promises';

/** Makes Linux reset the peak of a process (proc_pid_clear_refs(5)). */
const RESET_PEAK = '5';
const BYTES_PER_KIB = 1024;

/**
 * Resets the peak of a process to its current memory. The kernel keeps the peak, so no peak is missed and
 * reading it does not disturb the process.
 *
 * @param {number} pid
 */
export async function resetPeak(pid) {
  await writeFile(`/proc/${pid}/clear_refs`, RESET_PEAK);
}

/**
 * The current memory of a process, and its peak since the last reset.
 *
 * @param {number} pid
 * @returns {Promise<{ now: number, peak: number }>} bytes
 */
export async function readResidentBytes(pid) {
  return parseResidentBytes(await readFile(`/proc/${pid}/status`, 'utf8'));
}

/**
 * @param {string} status proc_pid_status(5)
 * @returns {{ now: number, peak: number }} bytes
 * @throws {Error} when a value is missing
 */
export function parseResidentBytes(status) {
  const read = (/** @type {string} */ field) => {
    const [, kilobytes] = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status) ?? [];
    if (kilobytes === undefined) throw new Error(`Expected ${field} in the status of a process`);
    return Number(kilobytes) * BYTES_PER_KIB;
  };
  return { now: read('VmRSS'), peak: read('VmHWM') };
}
