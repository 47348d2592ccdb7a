/** What SUV is computed of, read from the header of a PET frame or from metadata modules. */
import { Enums } from '@cornerstonejs/core';
import { valuesOfGroup } from '../frameHeader.js';
import type { FrameHeader } from '../frameHeader.js';
import type { HeaderItem } from '../headerItem.js';
import { readModule, toFiniteNumber } from '../readModule.js';
import type { MetadataModule } from '../readModule.js';
import { askProvider } from '../readSplitValue.js';
import { toDateAndTime, toDateTime, toSecondsOfDay } from './petTimes.js';

/** An injection; undefined values are missing or no numbers. Moments are in seconds since 1970, in local time. */
export interface Injection {
  readonly at: number | undefined;
  /** Since 0:00, where the date is not known. */
  readonly secondsOfDay: number | undefined;
  readonly doseInBq: number | undefined;
  readonly halfLifeInSeconds: number | undefined;
}

/** What the headers of a PET frame say of its scale. Undefined values are missing or no numbers. */
export interface PetHeader {
  /** Units (0054,1001), or of an enhanced image those of the mapping that equals its rescale. */
  readonly units: string | undefined;
  /** SUV Type (0054,1006). */
  readonly suvType: string | undefined;
  /** Terms of Corrected Image (0028,0051). */
  readonly corrections: readonly string[] | undefined;
  /** Decay Correction (0054,1102). */
  readonly decayCorrection: string | undefined;
  /** Decay Correction DateTime (0018,9701) of enhanced images: what the values are corrected to. */
  readonly correctedTo: number | undefined;
  readonly weightInKg: number | undefined;
  readonly heightInM: number | undefined;
  /** Patient's Sex (0010,0040). */
  readonly sex: string | undefined;
  /** Items of the Radiopharmaceutical Information Sequence. */
  readonly injections: readonly Injection[] | undefined;
  /** Series Date and Time. */
  readonly seriesAt: number | undefined;
  /** Acquisition Date and Time. */
  readonly acquiredAt: number | undefined;
  /** Reads the private scan date and time of GE (0009,xx0D). */
  readonly readGeScan: () => number | undefined;
  /** Of counts: private SUV Scale Factor of Philips (7053,xx00), which makes SUV of the rescaled values. */
  readonly philipsSuvFactor: number | undefined;
  /** Of counts: private Activity Concentration Scale Factor of Philips (7053,xx09), which makes Bq/ml of them. */
  readonly philipsActivityFactor: number | undefined;
}

/**
 * Reads what SUV is computed of: from the header, and what it lacks from the modules of Cornerstone's providers.
 */
export function readPetHeader(imageId: string, header: FrameHeader | undefined): PetHeader {
  const read = header ? fromHeader(header) : NOTHING;
  const isComplete = Object.entries(read).every(
    ([name, value]) => value !== undefined || NOT_IN_MODULES.has(name),
  );
  return isComplete ? read : { ...fromModules(imageId), ...withoutMissing(read) };
}

const NOTHING: PetHeader = {
  units: undefined,
  suvType: undefined,
  corrections: undefined,
  decayCorrection: undefined,
  correctedTo: undefined,
  weightInKg: undefined,
  heightInM: undefined,
  sex: undefined,
  injections: undefined,
  seriesAt: undefined,
  acquiredAt: undefined,
  readGeScan: () => undefined,
  philipsSuvFactor: undefined,
  philipsActivityFactor: undefined,
};

const NOT_IN_MODULES: ReadonlySet<string> = new Set([
  'suvType',
  'correctedTo',
  'philipsSuvFactor',
  'philipsActivityFactor',
]);

function withoutMissing(read: PetHeader): Partial<PetHeader> {
  return Object.fromEntries(Object.entries(read).filter(([, value]) => value !== undefined));
}

const FRAME_CONTENT = ['00209111'];

