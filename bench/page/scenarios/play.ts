import { DYNAMIC_VOLUME_SCHEME } from 'streaming-image-volume-loader';
import { checkTimePoints } from '../checkVoxels.js';
import { PlayedPictures } from '../PlayedPictures.js';
import { UploadSpy } from '../UploadSpy.js';
import { createVolume, loadVolume } from '../volumes.js';
import type { DynamicVolume } from '../volumes.js';
import type { Scenario } from './Scenario.js';

/** Ten time points a second. */
const INTERVAL_MS = 100;
/** How many times all time points are played. */
const ROUNDS = 2;

/** Playing the time points of a volume that is loaded, in one plane. */
export const playPlane = playIn({ inThreePlanes: false });

/** Playing the time points of a volume that is loaded, in three planes. */
export const playPlanes = playIn({ inThreePlanes: true });

let uploads: UploadSpy | undefined;

function playIn(options: { readonly inThreePlanes: boolean }): Scenario {
  return {
    begin: (series) => {
      let volume: DynamicVolume;
      let pictures: PlayedPictures;
      return {
        prepare: async () => {
          uploads ??= new UploadSpy();
          volume = (await createVolume(series, DYNAMIC_VOLUME_SCHEME)) as DynamicVolume;
          await loadVolume(volume);
          pictures = new PlayedPictures(volume, series, options);
          await pictures.show();
        },
        measure: async () => {
          const switches = ROUNDS * volume.numDimensionGroups;
          const before = pictures.times.length;
          const slicesBefore = uploads?.slices ?? 0;
          const start = await playOn(volume, switches);
          const end = performance.now();
          const times = pictures.times.slice(before);
          const gaps = [...times, end].map((time, index) => time - (times[index - 1] ?? start));
          return {
            picturesPerSecond: (1000 * times.length) / (end - start),
            worstGapMs: Math.max(...gaps),
            slicesPerSwitch: ((uploads?.slices ?? 0) - slicesBefore) / switches,
          };
        },
        verify: () => checkTimePoints(volume, series),
        end: () => pictures.close(),
      };
    },
  };
}

/**
 * Goes on by one time point at each tick of a timer, as the tools' `playClip` does, and waits for the last interval.
 *
 * @returns the time of the first tick
 */
function playOn(volume: DynamicVolume, switches: number): Promise<number> {
  return new Promise((resolve) => {
    let start: number | undefined;
    let done = 0;
    const timer = setInterval(() => {
      start ??= performance.now();
      if (done === switches) {
        clearInterval(timer);
        resolve(start);
        return;
      }
      volume.scroll(1);
      done += 1;
    }, INTERVAL_MS);
  });
}
