/**
 * Gives the parsers of what is untrusted inputs that are changed at random, until the time is over or one of them
 * does what it must not (test/fuzz/targets.ts): multipart responses, DICOM files, DICOM JSON, imageIds.
 *
 *   npm run fuzz                                  a minute, with a seed of its own
 *   npm run fuzz -- --seconds 600 --seed 7        ten minutes, the same inputs as an earlier run
 *   npm run fuzz -- --target part10               one parser
 *
 * An input that fails is written into test/corpus/, where `npm test` tries it from then on.
 */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { buildTargets, CORPUS, readCorpus } from '../test/fuzz/buildTargets.mjs';
import { mutate, seeded } from '../test/fuzz/mutate.mjs';

/** An input of at most 64 KiB that takes longer is a fault, in ms. */
const LONGEST = 2000;

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    target: { type: 'string' },
  },
});
const seconds = Number(values.seconds);
const seed = Number(values.seed);
const targets = await buildTargets();
const names = values.target === undefined ? Object.keys(targets) : [values.target];
if (!(seconds > 0) || !Number.isInteger(seed) || names.some((name) => !targets[name])) {
  throw new Error(
    `Expected --seconds above 0, --seed as an integer and --target as one of ${Object.keys(targets).join(', ')}`,
  );
}

let hasFailed = false;
for (const [index, name] of names.entries()) {
  const corpus = readCorpus(name).map(({ bytes }) => bytes);
  const random = seeded(seed + index);
  const end = performance.now() + (seconds * 1000) / names.length;
  let inputs = 0;
  let slowest = 0;
  while (performance.now() < end) {
    const input = mutate(corpus, random);
    const started = performance.now();
    const fault = await tryInput(name, input);
    const took = performance.now() - started;
    inputs += 1;
    slowest = Math.max(slowest, took);
    if (fault !== undefined || took > LONGEST) {
      hasFailed = true;
      const file = path.join(CORPUS, name, `found-${hashOf(input)}`);
      writeFileSync(file, input);
      console.error(
        `${name}, seed ${seed}, input ${inputs}: ${fault ?? `took ${took} ms`}\n${file}`,
      );
      break;
    }
  }
  console.log(`${name}: ${inputs} inputs, the slowest ${slowest.toFixed(1)} ms, seed ${seed}`);
}
process.exitCode = hasFailed ? 1 : 0;

/**
 * @param {string} name
 * @param {Uint8Array} input
 * @returns {Promise<string | undefined>} the fault
 */
async function tryInput(name, input) {
  try {
    await targets[name]?.(input);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.stack : String(error);
  }
}

/** @param {Uint8Array} input */
function hashOf(input) {
  return createHash('sha256').update(input).digest('hex').slice(0, 12);
}
