import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { planRelease } from '../../scripts/releasePlan.mjs';

const CHANGELOG = `# Changelog

## 1.1.0

- Something.

## 1.0.0

- First.
- Second.

## 1.0.0-rc.1
`;

/** @param {Partial<import('../../scripts/releasePlan.mjs').ReleaseState>} [changes] */
function plan(changes) {
  return planRelease({
    version: '1.0.0',
    changelog: CHANGELOG,
    status: '',
    tags: ['v0.9.0'],
    pending: [],
    ...changes,
  });
}

describe('A release', () => {
  it('of a clean tree has a section and its tags', () => {
    assert.deepEqual(plan(), {
      gitTag: 'v1.0.0',
      distTag: 'latest',
      section: '- First.\n- Second.',
      problems: [],
    });
  });

  it('that is a candidate goes under the tag next', () => {
    const changelog = CHANGELOG.replace('1.0.0-rc.1', '1.0.0-rc.1\n\n- A.');
    const { distTag, problems } = plan({ version: '1.0.0-rc.1', changelog });
    assert.deepEqual([distTag, problems], ['next', []]);
  });

  for (const [why, changes, problem] of /** @type {const} */ ([
    ['has changes', { status: ' M src/index.ts\n' }, /changes[^]*src\/index\.ts/],
    ['has no section', { version: '1.0.1' }, /no section "## 1\.0\.1"/],
    ['leaves out a change', { pending: ['quick-fox.md'] }, /release:version\nquick-fox\.md/],
    ['has an empty section', { version: '1.0.0-rc.1' }, /is empty/],
    ['has been tagged', { tags: ['v1.0.0'] }, /tag v1\.0\.0 exists/],
    ['has no version', { version: 'next', changelog: '## next\n\n- A' }, /no semantic/],
  ])) {
    it(`that ${why} is refused`, () => {
      const { problems } = plan(changes);
      assert.equal(problems.length, 1);
      assert.match(problems[0] ?? '', problem);
    });
  }
});
