import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { buildIfStale } from '../../scripts/buildIfStale.mjs';

/** @type {string} */
let root;
let builds = 0;

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'build-if-stale-'));
  builds = 0;
  write('in.txt', 'one');
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

/**
 * @param {string} name
 * @param {string} content
 */
function write(name, content) {
  writeFileSync(path.join(root, name), content);
}

/** @param {() => void} [build] */
function run(build = () => write('out.txt', readFileSync(path.join(root, 'in.txt'), 'utf8'))) {
  return buildIfStale({
    root,
    inputs: ['in*.txt'],
    outputs: ['out*.txt'],
    stamp: 'cache/stamp.json',
    build: () => {
      builds++;
      build();
    },
  });
}

describe('a build that is made when it is stale', () => {
  test('is made once', () => {
    assert.equal(run(), true);
    assert.equal(run(), false);
    assert.equal(builds, 1);
  });

  test('is made for other sources, also when a build of theirs is there', () => {
    run();
    write('in.txt', 'two');
    // Somebody else's build, and then the old sources again.
    write('out.txt', 'two');
    write('in.txt', 'one');
    assert.equal(run(), true);
    assert.equal(readFileSync(path.join(root, 'out.txt'), 'utf8'), 'one');
    write('in.txt', 'two');
    assert.equal(run(), true);
    write('in-more.txt', 'more');
    assert.equal(run(), true);
    assert.equal(run(), false);
  });

  test('is made when something of it is missing or more is there', () => {
    run();
    rmSync(path.join(root, 'out.txt'));
    assert.equal(run(), true);
    write('out-old.txt', 'left behind');
    assert.equal(run(), true);
  });

  test('is not taken for made when it failed or left nothing', () => {
    const fail = () => {
      throw new Error('broken');
    };
    assert.throws(() => run(fail), { message: 'broken' });
    assert.throws(() => run(() => undefined), { message: 'The build left nothing in out*.txt' });
    assert.equal(run(), true);
  });
});
