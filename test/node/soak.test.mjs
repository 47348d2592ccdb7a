import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { describe, it } from 'node:test';
import { BenchSeries } from '../../bench/server/BenchSeries.mjs';
import { FrameTraffic } from '../../bench/server/FrameTraffic.mjs';
import { startBenchServer } from '../../bench/server/startBenchServer.mjs';
import { FAULT_NAMES, FaultySeries } from '../../bench/soak/FaultySeries.mjs';
import {
  FIRST_CYCLES,
  HANDLES,
  judgeSoak,
  MOST_GROWTH,
  WORK,
} from '../../bench/soak/judgeSoak.mjs';

/** @typedef {import('../../bench/soak/judgeSoak.mjs').SoakResult} SoakResult */

/**
 * @param {readonly string[]} names
 * @param {number} value
 */
const figures = (names, value) => Object.fromEntries(names.map((name) => [name, value]));

const CYCLE = { ...figures(Object.keys(WORK), 1), ...figures(Object.keys(HANDLES), 2) };
const FAULTS = figures(FAULT_NAMES, 1);
const HELD = { minutes: 0, cycles: FIRST_CYCLES, heap: 20e6, page: 200e6, gpu: 100e6 };

/** @type {SoakResult} */
const SOUND = {
  cycles: Array.from({ length: FIRST_CYCLES + 2 }, () => CYCLE),
  memory: [HELD, { ...HELD, minutes: 1 }],
  faults: FAULTS,
  complaints: [],
};

/** @param {Partial<SoakResult>} change */
const judge = (change) => judgeSoak({ ...SOUND, ...change }, FAULT_NAMES);

describe('The verdict of the soak', () => {
  it('finds nothing in a sound run', () => {
    assert.deepEqual(judge({}), []);
  });

  for (const [name, what] of Object.entries(HANDLES)) {
    it(`finds ${what} above the most of the first cycles`, () => {
      const late = [...SOUND.cycles.slice(0, -1), { ...CYCLE, [name]: 3 }];
      assert.deepEqual(judge({ cycles: late }), [
        `${what}: 3 after cycle 5, 3 after the last, at most 2 after the first 3`,
      ]);
    });

    it(`takes ${what} up to the most of the first cycles`, () => {
      const more = { ...CYCLE, [name]: 4 };
      assert.deepEqual(judge({ cycles: [CYCLE, more, CYCLE, CYCLE, more] }), []);
    });
  }

  it('finds a handle that is back at its old number in the end', () => {
    const cycles = [...SOUND.cycles, { ...CYCLE, workers: 7 }, CYCLE];
    assert.match(judge({ cycles }).join(), /^live workers: 7 after cycle 6, 2 after the last/);
  });

  for (const owner of /** @type {const} */ (['heap', 'page', 'gpu'])) {
    it(`finds memory that has grown beyond its bound: ${owner}`, () => {
      const grown = (/** @type {number} */ bytes) =>
        judge({ memory: [HELD, { ...HELD, [owner]: HELD[owner] + bytes }] });
      assert.deepEqual(grown(MOST_GROWTH[owner]), []);
      assert.match(grown(MOST_GROWTH[owner] + 1).join(), / grew by \d+\.0 MB, at most /);
    });
  }

  it('takes memory that has grown and is given back', () => {
    const peak = { ...HELD, page: HELD.page + 2 * MOST_GROWTH.page };
    assert.deepEqual(judge({ memory: [HELD, peak, HELD] }), []);
  });

  it('counts the process that draws from half of the cycles on', () => {
    const late = (/** @type {number[]} */ ...gpu) =>
      judge({
        memory: gpu.map((bytes, index) => ({ ...HELD, cycles: 3 + 10 * index, gpu: bytes })),
      });
    assert.deepEqual(late(100e6, 180e6, 190e6, 185e6), []);
    assert.match(
      late(100e6, 180e6, 210e6, 271e6).join(),
      /^the process that draws grew by 61\.0 MB/,
    );
  });

  it('needs no memory of processes, which not every system tells', () => {
    const { minutes, cycles, heap } = HELD;
    assert.deepEqual(judge({ memory: [HELD, { minutes, cycles, heap }] }), []);
  });

  it('finds errors of the page', () => {
    assert.deepEqual(judge({ failure: 'Slice 3 has other voxels than the server' }), [
      'cycle 6 failed: Slice 3 has other voxels than the server',
    ]);
    assert.deepEqual(judge({ complaints: ['TypeError: no', 'TypeError: no'] }), [
      'the console has: TypeError: no',
    ]);
  });

  it('expects what Chromium says of the faults of the server', () => {
    const complaints = [
      'Failed to load resource: the server responded with a status of 503 (Service Unavailable)',
      'Failed to load resource: net::ERR_EMPTY_RESPONSE',
    ];
    assert.deepEqual(judge({ complaints }), []);
    const missing =
      'Failed to load resource: the server responded with a status of 404 (Not Found)';
    assert.deepEqual(judge({ complaints: [missing] }), [`the console has: ${missing}`]);
  });

  for (const [name, what] of Object.entries(WORK)) {
    it(`refuses a run without ${what}`, () => {
      const cycles = SOUND.cycles.map((cycle) => ({ ...cycle, [name]: 0 }));
      assert.deepEqual(judge({ cycles }), [`there were no ${what}`]);
    });
  }

  it('refuses a run with too few cycles, or without a fault', () => {
    assert.match(
      judge({ cycles: SOUND.cycles.slice(0, FIRST_CYCLES) }).join(),
      /^3 cycles are too few/,
    );
    assert.deepEqual(judge({ faults: { ...FAULTS, html: 0 } }), [
      'the server never made the fault "html"',
    ]);
  });
});

