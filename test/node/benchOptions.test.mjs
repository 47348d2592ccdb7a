import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parseOptions } from '../../bench/parseOptions.mjs';
import { resultsFile } from '../../bench/resultsFile.mjs';
import { selectSuites } from '../../bench/selectSuites.mjs';
import { createSuites } from '../../bench/suites/createSuites.mjs';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));
const NAMES = ['load-shared', 'load-plain', 'load-rendered-shared', 'loading', 'scale-150'];
const SUITES = NAMES.map((name) => ({ name }));

describe('the options of the measurements', () => {
  test('are all suites, 300 frames, 5 rounds and a build as people make it when nothing is said', () => {
    assert.deepEqual(parseOptions([]), {
      suites: [],
      skipped: [],
      frames: 300,
      rounds: 5,
      cores: undefined,
      gpu: undefined,
      bundler: 'webpack',
      minify: true,
      output: undefined,
      table: false,
    });
  });

  test('are read from the command line', () => {
    const args = ['--suite', 'load', '--suite=scale', '--frames', '40', '--rounds', '1'];
    const more = ['--bundler', 'vite', '--no-minify', '--output', 'x.json', '--skip', 'scale-20'];
    const machine = ['--cores', '4', '--gpu', '--use-gl=angle  --enable-gpu'];
    assert.deepEqual(parseOptions([...args, ...more, ...machine]), {
      suites: ['load', 'scale'],
      skipped: ['scale-20'],
      frames: 40,
      rounds: 1,
      cores: 4,
      gpu: ['--use-gl=angle', '--enable-gpu'],
      bundler: 'vite',
      minify: false,
      output: 'x.json',
      table: false,
    });
    assert.equal(parseOptions(['--table']).table, true);
  });

  test('take the flags of the browser also after an equals sign', () => {
    assert.deepEqual(parseOptions(['--gpu=--use-angle=gl', '--rounds', '1']).gpu, [
      '--use-angle=gl',
    ]);
  });

  test('refuse flags of the browser that are none, and a number of decode workers that is none', () => {
    for (const text of ['', 'vulkan', '--use-angle=gl vulkan']) {
      assert.throws(() => parseOptions(['--gpu', text]), {
        message: `Expected --gpu to be flags of the browser, such as --use-angle=gl, got ${text}`,
      });
    }
    assert.throws(() => parseOptions(['--gpu']), /--gpu/);
    assert.throws(() => parseOptions(['--cores', '0']), /--cores to be a number from 1 to 64/);
  });

  test('refuse a bundler that is not known', () => {
    assert.throws(() => parseOptions(['--bundler', 'parcel']), {
      message: 'Expected --bundler to be webpack or vite, got parcel',
    });
  });

  test('say where the results go: each build has a file of its own, and so has the graphics card', () => {
    const gpu = '--gpu=--use-angle=gl';
    const files = [
      [],
      ['--bundler=vite'],
      ['--no-minify'],
      ['--bundler=vite', '--no-minify'],
      [gpu],
      [gpu, '--bundler=vite'],
      [gpu, '--no-minify'],
    ].map((args) => path.relative(REPOSITORY, resultsFile(parseOptions(args))));
    assert.deepEqual(files, [
      path.join('bench', 'results.json'),
      path.join('bench', 'results.vite.json'),
      path.join('.cache', 'bench', 'results.webpack-unminified.json'),
      path.join('.cache', 'bench', 'results.vite-unminified.json'),
      path.join('bench', 'results.workstation.json'),
      path.join('.cache', 'bench', 'results.vite-gpu.json'),
      path.join('.cache', 'bench', 'results.webpack-unminified-gpu.json'),
    ]);
  });

  for (const text of ['0', '19', '1025', '40.5', '4e1', '', 'many']) {
    test(`refuse --frames ${text}`, () => {
      assert.throws(() => parseOptions(['--frames', text]), {
        message: `Expected --frames to be a number from 20 to 1024, got ${text}`,
      });
    });
  }

  test('refuse a round less than one, and a name that is not known', () => {
    assert.throws(() => parseOptions(['--rounds', '0']), /--rounds to be a number from 1 to 1000/);
    assert.throws(() => parseOptions(['--round', '1']), /round/);
  });
});

