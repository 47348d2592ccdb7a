import { PhantomSeries } from '../server/PhantomSeries.mjs';
import { defineSuite, HOSPITAL_LINK } from './Suite.mjs';

const ENCODINGS = /** @type {const} */ (['rle', 'jpegls', 'jpeg-lossless-sv1', 'j2k', 'htj2k']);
const SIZE = 512;
/** Different slices, which are repeated: encoding takes longer than decoding. */
const SLICES = 6;
/** Of the number of frames of other suites: decoding takes longer than fetching. */
const PART = 1 / 3;
const MIN_FRAMES = 20;

/** @type {import('./createSuites.mjs').SuiteMaker} */
export function codecs({ frames, cores }) {
  const define = (
    /** @type {typeof ENCODINGS[number]} */ encoding,
    /** @type {Pick<import('./Suite.mjs').Suite, 'name' | 'scenario' | 'loadsAll'> &
     *   Partial<import('./Suite.mjs').Suite>} */ suite,
  ) =>
    defineSuite({
      ...suite,
      frames: Math.max(MIN_FRAMES, Math.round(PART * frames)),
      openSeries: (count, number) =>
        PhantomSeries.create({ frames: count, number, size: SIZE, encoding, slices: SLICES }),
      ...(cores !== undefined && { decodeWorkers: cores }),
    });
  return [
    ...ENCODINGS.map((encoding) =>
      // The floor fetches the frames before the clock starts.
      define(encoding, { name: `codecs-${encoding}`, scenario: 'decode', loadsAll: false }),
    ),
    ...ENCODINGS.map((encoding) =>
      define(encoding, {
        name: `codecs-link-${encoding}`,
        scenario: 'fetchAndDecode',
        connection: {
          isolated: true,
          protocol: 'http/1.1',
          link: HOSPITAL_LINK,
          hasOwnArchive: true,
        },
        loadsAll: true,
      }),
    ),
  ];
}
