import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { RepeatedSeries } from '../server/RepeatedSeries.mjs';
import { defineSuite } from './Suite.mjs';

/** The data sets of the tests, which are not in the repository. */
const FOLDER = path.resolve(
  fileURLToPath(new URL('../..', import.meta.url)),
  process.env['SHARED_DATA'] ?? '../shared/data',
  'mr-brain',
);
const SYNTAXES = ['rle', 'jpegls', 'jpeg-lossless-sv1', 'j2k', 'htj2k'];

/** @type {import('./createSuites.mjs').SuiteMaker} */
export function codecs({ frames }) {
  return SYNTAXES.map((syntax) => {
    const isThere = ['explicit', syntax].every((name) => existsSync(path.join(FOLDER, name)));
    return defineSuite({
      name: `codecs-${syntax}`,
      scenario: 'decode',
      frames,
      openSeries: (count, number) =>
        RepeatedSeries.read({ folder: FOLDER, syntax, frames: count, number }),
      // The floor fetches the frames before the clock starts.
      loadsAll: false,
      ...(!isThere && { reasonToSkip: `no such series in ${FOLDER}` }),
    });
  });
}
