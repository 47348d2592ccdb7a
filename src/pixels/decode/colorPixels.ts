import { measureStored } from '../../base/voxels/storedBits.js';
import type { PixelArray } from '../../base/types.js';
import type { ColorLayout, Palette } from '../../headers/color/describeColor.js';
import type { ColoredLayout } from '../pixelLayout.js';

/**
 * The order of decoded samples: pixel after pixel, plane after plane, or Y, Y, CB and CR of each two pixels
 * (PS3.3 C.7.6.3.1.2, C.7.6.3.1.3).
 */
export type SampleOrder = 'pixels' | 'planes' | 'pairs';

/**
 * Makes the voxels of a native frame in colour.
 *
 * @param cells - the pixel cells of the frame; its palette, if it has one, is known
 * @returns red, green and blue of each pixel; over the memory of `cells` where they are that already
 */
export function nativeColors(cells: PixelArray, layout: ColoredLayout): PixelArray {
  const { color } = layout;
  const { pixels } = measureStored(cells, layout);
  return toRgb(pixels, color, color.isSubsampled ? 'pairs' : color.isPlanar ? 'planes' : 'pixels');
}

/**
 * Why the bytes of a native frame cannot be those of its layout.
 *
 * Some writers state YBR_FULL_422 for frames with three samples a pixel, and nothing says whether these are
 * YBR_FULL or RGB.
 *
 * @param byteLength - with padding
 */
export function nativeColorFault(
  byteLength: number,
  { color, valueCount }: ColoredLayout,
): string | undefined {
  return color.isSubsampled && byteLength >= (valueCount / 2) * 3
    ? `${byteLength} bytes are more than two samples a pixel, which the photometric interpretation states`
    : undefined;
}

/**
 * Makes red, green and blue of decoded samples, or of indices into a palette.
 *
 * Colour differences are converted by the equations of PS3.3 C.7.6.3.1.2, solved for red, green and blue; results
 * are rounded to the nearest whole number and limited to 0 to 255.
 *
 * @returns the samples themselves where they are that already
 */
export function toRgb(samples: PixelArray, color: ColorLayout, order: SampleOrder): PixelArray {
  const { space, palette } = color;
  if (space === 'PALETTE') {
    return lookUp(samples, palette as Palette);
  }
  if (space === 'RGB') {
    return order === 'pixels' ? samples : interleave(samples);
  }
  return convert(samples, order, space === 'YBR_FULL' ? FULL : PARTIAL);
}

function lookUp(stored: PixelArray, { first, colors }: Palette): Uint8Array {
  const rgb = new Uint8Array(3 * stored.length);
  const last = colors.length / 3 - 1;
  for (let i = 0, to = 0; i < stored.length; i++, to += 3) {
    const from = 3 * Math.min(Math.max((stored[i] as number) - first, 0), last);
    rgb[to] = colors[from] as number;
    rgb[to + 1] = colors[from + 1] as number;
    rgb[to + 2] = colors[from + 2] as number;
  }
  return rgb;
}

function interleave(planes: PixelArray): Uint8Array {
  const rgb = new Uint8Array(planes.length);
  const count = planes.length / 3;
  for (let i = 0, to = 0; i < count; i++, to += 3) {
    rgb[to] = planes[i] as number;
    rgb[to + 1] = planes[count + i] as number;
    rgb[to + 2] = planes[2 * count + i] as number;
  }
  return rgb;
}

/** Factors of brightness and colour differences in red, green and blue. */
interface Equations {
  readonly black: number;
  readonly y: number;
  readonly redOfCr: number;
  readonly greenOfCb: number;
  readonly greenOfCr: number;
  readonly blueOfCb: number;
}

/** YBR_FULL: all 256 values of each sample are used. */
const FULL: Equations = {
  black: 0,
  y: 1,
  redOfCr: 1.402,
  greenOfCb: -0.344136,
  greenOfCr: -0.714136,
  blueOfCb: 1.772,
};

/** YBR_PARTIAL (PS3.3 2004, retired): Y from 16 to 235, and colour differences from 16 to 240. */
const PARTIAL: Equations = {
  black: 16,
  y: 1.164384,
  redOfCr: 1.596027,
  greenOfCb: -0.391762,
  greenOfCr: -0.812968,
  blueOfCb: 2.017232,
};

function convert(samples: PixelArray, order: SampleOrder, equations: Equations): Uint8Array {
  const { black, y, redOfCr, greenOfCb, greenOfCr, blueOfCb } = equations;
  const count = order === 'pairs' ? samples.length / 2 : samples.length / 3;
  // Rounds and limits what is assigned.
  const rgb = new Uint8ClampedArray(3 * count);
  for (let i = 0, to = 0; i < count; i++, to += 3) {
    let atY = 3 * i;
    let atCb = atY + 1;
    let atCr = atY + 2;
    if (order === 'planes') {
      atY = i;
      atCb = count + i;
      atCr = atCb + count;
    } else if (order === 'pairs') {
      const pair = 4 * (i >> 1);
      atY = pair + (i & 1);
      atCb = pair + 2;
      atCr = pair + 3;
    }
    const bright = y * ((samples[atY] as number) - black);
    const cb = (samples[atCb] as number) - 128;
    const cr = (samples[atCr] as number) - 128;
    rgb[to] = bright + redOfCr * cr;
    rgb[to + 1] = bright + greenOfCb * cb + greenOfCr * cr;
    rgb[to + 2] = bright + blueOfCb * cb;
  }
  return new Uint8Array(rgb.buffer);
}
