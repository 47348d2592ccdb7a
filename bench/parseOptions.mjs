import { parseArgs } from 'node:util';

/** Fewer leave no slice that is not loaded after the tenth part. */
const MIN_FRAMES = 20;
/** The largest suite has four times as many, which can be told from each other up to 4096. */
const MAX_FRAMES = 1024;
const MAX_ROUNDS = 1000;

/**
 * @typedef {object} Options
 * @property {string[]} suites names or their beginnings; none means all
 * @property {number} frames
 * @property {number} rounds
 * @property {string | undefined} output file of the results; undefined: the usual one
 */

/**
 * Reads the command line.
 *
 * @param {readonly string[]} args
 * @returns {Options}
 * @throws {Error} that says what was expected
 */
export function parseOptions(args) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      suite: { type: 'string', multiple: true, default: [] },
      frames: { type: 'string', default: '300' },
      rounds: { type: 'string', default: '5' },
      output: { type: 'string' },
    },
  });
  return {
    suites: values.suite,
    frames: parseCount('frames', values.frames, MIN_FRAMES, MAX_FRAMES),
    rounds: parseCount('rounds', values.rounds, 1, MAX_ROUNDS),
    output: values.output,
  };
}

/**
 * @param {string} name
 * @param {string} text
 * @param {number} least
 * @param {number} most
 */
function parseCount(name, text, least, most) {
  const count = Number(text);
  if (!(/^\d+$/.test(text) && count >= least && count <= most)) {
    throw new Error(`Expected --${name} to be a number from ${least} to ${most}, got ${text}`);
  }
  return count;
}
