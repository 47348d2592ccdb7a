import { readFile, writeFile } from 'node:fs/promises';

/** Asks Linux to forget the peak of a process (proc_pid_clear_refs(5)). */
const RESET_PEAK = '5';
const BYTES_PER_KIB = 1024;

/**
 * Lets the peak of a process begin anew at what it has now. The kernel keeps it, so that none is missed
 * between two looks and the process is not disturbed.
 *
 * @param {number} pid
 */
export async function resetPeak(pid) {
  await writeFile(`/proc/${pid}/clear_refs`, RESET_PEAK);
}

/**
 * The memory that a process has, and the most that it had since the last reset.
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
 * @throws {Error} when it does not say
 */
export function parseResidentBytes(status) {
  const read = (/** @type {string} */ field) => {
    const [, kilobytes] = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status) ?? [];
    if (kilobytes === undefined) throw new Error(`Expected ${field} in the status of a process`);
    return Number(kilobytes) * BYTES_PER_KIB;
  };
  return { now: read('VmRSS'), peak: read('VmHWM') };
}
