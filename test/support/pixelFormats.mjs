export const TEST_SERIES_COLUMNS = 64;
export const TEST_SERIES_ROWS = 48;
export const TEST_SERIES_SLICES = 24;

/**
 * How a series stores its pixels. `stored` returns a stored value at `(column, row, slice, sample)`.
 *
 * @typedef {object} PixelFormat
 * @property {string} modality
 * @property {8 | 16} bitsAllocated
 * @property {number} bitsStored
 * @property {0 | 1} pixelRepresentation
 * @property {(sliceIndex: number) => number} [slope]
 * @property {number} [intercept]
 * @property {number} [samplesPerPixel]
 * @property {readonly [number, number]} [extremes] Smallest and Largest Image Pixel Value, right or not
 * @property {boolean} [multiFrame] one file with all slices
 * @property {(frame: number) => number} [sliceOfFrame] which slice a frame of that file is; default: the same
 * @property {'turning' | 'none' | 'nuclear'} [planes] positions of frames that are not slices of a stack;
 *   `nuclear`: stated by the modules of nuclear medicine
 * @property {(slice: number) => { along: number, aside: number }} [place] positions of slices that are not in
 *   a regular, upright stack: mm along the normal and along the rows
 * @property {(column: number, row: number, slice: number, sample: number) => number} stored
 */

/**
 * A gradient in which all slices differ and rows differ from columns.
 *
 * @param {number} column
 * @param {number} row
 * @param {number} slice
 */
const gradient = (column, row, slice) => column * 3 + row * 7 + slice * 29;

/**
 * Every third slice of a stack is half a mm too far.
 *
 * @param {number} slice
 */
const irregular = (slice) => 2 * slice + (slice % 3 === 1 ? 0.5 : 0);

/**
 * A line of voxels in a middle slice whose values differ from all others.
 *
 * @param {number} column
 * @param {number} slice
 */
const isLate = (column, slice) => slice === 11 && column === 5;

/** @type {Readonly<Record<string, PixelFormat>>} */
export const PIXEL_FORMATS = {
  'ct-uint12': {
    modality: 'CT',
    bitsAllocated: 16,
    bitsStored: 12,
    pixelRepresentation: 0,
    slope: () => 1,
    intercept: -1024,
    stored: gradient,
  },
  'ct-int16': {
    modality: 'CT',
    bitsAllocated: 16,
    bitsStored: 16,
    pixelRepresentation: 1,
    slope: () => 1,
    intercept: 0,
    stored: (column, row, slice) => gradient(column, row, slice) - 600,
  },
  'mr-uint16': {
    modality: 'MR',
    bitsAllocated: 16,
    bitsStored: 16,
    pixelRepresentation: 0,
    stored: (column, row, slice) => gradient(column, row, slice) * 50,
  },
  'us-uint8': {
    modality: 'US',
    bitsAllocated: 8,
    bitsStored: 8,
    pixelRepresentation: 0,
    stored: (column, row, slice) => gradient(column, row, slice) & 0xff,
  },
  'pt-slope-per-slice': {
    modality: 'PT',
    bitsAllocated: 16,
    bitsStored: 16,
    pixelRepresentation: 1,
    slope: (slice) => 0.25 + slice / 64,
    intercept: 0,
    stored: gradient,
  },
  'rgb-uint8': {
    modality: 'OT',
    bitsAllocated: 8,
    bitsStored: 8,
    pixelRepresentation: 0,
    samplesPerPixel: 3,
    stored: (column, row, slice, sample) => (gradient(column, row, slice) + sample * 60) & 0xff,
  },
  'mr-multi-frame': {
    modality: 'MR',
    bitsAllocated: 16,
    bitsStored: 12,
    pixelRepresentation: 0,
    multiFrame: true,
    stored: gradient,
  },
  'ct-enhanced': {
    modality: 'CT',
    bitsAllocated: 16,
    bitsStored: 12,
    pixelRepresentation: 0,
    slope: (slice) => 1 + (slice % 3),
    intercept: -1000,
    multiFrame: true,
    sliceOfFrame: (frame) => (frame * 7) % TEST_SERIES_SLICES,
    stored: gradient,
  },
  'pt-enhanced': {
    modality: 'PT',
    bitsAllocated: 16,
    bitsStored: 16,
    pixelRepresentation: 0,
    slope: (slice) => 0.25 + slice / 64,
    intercept: 0,
    multiFrame: true,
    sliceOfFrame: (frame) => TEST_SERIES_SLICES - 1 - frame,
    stored: gradient,
  },
  'nm-recon-tomo': {
    modality: 'NM',
    bitsAllocated: 16,
    bitsStored: 16,
    pixelRepresentation: 0,
    multiFrame: true,
    sliceOfFrame: (frame) => TEST_SERIES_SLICES - 1 - frame,
    planes: 'nuclear',
    stored: gradient,
  },
  'ct-irregular': {
    modality: 'CT',
    bitsAllocated: 16,
    bitsStored: 16,
    pixelRepresentation: 1,
    slope: () => 1,
    intercept: -200,
    place: (slice) => ({ along: irregular(slice), aside: 0 }),
    stored: (column, row, slice) => 3 * column + 7 * row + 20 * irregular(slice),
  },
  'ct-tilted': {
    modality: 'CT',
    bitsAllocated: 16,
    bitsStored: 16,
    pixelRepresentation: 1,
    slope: () => 1,
    intercept: -200,
    // 8/5 of a column from slice to slice, against the rows.
    place: (slice) => ({ along: 2 * slice, aside: -1.2 * slice }),
    stored: (column, row, slice) => 10 * column + 7 * row + 24 * slice,
  },
  'xa-rotational': {
    modality: 'XA',
    bitsAllocated: 16,
    bitsStored: 12,
    pixelRepresentation: 0,
    multiFrame: true,
    planes: 'none',
    stored: gradient,
  },
  'xa-turning-planes': {
    modality: 'XA',
    bitsAllocated: 16,
    bitsStored: 12,
    pixelRepresentation: 0,
    multiFrame: true,
    planes: 'turning',
    stored: gradient,
  },
  'ct-uint16-late': {
    modality: 'CT',
    bitsAllocated: 16,
    bitsStored: 16,
    pixelRepresentation: 0,
    slope: () => 1,
    intercept: -1024,
    stored: (column, row, slice) => (isLate(column, slice) ? 60000 : gradient(column, row, slice)),
  },
  'ct-int16-late': {
    modality: 'CT',
    bitsAllocated: 16,
    bitsStored: 16,
    pixelRepresentation: 1,
    slope: () => 1,
    intercept: -1024,
    stored: (column, row, slice) =>
      isLate(column, slice) ? -32768 : gradient(column, row, slice) - 600,
  },
  'mr-uint16-extremes': {
    modality: 'MR',
    bitsAllocated: 16,
    bitsStored: 16,
    pixelRepresentation: 0,
    extremes: [0, 255],
    stored: (column, row, slice) =>
      isLate(column, slice) ? 40000 : gradient(column, row, slice) & 0xff,
  },
};