describe('the choice of suites', () => {
  const choose = (/** @type {string[]} */ ...names) =>
    selectSuites(SUITES, names).map(({ name }) => name);

  test('is all when none is named', () => {
    assert.deepEqual(choose(), NAMES);
  });

  test('goes by whole words from the beginning, in the order of the table', () => {
    assert.deepEqual(choose('load'), ['load-shared', 'load-plain', 'load-rendered-shared']);
    assert.deepEqual(choose('scale', 'load-plain'), ['load-plain', 'scale-150']);
    assert.deepEqual(choose('load-rendered'), ['load-rendered-shared']);
  });

  test('leaves out what is not wanted, by the same words', () => {
    const names = (/** @type {string[]} */ wanted, /** @type {string[]} */ ...skipped) =>
      selectSuites(SUITES, wanted, skipped).map(({ name }) => name);
    assert.deepEqual(names([], 'load'), ['loading', 'scale-150']);
    assert.deepEqual(names(['load'], 'load-rendered'), ['load-shared', 'load-plain']);
    assert.throws(() => names([], 'plain'), /There is no suite plain, but load-shared/);
  });

  test('names what there is when a name fits nothing', () => {
    assert.throws(() => choose('load', 'plain'), {
      message: `There is no suite plain, but ${NAMES.join(', ')}`,
    });
  });
});

describe('the suites', () => {
  const suites = createSuites({ frames: 300 });

  test('have rows whose names are their own, which begin as the suite does', () => {
    const names = suites.flatMap(({ rows }) => rows.map(({ name }) => name));
    assert.equal(new Set(names).size, names.length);
    for (const { name, rows } of suites) {
      assert.ok(rows.length > 0);
      assert.ok(rows.every((row) => row.name.startsWith(name)));
    }
  });

  test('scale from half to four times the frames', () => {
    const counts = selectSuites(suites, ['scale']).map(({ frames }) => frames);
    assert.deepEqual(counts, [150, 300, 600, 1200]);
  });

  test('with hooks need what the hooks give, and workers that fetch all frames', () => {
    const withHooks = suites.filter(({ connection }) => connection.frameHeaders);
    assert.deepEqual(
      withHooks.map(({ name }) => name),
      ['load-hooks', 'main-thread-hooks', 'memory-hooks'],
    );
    for (const { name, connection, fetchedByWorkers, scenario } of withHooks) {
      assert.match(connection.frameHeaders?.['Authorization'] ?? '', /^Bearer ./);
      assert.match(connection.frameHeaders?.['Accept'] ?? '', /^multipart\/related;/);
      assert.equal(fetchedByWorkers, true);
      const { frameHeaders: _, ...rest } = connection;
      const same = suites.find((each) => each.name === name.replace('hooks', 'shared'));
      assert.deepEqual([rest, scenario], [same?.connection, same?.scenario]);
    }
  });

  test('decode in as many workers as --cores says, and otherwise in the default of each loader', () => {
    const withCores = createSuites({ frames: 300, cores: 4 }).filter((each) => each.decodeWorkers);
    assert.equal(withCores.length, 10);
    assert.ok(
      withCores.every(
        ({ name, decodeWorkers }) => name.startsWith('codecs-') && decodeWorkers === 4,
      ),
    );
    assert.ok(suites.every(({ decodeWorkers }) => decodeWorkers === undefined));
  });

  test('of recognisable pictures let a loader ask for ranges, over both links and for each encoding', () => {
    const found = selectSuites(suites, ['recognisable']);
    assert.deepEqual(
      found.map(({ name }) => name),
      [5, 25].flatMap((speed) =>
        ['raw', 'j2k', 'htj2k'].map((each) => `recognisable-${speed}mb-${each}`),
      ),
    );
    for (const { connection, retrieval, loadsAll } of found) {
      assert.ok(connection.servesRanges && connection.link?.latencyMs === 40);
      assert.ok(retrieval && loadsAll);
    }
  });

  test('play twenty time points, whose frames stay distinguishable', () => {
    for (const frames of [20, 300, 1024]) {
      const [plane] = selectSuites(createSuites({ frames }), ['play-plane']);
      const count = plane?.frames ?? 0;
      assert.equal(count % 20, 0);
      assert.ok(count >= 160 && count <= 4096);
    }
  });

  test('measure both loaders', () => {
    for (const { variants } of suites) {
      assert.ok(['ours', 'builtin'].every((each) => variants.some((variant) => variant === each)));
    }
  });
});
