import { Enums, imageLoadPoolManager } from '@cornerstonejs/core';
import type { CreateVolumeOptions, StreamingImageVolume } from '../../../src/index.js';
import { createVolume } from '../../support/createVolume.js';
import type { SyntheticSeriesOptions } from '../../support/SyntheticSeries.js';
import { until } from '../../support/until.js';
import { SIZE, slicePixels, solidSeries } from './solidSeries.js';

/** The value of each voxel of a {@link HeldVolume}; the window is 0 to 255, so it is grey too. */
export const GREY = 150;

/** Whether a grey value is {@link GREY}, within the rounding of a shader. */
export function isGrey(grey: number | undefined): boolean {
  return grey !== undefined && Math.abs(grey - GREY) <= 1;
}

/** The window that shows {@link GREY} as it is. */
export const GREY_RANGE = { lower: 0, upper: 255 } as const;

/** Slices of the lower and of the upper half: towards the feet and towards the head. */
export const LOWER = Array.from({ length: SIZE[2] / 2 }, (_, i) => i);
export const UPPER = LOWER.map((slice) => slice + SIZE[2] / 2);

/** A volume whose frames come when the spec says so. */
export interface HeldVolume {
  readonly volume: StreamingImageVolume;
  /** Lets these frames arrive, and no others; the load has to be under way. */
  readonly arrive: (slices: readonly number[]) => Promise<void>;
  /** Lets these frames fail; the load has to be under way. */
  readonly fail: (slices: readonly number[]) => Promise<void>;
  /** Answers every request, also those of a load that was given up. */
  readonly answerLate: () => void;
}

/** Makes a volume with {@link GREY} everywhere, of which no frame has arrived. */
export async function heldVolume(
  options: Partial<CreateVolumeOptions> = {},
  seriesOptions: Partial<SyntheticSeriesOptions> = {},
): Promise<HeldVolume> {
  const count = SIZE[2];
  imageLoadPoolManager.setMaxSimultaneousRequests(Enums.RequestType.Prefetch, count);
  const series = solidSeries({
    held: true,
    pixels: (slice) => slicePixels(Uint16Array, slice, () => GREY),
    // With a window in the headers no viewport waits for a frame.
    window: { center: 128, width: 256 },
    ...seriesOptions,
  });
  const volume = await createVolume(series.imageIds, { maxInFlight: count, ...options });
  return {
    volume,
    arrive: async (slices) => {
      const loaded = volume.framesLoaded + slices.length;
      await until(() => slices.every((slice) => series.requests.some((r) => r.slice === slice)));
      series.answer(...slices);
      await until(() => volume.framesLoaded === loaded);
    },
    fail: async (slices) => {
      const requests = slices.map((slice) => series.requests.findLast((r) => r.slice === slice));
      requests.forEach((request) => request?.reject(new Error('No such frame')));
      await until(() => slices.every((slice) => volume.frameStates[slice] === 'failed'));
    },
    answerLate: () => {
      series.answer();
    },
  };
}