function fromHeader(header: FrameHeader): PetHeader {
  const { instance } = header;
  const first = (tag: string): unknown => instance.values(tag)?.[0];
  const number = (tag: string): number | undefined => toFiniteNumber(first(tag));
  const offset = first('00080201');
  const frameAcquiredAt = valuesOfGroup(header, FRAME_CONTENT, '00189074')?.[0];
  const units = toTerm(first('00541001')) ?? unitsOfMapping(header);
  // A look at each block of a group takes long for each of a thousand frames.
  const philips = (element: string): number | undefined =>
    units === 'CNTS'
      ? toFiniteNumber(readPrivate(instance, '7053', element, 'Philips PET Private Group'))
      : undefined;
  return {
    units,
    suvType: toTerm(first('00541006')),
    corrections: readCorrections(instance),
    decayCorrection: toTerm(first('00541102')),
    correctedTo: toDateTime(first('00189701'), offset),
    weightInKg: number('00101030'),
    heightInM: number('00101020'),
    sex: toTerm(first('00100040')),
    injections: toList(instance.items('00540016').map((item) => readInjection(item, offset))),
    seriesAt: toDateAndTime(first('00080021'), first('00080031')),
    acquiredAt:
      toDateTime(frameAcquiredAt, offset) ??
      toDateAndTime(first('00080022'), first('00080032')) ??
      toDateTime(first('0008002A'), offset),
    readGeScan: () => toDateTime(readPrivate(instance, '0009', '0D', 'GEMS_PETD_01'), offset),
    philipsSuvFactor: philips('00'),
    philipsActivityFactor: philips('09'),
  };
}

/** Corrected Image, or the flags of enhanced images (PS3.3 C.8.22.3) in its terms. */
function readCorrections(instance: HeaderItem): readonly string[] | undefined {
  const terms = instance.values('00280051');
  if (terms) {
    return toTerms([...terms]);
  }
  const flags = [
    ['DECY', toTerm(instance.values('00189758')?.[0])],
    ['ATTN', toTerm(instance.values('00189759')?.[0])],
  ] as const;
  return flags.every(([, flag]) => flag === undefined)
    ? undefined
    : flags.flatMap(([term, flag]) => (flag === 'YES' ? [term] : []));
}

function readInjection(item: HeaderItem, offset: unknown): Injection {
  const first = (tag: string): unknown => item.values(tag)?.[0];
  return {
    at: toDateTime(first('00181078'), offset),
    secondsOfDay: toSecondsOfDay(first('00181072')),
    doseInBq: toFiniteNumber(first('00181074')),
    halfLifeInSeconds: toFiniteNumber(first('00181075')),
  };
}

const PIXEL_VALUE_TRANSFORMATION = ['00289145'];
const REAL_WORLD_VALUE_MAPPING_SEQUENCE = '00409096';

/** Units by the codes of UCUM (PS3.16 CID 84). */
const UNITS_OF_CODES: ReadonlyMap<unknown, string> = new Map([
  ['Bq/ml', 'BQML'],
  ['Bq/mL', 'BQML'],
  ['{SUVbw}g/ml', 'GML'],
  ['{SUVbw}g/mL', 'GML'],
  ['g/ml{SUVbw}', 'GML'],
  ['g/mL{SUVbw}', 'GML'],
]);

/**
 * The units of enhanced images, which are in the Real World Value Mapping (PS3.3 C.7.6.16.2.11): of the one that maps
 * stored values as the Pixel Value Transformation does.
 */
function unitsOfMapping(header: FrameHeader): string | undefined {
  const ofRescale = (tag: string): number | undefined =>
    toFiniteNumber(valuesOfGroup(header, PIXEL_VALUE_TRANSFORMATION, tag)?.[0]);
  const [intercept = 0, slope = 1] = ['00281052', '00281053'].map(ofRescale);
  const mappings = header.groups.flatMap((group) => group.items(REAL_WORLD_VALUE_MAPPING_SEQUENCE));
  const isRescale = (mapping: HeaderItem): boolean =>
    toFiniteNumber(mapping.values('00409225')?.[0]) === slope &&
    toFiniteNumber(mapping.values('00409224')?.[0]) === intercept;
  const [code] = mappings.find(isRescale)?.items('004008EA') ?? [];
  return UNITS_OF_CODES.get(toTerm(code?.values('00080100')?.[0]));
}

