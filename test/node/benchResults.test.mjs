import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, test } from 'node:test';
import { checkTraffic } from '../../bench/checkTraffic.mjs';
import { checkWorkers } from '../../bench/checkWorkers.mjs';
import { formatComparison } from '../../bench/formatComparison.mjs';
import { formatFigures } from '../../bench/formatFigures.mjs';
import { formatTable } from '../../bench/formatTable.mjs';
import { median } from '../../bench/median.mjs';
import { parseResidentBytes } from '../../bench/observers/processMemory.mjs';
import { DOCUMENTS, withFigures } from '../../bench/renewFigures.mjs';
import { BenchSeries } from '../../bench/server/BenchSeries.mjs';
import { summarize } from '../../bench/summarize.mjs';

const WORKER = { thread: 'worker', reason: 'the application has no hooks' };
const MAIN = { thread: 'main thread', reason: 'a hook reads upload' };

/** @param {number[]} times */
const timesOf = (...times) => ({
  rounds: times.map((ms) => ({ ms, pageRequests: 0 })),
  transports: times.map(() => null),
  failures: [],
});
/** @param {Array<typeof WORKER>} transports */
const transportsOf = (...transports) => ({ ...timesOf(...transports.map(() => 1)), transports });
const FAILED = { rounds: [null], transports: [null], failures: ['round 1: no answer'] };
/** @type {Parameters<typeof summarize>[0]} */
const SUITE = { frames: 40, rows: [{ name: 'load', unit: 'ms', valueOf: ({ ms }) => ms }] };

describe('the median', () => {
  test('is the value in the middle, whatever their order', () => {
    assert.equal(median([100, 9, 30]), 30);
  });

  test('is the mean of the two in the middle', () => {
    assert.equal(median([4, 1, 2, 3]), 2.5);
  });

  test('leaves out what failed', () => {
    assert.equal(median([null, 7, null]), 7);
    assert.equal(median([null]), null);
    assert.equal(median([]), null);
  });
});

describe('the summary of a suite', () => {
  test('has medians, ratios and the values of each round', () => {
    const result = { floor: timesOf(10, 30, 20), builtin: timesOf(80), ours: timesOf(40) };
    assert.deepEqual(summarize(SUITE, result, { rounds: 3 }), [
      {
        name: 'load',
        unit: 'ms',
        ours: 40,
        builtin: 80,
        floor: 20,
        ratioToBuiltin: 0.5,
        ratioToFloor: 2,
        rounds: 3,
        frames: 40,
        transport: null,
        values: { floor: [10, 30, 20], builtin: [80], ours: [40] },
        pageRequests: { floor: [0, 0, 0], builtin: [0], ours: [0] },
        failures: [],
      },
    ]);
  });

  test('keeps four digits, and whole numbers', () => {
    const [row] = summarize(
      SUITE,
      { builtin: timesOf(3), ours: timesOf(20971520.4) },
      { rounds: 1 },
    );
    assert.equal(row?.ours, 20971520);
    const [small] = summarize(SUITE, { ours: timesOf(0.0123456) }, { rounds: 1 });
    assert.equal(small?.ours, 0.01235);
  });

  test('has no ratio to nothing, and 0 of something', () => {
    const [toZero] = summarize(SUITE, { builtin: timesOf(0), ours: timesOf(1) }, { rounds: 1 });
    assert.equal(toZero?.ratioToBuiltin, null);
    const [ofZero] = summarize(SUITE, { builtin: timesOf(5), ours: timesOf(0) }, { rounds: 1 });
    assert.equal(ofZero?.ratioToBuiltin, 0);
  });

  test('names what failed once, by variant', () => {
    const rows = [...SUITE.rows, { name: 'load-twice', unit: 'ms', valueOf: () => 1 }];
    const summaries = summarize({ ...SUITE, rows }, { builtin: FAILED }, { rounds: 1 });
    assert.deepEqual(
      summaries.map(({ failures, builtin }) => ({ failures, builtin })),
      [
        { failures: ['builtin, round 1: no answer'], builtin: null },
        { failures: [], builtin: null },
      ],
    );
  });
});

