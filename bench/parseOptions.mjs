import { parseArgs } from 'node:util';

/** With fewer frames every slice is loaded after a tenth of the load. */
const MIN_FRAMES = 20;
/** The largest suite has four times as many, and frames are distinguishable up to 4096. */
const MAX_FRAMES = 1024;
const MAX_ROUNDS = 1000;
const MAX_CORES = 64;
const BUNDLERS = /** @type {const} */ (['webpack', 'vite']);

/**
 * @typedef {typeof BUNDLERS[number]} Bundler
 *
 * @typedef {object} Options
 * @property {string[]} suites names or prefixes of names; none means all
 * @property {string[]} skipped names or prefixes of names that are left out
 * @property {number} frames
 * @property {number} rounds
 * @property {number | undefined} cores number of decode workers of the suites `codecs`; undefined: each
 *   loader's default
 * @property {string[] | undefined} gpu flags of the browser that choose how it draws; undefined: without a
 *   graphics card
 * @property {Bundler} bundler
 * @property {boolean} minify
 * @property {string | undefined} output file of the results; undefined: the default file
 * @property {boolean} table only writes the tables of the documents, without a measurement
 */

/**
 * Reads the command line.
 *
 * @param {readonly string[]} args
 * @returns {Options}
 * @throws {Error} that states the expected value
 */
export function parseOptions(args) {
  const { values } = parseArgs({
    args: joinFlags(args),
    options: {
      suite: { type: 'string', multiple: true, default: [] },
      frames: { type: 'string', default: '300' },
      rounds: { type: 'string', default: '5' },
      skip: { type: 'string', multiple: true, default: [] },
      cores: { type: 'string' },
      gpu: { type: 'string' },
      bundler: { type: 'string', default: 'webpack' },
      'no-minify': { type: 'boolean', default: false },
      output: { type: 'string' },
      table: { type: 'boolean', default: false },
    },
  });
  const bundler = BUNDLERS.find((each) => each === values.bundler);
  if (bundler === undefined) {
    throw new Error(`Expected --bundler to be ${BUNDLERS.join(' or ')}, got ${values.bundler}`);
  }
  return {
    suites: values.suite,
    skipped: values.skip,
    frames: parseCount('frames', values.frames, MIN_FRAMES, MAX_FRAMES),
    rounds: parseCount('rounds', values.rounds, 1, MAX_ROUNDS),
    cores: values.cores === undefined ? undefined : parseCount('cores', values.cores, 1, MAX_CORES),
    gpu: values.gpu === undefined ? undefined : parseFlags('gpu', values.gpu),
    bundler,
    minify: !values['no-minify'],
    output: values.output,
    table: values.table,
  };
}

/**
 * `--gpu --use-angle=gl` becomes `--gpu=--use-angle=gl`, as `parseArgs` takes a separate value only where it
 * does not begin with a dash.
 *
 * @param {readonly string[]} args
 */
function joinFlags(args) {
  return args.flatMap((arg, index) => {
    if (args[index - 1] === '--gpu') return [];
    const next = args[index + 1];
    return arg === '--gpu' && next !== undefined ? [`${arg}=${next}`] : [arg];
  });
}

/**
 * @param {string} name
 * @param {string} text
 */
function parseFlags(name, text) {
  const flags = text.split(/\s+/).filter(Boolean);
  if (flags.length === 0 || !flags.every((flag) => flag.startsWith('--'))) {
    throw new Error(
      `Expected --${name} to be flags of the browser, such as --use-angle=gl, got ${text}`,
    );
  }
  return flags;
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
