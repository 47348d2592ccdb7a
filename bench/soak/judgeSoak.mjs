/**
 * What was done in a cycle, and what was held after it, by name; see HANDLES and WORK.
 *
 * @typedef {Readonly<Record<string, number>>} Cycle
 *
 * The memory that is held after a garbage collection.
 *
 * @typedef {object} HeldMemory
 * @property {number} minutes since the start
 * @property {number} cycles that were done before
 * @property {number} heap of the page's JavaScript, in bytes
 * @property {number} [page] resident bytes of the page's process; undefined where they cannot be read
 * @property {number} [gpu] resident bytes of the process that draws; undefined where they cannot be read
 *
 * @typedef {object} SoakResult
 * @property {readonly Cycle[]} cycles
 * @property {readonly HeldMemory[]} memory the first after the first cycles, one at half of the time, the last after all
 * @property {Readonly<Record<string, number>>} faults how often the server has made each fault
 * @property {readonly string[]} complaints errors of the page and its workers in the console
 * @property {string} [failure] why the page could not go on, such as a wrong voxel
 */

/** Cycles whose handles all later ones are compared with; bench/page/scenarios/soak.ts has the same. */
export const FIRST_CYCLES = 3;

/** What may be held, by the name of its figure. */
export const HANDLES = {
  workers: 'live workers',
  textures: 'WebGL textures',
  cacheEntries: "entries of Cornerstone's cache",
  cacheBytes: "bytes of Cornerstone's cache",
  listeners: 'listeners on eventTarget',
  requests: 'pending requests of the page',
  responses: 'unfinished responses of the server',
  timers: 'pending timers of the page',
};

/** What every run must have done, by the name of its figure. */
export const WORK = {
  volumes: 'volumes',
  cancelled: 'cancelled loads',
  failed: 'failed frames',
  played: 'played time points',
};

/** How much the memory may grow after its baseline, in bytes; see baselineOf. */
export const MOST_GROWTH = { heap: 10e6, page: 60e6, gpu: 60e6 };

const OWNERS = {
  heap: "the page's JavaScript heap",
  page: "the page's process",
  gpu: 'the process that draws',
};

/**
 * Complaints that faults of the server bring about: Chromium tells of each response of status 503 or 416, and of each
 * connection that breaks.
 */
const EXPECTED =
  /^Failed to load resource: (the server responded with a status of (503|416)|net::ERR_)/;

/**
 * @param {SoakResult} result
 * @param {readonly string[]} expectedFaults names of faults that the server must have made
 * @returns {string[]} what is wrong; empty when nothing is
 */
export function judgeSoak({ cycles, memory, faults, complaints, failure }, expectedFaults = []) {
  const problems = failure === undefined ? [] : [`cycle ${cycles.length + 1} failed: ${failure}`];
  if (failure === undefined && cycles.length <= FIRST_CYCLES) {
    problems.push(
      `${cycles.length} cycles are too few: handles are compared with those of the first ${FIRST_CYCLES}`,
    );
  }
  problems.push(...judgeHandles(cycles), ...judgeMemory(memory));
  if (failure === undefined) {
    for (const [name, what] of Object.entries(WORK)) {
      if (!cycles.some((cycle) => (cycle[name] ?? 0) > 0)) problems.push(`there were no ${what}`);
    }
    for (const fault of expectedFaults) {
      if (!faults[fault]) problems.push(`the server never made the fault "${fault}"`);
    }
  }
  for (const complaint of new Set(complaints)) {
    if (!EXPECTED.test(complaint)) problems.push(`the console has: ${complaint}`);
  }
  return problems;
}

/** @param {readonly Cycle[]} cycles */
function judgeHandles(cycles) {
  const first = cycles.slice(0, FIRST_CYCLES);
  return Object.entries(HANDLES).flatMap(([name, what]) => {
    const most = Math.max(...first.map((cycle) => cycle[name] ?? 0));
    const index = cycles.findIndex((cycle) => (cycle[name] ?? 0) > most);
    if (index === -1) return [];
    const last = cycles.at(-1)?.[name];
    return `${what}: ${cycles[index]?.[name]} after cycle ${index + 1}, ${last} after the last, at most ${most} after the first ${FIRST_CYCLES}`;
  });
}

/** @param {readonly HeldMemory[]} memory */
function judgeMemory(memory) {
  return /** @type {const} */ (['heap', 'page', 'gpu']).flatMap((owner) => {
    const before = baselineOf(owner, memory)?.[owner];
    const after = memory.at(-1)?.[owner];
    if (before === undefined || after === undefined) return [];
    const growth = after - before;
    return growth > MOST_GROWTH[owner]
      ? [`${OWNERS[owner]} grew by ${inMB(growth)}, at most ${inMB(MOST_GROWTH[owner])} is allowed`]
      : [];
  });
}

/**
 * With which memory the last is compared: for the page, that of the first cycles. The process that draws reaches its
 * level late: with SwiftShader it grew by 80 MB in the first 30 cycles and by less than 10 MB in the 90 after them. Of
 * it only the second half of the cycles counts.
 *
 * @param {'heap' | 'page' | 'gpu'} owner
 * @param {readonly HeldMemory[]} memory
 */
function baselineOf(owner, memory) {
  const half = (memory.at(-1)?.cycles ?? 0) / 2;
  return owner === 'gpu' ? memory.find(({ cycles }) => cycles >= half) : memory[0];
}

/** @param {number} bytes */
export function inMB(bytes) {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
