import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { writePart10 } from '../demo/server/writePart10.mjs';

const FRAMES_FILE = fileURLToPath(new URL('../test/support/codecFrames.json', import.meta.url));
const FRAMES = JSON.parse(readFileSync(FRAMES_FILE, 'utf8'));
/** Codestreams of the same pixels, by transfer syntax. */
const CODESTREAMS = [
  ['1.2.840.10008.1.2.4.80', FRAMES.jpegLs],
  ['1.2.840.10008.1.2.4.90', FRAMES.jpeg2000],
  ['1.2.840.10008.1.2.4.201', FRAMES.htj2k],
];
const SLICES = 5;

/**
 * Writes the series of the packed applications: slices with the same frame in one codec after the other,
 * that differ in their intercept.
 *
 * @param {string} folder - created
 */
export function writePackedSeries(folder) {
  mkdirSync(folder);
  for (let slice = 0; slice < SLICES; slice++) {
    const [transferSyntaxUID, codestream] = /** @type {[string, string]} */ (
      CODESTREAMS[slice % CODESTREAMS.length]
    );
    const file = writePart10({
      studyUID: '2.25.1',
      seriesUID: '2.25.2',
      sopUID: `2.25.3.${slice}`,
      frameOfReferenceUID: '2.25.4',
      transferSyntaxUID,
      modality: 'CT',
      instanceNumber: slice + 1,
      position: [0, 0, 2 * slice],
      orientation: [1, 0, 0, 0, 1, 0],
      pixelSpacing: [1, 1],
      rows: FRAMES.rows,
      columns: FRAMES.columns,
      slope: 1,
      intercept: getIntercept(slice),
      pixelData: [Buffer.from(codestream, 'base64')],
    });
    writeFileSync(path.join(folder, `${slice}.dcm`), file);
  }
}

/** The expected volume of the series. */
export function getPackedVolume() {
  const frameLength = FRAMES.columns * FRAMES.rows;
  return {
    slices: SLICES,
    dimensions: [FRAMES.columns, FRAMES.rows, SLICES],
    voxels: Array.from({ length: frameLength * SLICES }, (_, index) => {
      const stored = (37 * (index % frameLength)) % 1000;
      return stored + getIntercept(Math.floor(index / frameLength));
    }),
  };
}

/** Kinds of volumes beside the one of {@link getPackedVolume}; their pixels are native. */
const KINDS_SIZE = { rows: 4, columns: 6 };
const KINDS_VALUES = KINDS_SIZE.rows * KINDS_SIZE.columns;
const POSITIONS = 2;
/** Stored samples of YBR_FULL, and the colour that they are (PS3.3 C.7.6.3.1.2). */
const YBR = { stored: [100, 150, 90], rgb: [47, 120, 139] };
const PET = { slope: 0.5, weightInKg: 70, doseInBq: 2e8, halfLifeInS: 6600, secondsSince: 3600 };

/**
 * Writes series of other kinds: a colour, a PET with the headers of SUV, and two time points.
 *
 * @param {string} folder - of {@link writePackedSeries}
 */
export function writePackedKinds(folder) {
  for (let image = 0; image < 2 * POSITIONS; image++) {
    const slice = image % POSITIONS;
    const common = {
      studyUID: '2.25.1',
      frameOfReferenceUID: '2.25.4',
      position: [0, 0, 2 * slice],
      orientation: [1, 0, 0, 0, 1, 0],
      pixelSpacing: [1, 1],
      instanceNumber: image + 1,
      ...KINDS_SIZE,
    };
    const write = (/** @type {string} */ kind, /** @type {object} */ options) => {
      const uids = { seriesUID: KIND_UIDS[kind], sopUID: `${KIND_UIDS[kind]}.${image}` };
      const file = writePart10(/** @type {any} */ ({ ...common, ...uids, ...options }));
      writeFileSync(path.join(folder, `${kind}-${image}.dcm`), file);
    };
    write('timePoints', {
      modality: 'MR',
      attributes: { '00200100': { vr: 'IS', Value: [1 + Math.floor(image / POSITIONS)] } },
      pixelData: cells(() => 100 * image),
    });
    if (image < POSITIONS) {
      write('color', {
        modality: 'OT',
        bitsAllocated: 8,
        samplesPerPixel: 3,
        photometricInterpretation: 'YBR_FULL',
        attributes: { '00280006': { vr: 'US', Value: [0] } },
        pixelData: Buffer.from(Array.from({ length: KINDS_VALUES }, () => YBR.stored).flat()),
      });
      write('pet', {
        modality: 'PT',
        slope: PET.slope,
        intercept: 0,
        attributes: petAttributes(),
        pixelData: cells((value) => value + slice),
      });
    }
  }
}

/** Series Instance UIDs by kind; `decimated` is the series of {@link writePackedSeries}. @type {Record<string, string>} */
export const KIND_UIDS = {
  decimated: '2.25.2',
  color: '2.25.20',
  pet: '2.25.21',
  timePoints: '2.25.22',
};

/** The expected voxels by kind; of the time points, one after the other. @returns {Record<string, number[]>} */
export function getPackedKinds() {
  const { dimensions, voxels } = getPackedVolume();
  const [columns, rows] = /** @type {[number, number, number]} */ (dimensions);
  const decimated = voxels.filter((_, index) => {
    const [column, row] = [index % columns, Math.floor(index / columns) % rows];
    return column % 2 === 0 && row % 2 === 0 && Math.floor(index / (columns * rows)) % 2 === 0;
  });
  const { slope, weightInKg, doseInBq, halfLifeInS, secondsSince } = PET;
  const factor = (1000 * weightInKg) / (doseInBq * 2 ** (-secondsSince / halfLifeInS));
  const petVoxel = (/** @type {number} */ stored) => Math.fround(stored * slope * factor);
  const each = Array.from({ length: KINDS_VALUES }, (_, value) => value);
  return {
    decimated,
    color: each.concat(each).flatMap(() => YBR.rgb),
    pet: [0, 1].flatMap((slice) => each.map((value) => petVoxel(value + slice))),
    timePoints: [0, 1, 2, 3].flatMap((image) => each.map(() => 100 * image)),
  };
}

/** @param {(value: number) => number} stored */
function cells(stored) {
  return Buffer.from(Uint16Array.from({ length: KINDS_VALUES }, (_, i) => stored(i)).buffer);
}

function petAttributes() {
  const time = (/** @type {string} */ value) => ({ vr: 'TM', Value: [value] });
  const number = (/** @type {number} */ value) => ({ vr: 'DS', Value: [value] });
  return {
    '00080021': { vr: 'DA', Value: ['20260102'] },
    '00080022': { vr: 'DA', Value: ['20260102'] },
    '00080031': time('110000'),
    '00080032': time('110000'),
    '00101030': number(PET.weightInKg),
    '00280051': { vr: 'CS', Value: ['ATTN', 'DECY'] },
    '00540016': {
      vr: 'SQ',
      Value: [
        {
          '00181072': time('100000'),
          '00181074': number(PET.doseInBq),
          '00181075': number(PET.halfLifeInS),
        },
      ],
    },
    '00541001': { vr: 'CS', Value: ['BQML'] },
    '00541102': { vr: 'CS', Value: ['START'] },
  };
}

/** @param {number} slice */
function getIntercept(slice) {
  return 1000 * slice - 1024;
}