/**
 * The value of a private element in the block that its creator has reserved (PS3.5 7.8.1); in the first block, as
 * scanners write it, where the names of all creators were removed, as some tools for anonymisation do.
 *
 * @param element - lower byte of the element number
 */
function readPrivate(
  instance: HeaderItem,
  group: string,
  element: string,
  creator: string,
): unknown {
  let hasCreators = false;
  for (let block = 0x10; block <= 0xff; block++) {
    const digits = block.toString(16).toUpperCase();
    const name = instance.values(`${group}00${digits}`)?.[0];
    hasCreators ||= name !== undefined;
    const isReserved =
      typeof name === 'string' &&
      name.replaceAll('\0', '').trim().toUpperCase() === creator.toUpperCase();
    if (isReserved) {
      return withoutPadding(instance.values(`${group}${digits}${element}`)?.[0]);
    }
  }
  return hasCreators ? undefined : withoutPadding(instance.values(`${group}10${element}`)?.[0]);
}

function withoutPadding(value: unknown): unknown {
  return typeof value === 'string' ? value.replaceAll('\0', '').trim() : value;
}

/** The same from the modules that Cornerstone's providers make, without private elements. */
function fromModules(imageId: string): PetHeader {
  const { GENERAL_SERIES, PATIENT_STUDY, PET_ISOTOPE, PET_SERIES } = Enums.MetadataModules;
  const series = readOptional(GENERAL_SERIES, imageId);
  const patient = readOptional(PATIENT_STUDY, imageId);
  const pet = readOptional(PET_SERIES, imageId);
  const isotopes: unknown = readOptional(PET_ISOTOPE, imageId)?.['radiopharmaceuticalInfo'];
  return {
    ...NOTHING,
    units: toTerm(pet?.['units']),
    corrections: toList(toTerms(pet?.['correctedImage'])),
    decayCorrection: toTerm(pet?.['decayCorrection']),
    weightInKg: toFiniteNumber(patient?.['patientWeight']),
    heightInM: toFiniteNumber(patient?.['patientSize']),
    sex: toTerm(patient?.['patientSex']),
    injections: toList(
      (Array.isArray(isotopes) ? (isotopes as unknown[]) : [isotopes])
        .filter((isotope) => typeof isotope === 'object' && isotope !== null)
        .map((isotope) => injectionOfModule(isotope as MetadataModule)),
    ),
    seriesAt: toDateAndTime(series?.['seriesDate'], series?.['seriesTime']),
    acquiredAt: toDateAndTime(series?.['acquisitionDate'], series?.['acquisitionTime']),
  };
}

/** All of these are optional: a provider that throws for a module has none. */
function readOptional(type: string, imageId: string): MetadataModule | undefined {
  return askProvider(() => readModule(type, imageId));
}

function injectionOfModule(isotope: MetadataModule): Injection {
  return {
    at: toDateTime(isotope['radiopharmaceuticalStartDateTime'], undefined),
    secondsOfDay: toSecondsOfDay(isotope['radiopharmaceuticalStartTime']),
    doseInBq: toFiniteNumber(isotope['radionuclideTotalDose']),
    halfLifeInSeconds: toFiniteNumber(isotope['radionuclideHalfLife']),
  };
}

/** Several terms are an array, or a text with backslashes. */
function toTerms(value: unknown): string[] {
  const terms: unknown[] = Array.isArray(value)
    ? value
    : typeof value === 'string'
      ? value.split('\\')
      : [];
  return terms.flatMap((term) => toTerm(term) ?? []);
}

/** A defined term (VR CS), without padding. */
function toTerm(value: unknown): string | undefined {
  const text = typeof value === 'string' ? value.replaceAll('\0', '').trim() : '';
  return text === '' ? undefined : text;
}

function toList<T>(values: readonly T[]): readonly T[] | undefined {
  return values.length > 0 ? values : undefined;
}