describe('A series with faults', () => {
  const FRAMES = 6;

  it('answers the first request of a frame with a fault, and the second as it should', async () => {
    const series = new BenchSeries(FRAMES, 1, { size: 16 });
    const faulty = new FaultySeries(series);
    const server = await startBenchServer({
      pageFolder: import.meta.dirname,
      isolated: true,
      protocol: 'http/1.1',
      series: { faulty },
    });
    /** @param {number} frame */
    const get = async (frame) => {
      const url = `${server.origin}/series/faulty/instances/1.${frame + 1}/frames/1`;
      try {
        const response = await fetch(url);
        const body = Buffer.from(await response.arrayBuffer());
        const isWhole = body.equals(series.frame(frame)?.body ?? Buffer.alloc(0));
        return `${response.status} ${isWhole ? 'whole' : 'other'}`;
      } catch {
        return 'closed';
      }
    };
    const getAll = async () => {
      const answers = [];
      for (let frame = 0; frame < FRAMES; frame++) answers.push(await get(frame));
      return answers;
    };
    const whole = Array.from({ length: FRAMES }, () => '200 whole');
    const faults = ['200 whole', '503 other', 'closed', '416 other', '200 other', '200 other'];
    try {
      assert.deepEqual(await getAll(), faults);
      assert.deepEqual(faulty.counts, figures(FAULT_NAMES, 1));
      assert.deepEqual(await getAll(), whole);
      faulty.start();
      assert.deepEqual(await getAll(), faults);
    } finally {
      await server.close();
    }
  });
});

describe('The traffic of the server', () => {
  it('has a response under way until it is sent or its client is gone', () => {
    const traffic = new FrameTraffic();
    const [one, other] = [new EventEmitter(), new EventEmitter()];
    for (const response of [one, other]) {
      const answer = /** @type {import('node:http').ServerResponse} */ (
        /** @type {unknown} */ (response)
      );
      traffic.count('/frames/1', 2, { start: 0, end: 2 }, answer);
    }
    assert.equal(traffic.underWay, 2);
    one.emit('finish');
    one.emit('close');
    other.emit('close');
    assert.equal(traffic.underWay, 0);
    assert.equal(traffic.figures.framesSent, 1);
  });
});
