/** The colours of an overlay by its values. */
export interface OverlayStyle {
  /** Of {@link COLOR_MAPS}. */
  readonly colormap: ColormapName;
  /** The values of the first and the last colour. */
  readonly range: { readonly lower: number; readonly upper: number };
  /** Values below it are transparent. */
  readonly threshold: number;
}

export type ColormapName = 'demo-hot' | 'demo-rainbow' | 'demo-gray';

/** Places from 0 to 1 with red, green and blue from 0 to 1. */
export const COLOR_MAPS: Readonly<Record<ColormapName, readonly (readonly number[])[]>> = {
  'demo-hot': [
    [0, 0.1, 0, 0.02],
    [0.2, 0.55, 0.02, 0.02],
    [0.45, 0.95, 0.3, 0.02],
    [0.7, 1, 0.72, 0.08],
    [1, 1, 1, 0.8],
  ],
  'demo-rainbow': [
    [0, 0.12, 0.15, 0.75],
    [0.25, 0, 0.65, 0.95],
    [0.5, 0.15, 0.85, 0.3],
    [0.75, 1, 0.85, 0.1],
    [1, 0.92, 0.12, 0.08],
  ],
  'demo-gray': [
    [0, 0, 0, 0],
    [1, 1, 1, 1],
  ],
};

/** Highest SUV of the colours: the liver is at about 2, tumours are above 5. */
const HIGHEST_SUV = 8;
const LOWEST_SUV = 1.2;
/** Part of the highest dose from which it is shown. */
const LEAST_DOSE_PART = 0.1;
/** Part of the highest value of other overlays from which they are shown. */
const LEAST_PART = 0.05;

/**
 * The colours that suit a kind of values.
 *
 * @param modality - Modality (0008,0060)
 * @param unit - of the values
 * @param highest - the highest value
 */
export function overlayStyle(modality: string, unit: string, highest: number): OverlayStyle {
  if (modality === 'PT' || modality === 'NM') {
    const upper = unit === 'SUV' ? HIGHEST_SUV : highest;
    const threshold = unit === 'SUV' ? LOWEST_SUV : highest * LEAST_DOSE_PART;
    return { colormap: 'demo-hot', range: { lower: 0, upper }, threshold };
  }
  if (modality === 'RTDOSE') {
    const range = { lower: 0, upper: highest };
    return { colormap: 'demo-rainbow', range, threshold: highest * LEAST_DOSE_PART };
  }
  const lower = modality === 'CT' ? -160 : 0;
  const upper = modality === 'CT' ? 240 : highest;
  const threshold = modality === 'CT' ? lower : highest * LEAST_PART;
  return { colormap: 'demo-gray', range: { lower, upper }, threshold };
}

/**
 * The colours of a style at equal steps of the range.
 *
 * @returns red, green and blue from 0 to 255 of each step
 */
export function colorTable({ colormap }: OverlayStyle, steps: number): Uint8ClampedArray {
  const points = COLOR_MAPS[colormap];
  const table = new Uint8ClampedArray(steps * 3);
  for (let step = 0; step < steps; step++) {
    const place = step / (steps - 1);
    const above = Math.max(
      1,
      points.findIndex(([at = 0]) => at >= place),
    );
    const [from, to] = [points[above - 1], points[above]] as [number[], number[]];
    const part = (place - (from[0] as number)) / ((to[0] as number) - (from[0] as number));
    for (let channel = 0; channel < 3; channel++) {
      const low = from[channel + 1] as number;
      const high = to[channel + 1] as number;
      table[step * 3 + channel] = 255 * (low + part * (high - low));
    }
  }
  return table;
}