describe('the transport in a summary', () => {
  /** @param {Parameters<typeof summarize>[1]} result */
  const summaryOf = (result) => {
    const [row] = summarize(SUITE, result, { rounds: 2 });
    return { transport: row?.transport, failures: row?.failures };
  };

  test('is that of ours, also when a round does not say', () => {
    const ours = transportsOf(WORKER, WORKER);
    const failed = { ...FAILED, failures: [] };
    assert.deepEqual(summaryOf({ builtin: failed, ours }), { transport: WORKER, failures: [] });
    const half = {
      ...ours,
      rounds: [null, ...ours.rounds.slice(1)],
      transports: [null, WORKER],
    };
    assert.deepEqual(summaryOf({ ours: half }), { transport: WORKER, failures: [] });
    assert.deepEqual(summaryOf({ floor: timesOf(1) }), { transport: null, failures: [] });
  });

  test('fails when the rounds differ', () => {
    assert.deepEqual(summaryOf({ ours: transportsOf(WORKER, MAIN) }).failures, [
      'ours, fetched by worker and by main thread',
    ]);
  });

  test('has the requests of the page in each round', () => {
    const rounds = [{ ms: 1, pageRequests: 40 }, null];
    const builtin = { rounds, transports: [null, null], failures: [] };
    const [row] = summarize(SUITE, { builtin }, { rounds: 2 });
    assert.deepEqual(row?.pageRequests, { builtin: [40, null] });
  });
});

describe('the table', () => {
  /** @param {Parameters<typeof summarize>[1]} result */
  const cellsOf = (result) => {
    const lines = formatTable(summarize(SUITE, result, { rounds: 1 })).split('\n');
    return { cells: lines[2]?.split(/\s{2,}/), rest: lines.slice(3) };
  };

  test('has a line for each row, with how many times the built-in loader takes as long', () => {
    const result = { floor: timesOf(10), builtin: timesOf(60.25), ours: timesOf(20) };
    assert.deepEqual(cellsOf(result).cells, [
      'load',
      'ms',
      '20',
      '60.3',
      '10',
      '3.01',
      '2.00',
      '-',
    ]);
  });

  test('tells what failed from what has no floor', () => {
    const { cells, rest } = cellsOf({ builtin: FAILED, ours: timesOf(1500.4) });
    assert.deepEqual(cells, ['load', 'ms', '1500', 'failed', '-', '-', '-', '-']);
    assert.deepEqual(rest, ['FAILED load, builtin, round 1: no answer', '']);
  });

  test('says so when nothing of it is left', () => {
    const { cells } = cellsOf({ builtin: timesOf(5), ours: timesOf(0) });
    assert.deepEqual(cells, ['load', 'ms', '0', '5', '-', 'all', '-', '-']);
  });

  test('says what fetched the frames, and why when it was not a worker', () => {
    const { cells, rest } = cellsOf({ ours: transportsOf(WORKER) });
    assert.equal(cells?.at(-1), 'worker');
    assert.deepEqual(rest, ['']);
    const rows = [...SUITE.rows, { name: 'load-twice', unit: 'ms', valueOf: () => 1 }];
    const lines = formatTable(
      summarize({ ...SUITE, rows }, { ours: transportsOf(MAIN) }, { rounds: 1 }),
    ).split('\n');
    assert.match(lines[2] ?? '', /main thread$/);
    assert.deepEqual(lines.slice(4), ['main thread: a hook reads upload (load, load-twice)', '']);
  });
});

