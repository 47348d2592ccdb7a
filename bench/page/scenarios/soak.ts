import { fetchSeries } from '../fetchSeries.js';
import type { Series } from '../fetchSeries.js';
import { pause } from '../pause.js';
import { HandleSpy } from '../soak/HandleSpy.js';
import type { Handles } from '../soak/HandleSpy.js';
import {
  abortBySignal,
  cancelAndResume,
  loadAndDraw,
  loadCompressed,
  loadFiles,
  loadWithFaults,
  NOTHING,
  playWhileLoading,
  prefetchAndTakeOver,
  removeWhileLoading,
  reopenFromImages,
} from '../soak/work.js';
import type { Tally } from '../soak/work.js';
import { registerHeaders } from '../volumes.js';
import { drawLoaded } from './drawLoaded.js';
import type { Scenario } from './Scenario.js';

/** Series of the server besides the measured one, by their names there (bench/soak/startSoakServer.mjs). */
const COMPRESSED = ['rle', 'jpegls', 'jpeg-lossless-sv1', 'j2k', 'htj2k'];
const FAULTY = 'faulty';
const DYNAMIC = 'time-points';

/** Cycles whose handles all later ones are compared with; bench/soak/judgeSoak.mjs has the same. */
const FIRST_CYCLES = 3;
/** The moments of a load at which it is interrupted, in ms, one in each cycle. */
const INTERRUPTS = [0, 4, 12, 30];

const LOOK_INTERVAL_MS = 50;
/** Longer than workers wait for another frame before they end. */
const STILL_MS = 800;
const SETTLE_LIMIT_MS = 8000;

/**
 * Each measurement is a cycle of everything that a viewer does to volumes: load, draw, cancel, remove, abort, prefetch,
 * reopen, faults of the server, DICOM files, compressed frames, and playing time points. Its figures are what was done, and what is held after it.
 */
export const soak: Scenario = {
  begin: (series) => {
    const errors: string[] = [];
    let others: Others;
    let spy: HandleSpy;
    let cycles = 0;
    /** The most that was held after one of the first cycles. */
    let most: Handles | undefined;
    return {
      prepare: async () => {
        others = await fetchOthers();
        addEventListener('error', ({ message }) => errors.push(message));
        addEventListener('unhandledrejection', ({ reason }) => errors.push(String(reason)));
        spy = new HandleSpy();
      },
      measure: async () => {
        const tally = await runCycle(series, others, INTERRUPTS[cycles % INTERRUPTS.length] ?? 0);
        const isFirst = cycles < FIRST_CYCLES;
        const handles = await settle(spy, isFirst ? undefined : most);
        if (isFirst) {
          most = most ? combine(most, handles, Math.max) : handles;
        }
        cycles += 1;
        if (errors.length > 0) {
          throw new Error(`Nothing handles ${errors.join('; ')}`);
        }
        return { ...tally, ...handles };
      },
    };
  },
  warmUp: drawLoaded,
};

interface Others {
  readonly compressed: readonly Series[];
  readonly faulty: Series;
  readonly dynamic: Series;
}

async function fetchOthers(): Promise<Others> {
  const open = async (name: string): Promise<Series> => {
    const series = await fetchSeries(`/series/${name}`);
    registerHeaders(series);
    return series;
  };
  return {
    compressed: await Promise.all(COMPRESSED.map(open)),
    faulty: await open(FAULTY),
    dynamic: await open(DYNAMIC),
  };
}

async function runCycle(
  series: Series,
  { compressed, faulty, dynamic }: Others,
  interruptMs: number,
): Promise<Tally> {
  const tallies = [
    await loadAndDraw(series),
    await cancelAndResume(series, interruptMs),
    await removeWhileLoading(series, interruptMs),
    await abortBySignal(series, interruptMs),
    await prefetchAndTakeOver(series, interruptMs),
    await reopenFromImages(series),
    await loadWithFaults(faulty),
    await loadFiles(series, interruptMs),
    await playWhileLoading(dynamic),
  ];
  for (const each of compressed) {
    tallies.push(await loadCompressed(each));
  }
  return tallies.reduce((sum, each) => combine(sum, each, (a, b) => a + b), NOTHING);
}

/**
 * Waits until nothing more is held than `most`, or without it until what is held stays as it is; not for ever.
 *
 * @returns what is held then
 */
async function settle(spy: HandleSpy, most: Handles | undefined): Promise<Handles> {
  const end = performance.now() + SETTLE_LIMIT_MS;
  let handles = spy.read();
  let since = performance.now();
  while (performance.now() < end) {
    const isSettled = most
      ? isSame(combine(most, handles, Math.max), most)
      : performance.now() - since >= STILL_MS;
    if (isSettled) {
      break;
    }
    await pause(LOOK_INTERVAL_MS);
    const now = spy.read();
    if (!isSame(now, handles)) {
      handles = now;
      since = performance.now();
    }
  }
  return handles;
}

function isSame(one: Handles, other: Handles): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** The figures of both, by name. */
function combine<T extends Readonly<Record<string, number>>>(
  one: T,
  other: T,
  of: (a: number, b: number) => number,
): T {
  const figures = Object.keys(one).map((name) => [name, of(one[name] ?? 0, other[name] ?? 0)]);
  return Object.fromEntries(figures) as T;
}
