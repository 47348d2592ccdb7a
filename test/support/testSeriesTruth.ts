import type { StreamingImageVolume } from '../../src/index.js';

const COLUMNS = 64;
const ROWS = 48;
const SLICES = 24;

type Formula = (column: number, row: number, slice: number, sample: number) => number;

const gradient: Formula = (column, row, slice) => column * 3 + row * 7 + slice * 29;

const isLate = (column: number, slice: number): boolean => slice === 11 && column === 5;

/** The formulas of test/support/testSeries.mjs, rescaled. */
const VOXELS: Readonly<Record<string, Formula>> = {
  'ct-uint12': (c, r, s) => gradient(c, r, s, 0) - 1024,
  'ct-int16': (c, r, s) => gradient(c, r, s, 0) - 600,
  'mr-uint16': (c, r, s) => gradient(c, r, s, 0) * 50,
  'us-uint8': (c, r, s) => gradient(c, r, s, 0) & 0xff,
  'pt-slope-per-slice': (c, r, s) => Math.fround(gradient(c, r, s, 0) * (0.25 + s / 64)),
  'rgb-uint8': (c, r, s, sample) => (gradient(c, r, s, 0) + sample * 60) & 0xff,
  'mr-multi-frame': gradient,
  'nm-recon-tomo': gradient,
  'ct-enhanced': (c, r, s) => gradient(c, r, s, 0) * (1 + (s % 3)) - 1000,
  'ct-uint16-late': (c, r, s) => (isLate(c, s) ? 60000 - 1024 : gradient(c, r, s, 0) - 1024),
  'ct-int16-late': (c, r, s) => (isLate(c, s) ? -32768 - 1024 : gradient(c, r, s, 0) - 600 - 1024),
  'mr-uint16-extremes': (c, r, s) => (isLate(c, s) ? 40000 : gradient(c, r, s, 0) & 0xff),
  'pt-enhanced': (c, r, s) => Math.fround(gradient(c, r, s, 0) * (0.25 + s / 64)),
};

/**
 * The position of the first wrong voxel of a test series, with actual and expected value; `none` when all are
 * right.
 */
export function firstWrongVoxel(volume: StreamingImageVolume, format: string): string {
  const data = volume.getScalarData();
  const components = data.length / (COLUMNS * ROWS * SLICES);
  for (let i = 0; i < data.length; i++) {
    const voxel = Math.floor(i / components);
    const place = [
      voxel % COLUMNS,
      Math.floor(voxel / COLUMNS) % ROWS,
      Math.floor(voxel / (COLUMNS * ROWS)),
    ] as const;
    const value = VOXELS[format]?.(...place, i % components);
    if (data[i] !== value) {
      return `${place.join(',')}: ${data[i]} instead of ${value}`;
    }
  }
  return 'none';
}