describe('the figures of the documentation', () => {
  /**
   * @param {string} bundler
   * @param {string[]} names
   * @returns {import('../../bench/resultsFile.mjs').Results}
   */
  const resultsOf = (bundler, ...names) => ({
    build: { bundler, minified: true, cornerstone: '5.14.0' },
    machine: {
      cores: 2,
      processor: 'Processor',
      memoryInGB: 8,
      platform: 'linux',
      node: 'v20',
      chromium: '150.0',
      date: '2026-01-02T03:04:05.678Z',
      loadAverage: { before: 0.1, after: 0.2 },
    },
    suites: names.flatMap((name) =>
      summarize(
        { frames: 40, rows: [{ name, unit: 'ms', valueOf: ({ ms }) => ms }] },
        {
          floor: timesOf(10),
          builtin: timesOf(60),
          ours: { ...timesOf(20), transports: [WORKER] },
        },
        { rounds: 1 },
      ),
    ),
  });

  test('are a table for each build, and one for the suites with hooks', () => {
    const webpack = resultsOf('webpack 5', 'load-shared', 'main-thread-hooks-busy', 'load-hooks');
    const text = formatFigures({
      webpack,
      vite: resultsOf('vite 8', 'load-hooks'),
      workstation: resultsOf('webpack 5', 'load-shared', 'load-hooks'),
    });
    const row = (/** @type {string} */ name) =>
      `| \`${name}\` | ms | 20 | 60 | 10 | 3.00 | 2.00 | worker |`;
    const lines = text.split('\n').filter((line) => /^(###|\| `)/.test(line));
    assert.deepEqual(lines, [
      '### Built by webpack',
      row('load-shared'),
      '### Built by webpack, with the hooks of OHIF',
      row('main-thread-hooks-busy'),
      row('load-hooks'),
      '### Built by Vite',
      row('load-hooks'),
      '### Built by webpack, with many cores and a graphics card',
      row('load-shared'),
      row('load-hooks'),
      '### Both machines',
      '| `load-shared` | 3.00 | 2.00 | 3.00 | 2.00 |',
      '| `load-hooks` | 3.00 | 2.00 | 3.00 | 2.00 |',
    ]);
    assert.match(text, /1 round with 40 frames, taken on 2026-01-02. Build: webpack 5, minified, /);
  });

  test('say what has drawn, where it is known, and in how many workers codecs have decoded', () => {
    const results = resultsOf('webpack 5', 'codecs-j2k');
    assert.doesNotMatch(formatFigures({ webpack: results }), /Drawn by|Decode workers/);
    const [suite] = results.suites;
    const text = formatFigures({
      webpack: {
        ...results,
        machine: { ...results.machine, graphics: { renderer: 'A card', flags: ['--a', '--b=c'] } },
        suites: suite ? [{ ...suite, decodeWorkers: 4 }] : [],
      },
    });
    assert.match(
      text,
      /after. Drawn by A card, with the flags `--a --b=c`. Decode workers of `codecs`: 4.\n/,
    );
  });

  test('have the ratios of both machines beside each other, of the suites that both have measured', () => {
    const text = formatFigures({
      webpack: resultsOf('webpack 5', 'load-shared', 'codecs-j2k'),
      workstation: resultsOf('webpack 5', 'load-shared'),
    });
    assert.deepEqual(text.slice(text.indexOf('### Both')).split('\n'), [
      '### Both machines',
      '',
      '| suite | built-in / ours, 2 cores | ours / floor, 2 cores | built-in / ours, 2 cores | ours / floor, 2 cores |',
      '| --- | ---: | ---: | ---: | ---: |',
      '| `load-shared` | 3.00 | 2.00 | 3.00 | 2.00 |',
    ]);
  });

  test('leave out what was not measured', () => {
    const text = formatFigures({ webpack: resultsOf('webpack 5', 'load-shared') });
    assert.deepEqual(text.match(/^###.*/gm), ['### Built by webpack']);
    assert.equal(formatFigures({}), '');
  });

  test('are compared in a short table, for each machine that was measured', () => {
    const text = formatComparison({
      webpack: resultsOf('webpack 5', 'load-shared', 'codecs-j2k', 'load-hooks'),
      workstation: resultsOf('webpack 5', 'load-shared'),
    });
    const [head, , ...rows] = text.split('\n');
    assert.equal(
      head,
      '|  | built-in, 2 cores | this package, 2 cores | it takes | built-in, 2 cores | this package, 2 cores | it takes |',
    );
    assert.deepEqual(rows, [
      '| Loading all frames | 60 ms | 20 ms | 3.0 times less | 60 ms | 20 ms | 3.0 times less |',
      '| Loading JPEG 2000 | 60 ms | 20 ms | 3.0 times less | - | - | - |',
    ]);
    for (const [ms, words] of [
      [120, '2.0 times more'],
      [61, 'the same'],
    ]) {
      const suites = summarize(
        { ...SUITE, rows: [{ name: 'load-shared', unit: 'ms', valueOf: (figures) => figures.ms }] },
        { builtin: timesOf(60), ours: timesOf(Number(ms)) },
        { rounds: 1 },
      );
      const table = formatComparison({ webpack: { ...resultsOf('webpack 5'), suites } });
      assert.equal(
        table.split('\n').at(-1),
        `| Loading all frames | 60 ms | ${ms} ms | ${words} |`,
      );
    }
    assert.equal(formatComparison({}), '');
  });

  for (const document of DOCUMENTS) {
    test(`are those of the results in ${path.basename(document)}: npm run bench -- --table`, async () => {
      assert.equal(await readFile(document, 'utf8'), await withFigures(document));
    });
  }
});

describe('the check of which thread requested frames', () => {
  const figures = { pageRequests: 0, workersStarted: 2, requests: 40 };

  test('takes frames that only workers asked for', () => {
    checkWorkers(figures, WORKER);
    checkWorkers(figures, null);
  });

  test('refuses those that the page asked for, with what the volume says of it', () => {
    assert.throws(() => checkWorkers({ ...figures, pageRequests: 1 }, MAIN), {
      message:
        'Expected workers to ask for all frames, but the page asked for 1 of 40 and started 2 workers (main thread: a hook reads upload)',
    });
    assert.throws(() => checkWorkers({ requests: 40, workersStarted: 2 }, WORKER), /undefined of/);
  });

  test('refuses a page without workers', () => {
    assert.throws(() => checkWorkers({ ...figures, workersStarted: 0 }, null), /no reason given/);
  });
});

describe('the memory of a process', () => {
  test('is read in bytes', () => {
    const status = 'Name:\tchromium\nVmHWM:\t    2048 kB\nVmRSS:\t    1024 kB\n';
    assert.deepEqual(parseResidentBytes(status), { now: 1048576, peak: 2097152 });
  });

  test('is not made up', () => {
    assert.throws(() => parseResidentBytes('VmRSS:\t 1 kB\n'), /Expected VmHWM/);
  });
});

describe('the check of what a load asked for', () => {
  const series = new BenchSeries(2, 1);
  const bytes = [0, 1].reduce((sum, frame) => sum + (series.frame(frame)?.body.length ?? 0), 0);

  test('takes each frame once', () => {
    checkTraffic({ requests: 2, framesSent: 2, bytesSent: bytes }, series);
  });

  test('takes ranges where they are allowed, but none twice', () => {
    const inRanges = { requests: 5, framesSent: 2, bytesSent: bytes };
    checkTraffic(inRanges, series, { inRanges: true });
    assert.throws(() => checkTraffic(inRanges, series), /Expected 2 requests/);
    for (const wrong of [{ requests: 1 }, { framesSent: 1 }, { bytesSent: bytes + 1 }]) {
      assert.throws(
        () => checkTraffic({ ...inRanges, ...wrong }, series, { inRanges: true }),
        /Expected 2 requests/,
      );
    }
  });

  test('refuses frames that were asked for twice, or were not sent', () => {
    const figures = { requests: 2, framesSent: 2, bytesSent: bytes };
    for (const wrong of [{ requests: 3 }, { framesSent: 1 }, { bytesSent: bytes - 1 }]) {
      assert.throws(() => checkTraffic({ ...figures, ...wrong }, series), /Expected 2 requests/);
    }
  });
});
