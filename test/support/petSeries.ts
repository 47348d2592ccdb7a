import type { TestElement } from './encodePart10.js';
import { imageElements, slicePixels, sq, text, words } from './imageElements.js';
import type { TestInstance } from './openSeries.js';

export const SLICES = 4;
export const WEIGHT_IN_G = 72_500;
export const DOSE_IN_BQ = 368_410_000;
const HALF_LIFE_IN_S = 6586.2;

/** The slopes of the slices, as decimals that no binary number equals. */
export const SLOPES = [0.37, 1.6667, 12.04119, 0.000123];

/** What differs from a series of Bq/ml with Decay Correction START; null is an attribute that is missing. */
export interface PetChanges {
  readonly units?: string | null;
  readonly suvType?: string;
  readonly decayCorrection?: string | null;
  readonly corrections?: string | null;
  readonly weight?: string | null;
  readonly dose?: string | null;
  readonly halfLife?: string | null;
  readonly size?: string | null;
  readonly sex?: string | null;
  readonly startTime?: string | null;
  readonly startDateTime?: string;
  readonly seriesDate?: string;
  readonly seriesTime?: string;
  readonly acquisitionDate?: string;
  /** Of each slice. */
  readonly acquisitionTimes?: readonly string[];
  readonly timezone?: string;
  /** Private elements. */
  readonly more?: readonly TestElement[];
}

let seriesCount = 0;

const PRESENT = {
  units: 'BQML',
  decayCorrection: 'START',
  corrections: 'NORM\\DECY\\ATTN\\SCAT',
  weight: '72.5',
  dose: '368410000',
  halfLife: '6586.2',
  size: '1.75',
  sex: 'F',
  startTime: '093015.25',
  seriesDate: '20240229',
  seriesTime: '103000',
  acquisitionDate: '20240229',
  acquisitionTimes: ['103000', '103000', '103300', '103600'],
} as const satisfies PetChanges;

/** The elements of one slice that its scale depends on. */
export function petElements(changes: PetChanges, slice: number): TestElement[] {
  const all = { ...PRESENT, ...changes };
  const present = (tag: number, vr: string, value: string | null | undefined): TestElement[] =>
    value === null || value === undefined ? [] : [text(tag, vr, value)];
  return [
    ...present(0x00080021, 'DA', all.seriesDate),
    ...present(0x00080022, 'DA', all.acquisitionDate),
    ...present(0x00080031, 'TM', all.seriesTime),
    ...present(0x00080032, 'TM', all.acquisitionTimes[slice]),
    ...present(0x00080201, 'SH', all.timezone),
    ...present(0x00100040, 'CS', all.sex),
    ...present(0x00101020, 'DS', all.size),
    ...present(0x00101030, 'DS', all.weight),
    ...present(0x00280051, 'CS', all.corrections),
    text(0x00281052, 'DS', '0'),
    text(0x00281053, 'DS', String(SLOPES[slice])),
    sq(0x00540016, [
      ...present(0x00181072, 'TM', all.startTime),
      ...present(0x00181074, 'DS', all.dose),
      ...present(0x00181075, 'DS', all.halfLife),
      ...present(0x00181078, 'DT', all.startDateTime),
    ]),
    ...present(0x00541001, 'CS', all.units),
    ...present(0x00541006, 'CS', all.suvType),
    ...present(0x00541102, 'CS', all.decayCorrection),
    ...(all.more ?? []),
  ];
}

/**
 * A PET series of {@link SLICES} slices with the pixels of `slicePixels`.
 *
 * @param changes - of all slices, or of each
 */
export function petSeries(changes: PetChanges | ((slice: number) => PetChanges)): TestInstance[] {
  seriesCount += 1;
  return Array.from({ length: SLICES }, (_, slice) => ({
    elements: imageElements({
      series: `1.2.826.15.${seriesCount}`,
      number: slice + 1,
      modality: 'PT',
      position: [0, 0, 3 * slice],
      more: petElements(typeof changes === 'function' ? changes(slice) : changes, slice),
    }),
    frames: [words(...slicePixels(slice))],
  }));
}

/** Weight in g over the dose that is left after some seconds. */
export const factorAfter = (seconds: number): number =>
  WEIGHT_IN_G / (DOSE_IN_BQ * Math.exp((-Math.LN2 * seconds) / HALF_LIFE_IN_S));

/** From the injection to the series, in s: from 9:30:15.25 to 10:30. */
export const ONE_HOUR = 3584.75;
