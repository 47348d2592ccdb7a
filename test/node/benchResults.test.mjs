import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { checkTraffic } from '../../bench/checkTraffic.mjs';
import { formatTable } from '../../bench/formatTable.mjs';
import { median } from '../../bench/median.mjs';
import { parseResidentBytes } from '../../bench/observers/processMemory.mjs';
import { BenchSeries } from '../../bench/server/BenchSeries.mjs';
import { summarize } from '../../bench/summarize.mjs';

/** @param {number[]} times */
const timesOf = (...times) => ({ rounds: times.map((ms) => ({ ms })), failures: [] });
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
        values: { floor: [10, 30, 20], builtin: [80], ours: [40] },
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
    const failed = { rounds: [null], failures: ['round 1: no answer'] };
    const summaries = summarize({ ...SUITE, rows }, { builtin: failed }, { rounds: 1 });
    assert.deepEqual(
      summaries.map(({ failures, builtin }) => ({ failures, builtin })),
      [
        { failures: ['builtin, round 1: no answer'], builtin: null },
        { failures: [], builtin: null },
      ],
    );
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
    assert.deepEqual(cellsOf(result).cells, ['load', 'ms', '20', '60.3', '10', '3.01', '2.00']);
  });

  test('tells what failed from what has no floor', () => {
    const failed = { rounds: [null], failures: ['round 1: no answer'] };
    const { cells, rest } = cellsOf({ builtin: failed, ours: timesOf(1500.4) });
    assert.deepEqual(cells, ['load', 'ms', '1500', 'failed', '-', '-', '-']);
    assert.deepEqual(rest, ['FAILED load, builtin, round 1: no answer', '']);
  });

  test('says so when nothing of it is left', () => {
    const { cells } = cellsOf({ builtin: timesOf(5), ours: timesOf(0) });
    assert.deepEqual(cells, ['load', 'ms', '0', '5', '-', 'all', '-']);
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

  test('refuses frames that were asked for twice, or were not sent', () => {
    const figures = { requests: 2, framesSent: 2, bytesSent: bytes };
    for (const wrong of [{ requests: 3 }, { framesSent: 1 }, { bytesSent: bytes - 1 }]) {
      assert.throws(() => checkTraffic({ ...figures, ...wrong }, series), /Expected 2 requests/);
    }
  });
});
