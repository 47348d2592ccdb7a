import { BenchSeries } from '../server/BenchSeries.mjs';
import { PhantomSeries } from '../server/PhantomSeries.mjs';
import { startBenchServer } from '../server/startBenchServer.mjs';
import { FaultySeries } from './FaultySeries.mjs';

/** All compressions of the measurements; bench/page/scenarios/soak.ts loads a series of each. */
const ENCODINGS = /** @type {const} */ (['rle', 'jpegls', 'jpeg-lossless-sv1', 'j2k', 'htj2k']);

/** Small, so that there are many cycles: what a volume leaves behind does not depend on its size. */
const FRAMES = 24;
const SIZE = 256;
const FEW_FRAMES = 8;
const SMALL_SIZE = 128;
const TIME_POINTS = 4;
const DYNAMIC_FRAMES = 8 * TIME_POINTS;

/**
 * Starts a server with the page and with all series of the soak.
 *
 * @param {{ pageFolder: string, isolated: boolean }} options
 */
export async function startSoakServer({ pageFolder, isolated }) {
  const faulty = new FaultySeries(new BenchSeries(FRAMES, 3, { size: SMALL_SIZE }));
  const compressed = await Promise.all(
    ENCODINGS.map(async (encoding, index) => {
      const series = await PhantomSeries.create({
        frames: FEW_FRAMES,
        number: 10 + index,
        size: SMALL_SIZE,
        encoding,
      });
      return /** @type {const} */ ([encoding, series]);
    }),
  );
  const server = await startBenchServer({
    pageFolder,
    isolated,
    protocol: 'http/1.1',
    series: {
      measured: new BenchSeries(FRAMES, 1, { size: SIZE }),
      'warm-up': new BenchSeries(FEW_FRAMES, 2, { size: SIZE }),
      faulty,
      'time-points': new BenchSeries(DYNAMIC_FRAMES, 4, {
        size: SMALL_SIZE,
        timePoints: TIME_POINTS,
      }),
      ...Object.fromEntries(compressed),
    },
  });
  return { server, faulty };
}
