import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { buildTargets, readCorpus } from '../fuzz/buildTargets.mjs';
import { mutate, seeded } from '../fuzz/mutate.mjs';

const SEED = 17;
const INPUTS = 200;

describe('The parsers of what is untrusted', () => {
  /** @type {Record<string, (input: Uint8Array) => Promise<void>>} */
  let targets;

  before(async () => {
    targets = await buildTargets();
  });

  for (const name of ['multipart', 'part10', 'dicomJson', 'imageIds']) {
    it(`take each input of the corpus: ${name}`, async () => {
      const corpus = readCorpus(name);
      assert.ok(corpus.length >= 3);
      for (const { bytes } of corpus) {
        await targets[name]?.(bytes);
      }
    });

    it(`take ${INPUTS} changed inputs: ${name}`, async () => {
      const corpus = readCorpus(name).map(({ bytes }) => bytes);
      const random = seeded(SEED);
      for (let input = 0; input < INPUTS; input++) {
        await targets[name]?.(mutate(corpus, random));
      }
    });
  }

  it('are those that there are', () => {
    assert.deepEqual(Object.keys(targets), ['multipart', 'part10', 'dicomJson', 'imageIds']);
  });

  it('get the same inputs of one seed', () => {
    const corpus = readCorpus('multipart').map(({ bytes }) => bytes);
    const [first, second] = [seeded(3), seeded(3)];
    for (let input = 0; input < 50; input++) {
      assert.deepEqual(mutate(corpus, first), mutate(corpus, second));
    }
  });
});
