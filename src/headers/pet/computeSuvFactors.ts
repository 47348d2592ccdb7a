import { calculateSUVScalingFactors } from '@cornerstonejs/calculate-suv';
import { nearestMoment } from './petTimes.js';
import type { Injection, PetHeader } from './readPetHeader.js';
import { isFactor } from './suvProvider.js';
import type { NoSuv, SuvFactors } from './suvProvider.js';

/**
 * Computes the SUV factors of a frame by the rules of the Quantitative Imaging Biomarkers Alliance: SUV by body weight
 * is the activity in Bq/ml times the weight in g, divided by the injected dose in Bq. The dose is decayed to the
 * moment that the activity is decay-corrected to, which for Decay Correction START is the start of the scan, and for
 * ADMIN the injection.
 *
 * @param earliestAcquisition - Acquisition Date and Time of the earliest frame of the series, in seconds since 1970
 */
export function computeSuvFactors(
  pet: PetHeader,
  earliestAcquisition: number | undefined,
): SuvFactors | NoSuv {
  const { units, suvType, corrections, philipsSuvFactor, philipsActivityFactor } = pet;
  if (units === undefined) {
    return isMissing('Units (0054,1001)');
  }
  if (units === 'GML') {
    return suvType === undefined || suvType === 'BW'
      ? forSuv(pet, 1)
      : { code: 'suv-type', why: `the values are SUV of the type ${suvType} (0054,1006) already` };
  }
  const isInCounts = units === 'CNTS';
  if (units !== 'BQML' && !isInCounts) {
    return { code: 'units', why: `Units (0054,1001) is ${units}, which has no SUV` };
  }
  if (isInCounts && !isFactor(philipsSuvFactor) && !isFactor(philipsActivityFactor)) {
    return {
      code: 'units',
      why:
        'Units (0054,1001) is CNTS, and the header has neither an SUV Scale Factor (7053,1000) nor an Activity ' +
        'Concentration Scale Factor (7053,1009) of Philips',
    };
  }
  if (!corrections) {
    return isMissing('Corrected Image (0028,0051)');
  }
  const lacking = ['ATTN', 'DECY'].filter((term) => !corrections.includes(term));
  if (lacking.length > 0) {
    return {
      code: 'not-corrected',
      why: `Corrected Image (0028,0051) is ${corrections.join('\\')}, without ${lacking.join(' and ')}`,
    };
  }
  if (isInCounts && isFactor(philipsSuvFactor)) {
    return forSuv(pet, philipsSuvFactor);
  }
  const activity = isInCounts && isFactor(philipsActivityFactor) ? philipsActivityFactor : 1;
  return forActivity(pet, activity, earliestAcquisition);
}

function isMissing(name: string): NoSuv {
  return { code: 'header-missing', why: `${name} is missing` };
}

/** The factors where the one by body weight is known; the others need the weight too. */
function forSuv(pet: PetHeader, suvbw: number): SuvFactors {
  if (!isFactor(pet.weightInKg)) {
    return { suvbw };
  }
  const { suvbw: ofDose, suvlbm, suvbsa } = forDose(pet, pet.weightInKg, pet.weightInKg * 1000);
  return {
    suvbw,
    ...(suvlbm !== undefined && { suvlbm: (suvbw * suvlbm) / ofDose }),
    ...(suvbsa !== undefined && { suvbsa: (suvbw * suvbsa) / ofDose }),
  };
}

/**
 * The factors for an activity concentration.
 *
 * @param activity - makes Bq/ml of the rescaled values
 */
function forActivity(
  pet: PetHeader,
  activity: number,
  earliestAcquisition: number | undefined,
): SuvFactors | NoSuv {
  const { weightInKg, injections = [] } = pet;
  if (!isFactor(weightInKg)) {
    return notPositive("Patient's Weight (0010,1030)", weightInKg);
  }
  const [injection] = injections;
  if (!injection) {
    return isMissing('Radiopharmaceutical Information Sequence (0054,0016)');
  }
  if (injections.length > 1) {
    return {
      code: 'injection',
      why: `the Radiopharmaceutical Information Sequence (0054,0016) has ${injections.length} injections`,
    };
  }
  const { doseInBq } = injection;
  if (!isFactor(doseInBq)) {
    return notPositive('Radionuclide Total Dose (0018,1074)', doseInBq);
  }
  const left = decay(pet, injection, earliestAcquisition);
  return typeof left === 'number' ? forDose(pet, weightInKg, (doseInBq * left) / activity) : left;
}

function notPositive(name: string, value: number | undefined): NoSuv {
  return value === undefined
    ? isMissing(name)
    : { code: 'header-missing', why: `${name} is ${value}, and not above 0` };
}

/** The part of the dose that is left at the moment that the values are decay-corrected to. */
function decay(
  pet: PetHeader,
  injection: Injection,
  earliestAcquisition: number | undefined,
): number | NoSuv {
  const { decayCorrection, correctedTo } = pet;
  if (correctedTo === undefined) {
    if (decayCorrection === 'ADMIN') {
      return 1;
    }
    if (decayCorrection === undefined) {
      return isMissing('Decay Correction (0054,1102)');
    }
    if (decayCorrection !== 'START') {
      return {
        code: 'decay-correction',
        why: `Decay Correction (0054,1102) is ${decayCorrection}, and not START or ADMIN`,
      };
    }
  }
  const { halfLifeInSeconds } = injection;
  if (!isFactor(halfLifeInSeconds)) {
    return notPositive('Radionuclide Half Life (0018,1075)', halfLifeInSeconds);
  }
  const moment = correctedTo ?? startOfScan(pet, earliestAcquisition);
  if (moment === undefined) {
    return isMissing('Series Date and Time (0008,0021), (0008,0031)');
  }
  const { at, secondsOfDay } = injection;
  const injectedAt =
    at ?? (secondsOfDay === undefined ? undefined : nearestMoment(secondsOfDay, moment));
  if (injectedAt === undefined) {
    return isMissing('Radiopharmaceutical Start DateTime (0018,1078) or Time (0018,1072)');
  }
  const seconds = moment - injectedAt;
  const left = 2 ** (-seconds / halfLifeInSeconds);
  if (seconds < 0 || left < LEAST_LEFT) {
    return {
      code: 'injection',
      why:
        seconds < 0
          ? `the injection is ${-seconds} s later than the scan`
          : `the injection is ${seconds} s before the scan, so that nothing of the dose is left`,
    };
  }
  return left;
}

/** Less of a dose than this cannot be measured: of 1 GBq, one decay in a second. */
const LEAST_LEFT = 1e-9;

/**
 * The start of the scan for Decay Correction START: Series Date and Time, unless a frame was acquired before, as
 * where a workstation has made the series. Then it is the private date and time of GE, or the start of the
 * earliest frame.
 */
function startOfScan(
  { seriesAt, readGeScan }: PetHeader,
  earliestAcquisition: number | undefined,
): number | undefined {
  const isOriginal =
    seriesAt !== undefined &&
    (earliestAcquisition === undefined || seriesAt <= earliestAcquisition);
  return isOriginal ? seriesAt : (readGeScan() ?? earliestAcquisition);
}

const ONE_MOMENT = { date: '20000101', time: '000000' };

/**
 * The factors for values in Bq/ml of a dose in Bq at the moment that they are decay-corrected to.
 *
 * Workaround: calculate-suv (1.0.3) corrects each dose for decay, also for Decay Correction ADMIN
 * (calculateSUVScalingFactors.ts), reads .005 s as .5 s (combineDateTime.ts), ignores offsets from UTC
 * (dateTimeToFullDateInterface.ts) and refuses a scan past midnight (calculateStartTime.ts); it computes other
 * kinds of SUV for BQML alone, throws for a sex other than M and F, and writes to the console without a size. So it
 * gets the dose that is left, no time passes, and factors that need what is not known are left out. Remove when it
 * corrects these.
 */
function forDose({ heightInM, sex }: PetHeader, weightInKg: number, doseInBq: number): SuvFactors {
  const hasSize = isFactor(heightInM);
  const isKnownSex = sex === 'M' || sex === 'F';
  const [factors] = calculateSUVScalingFactors([
    {
      Units: 'BQML',
      CorrectedImage: ['ATTN', 'DECY'],
      DecayCorrection: 'START',
      RadionuclideTotalDose: doseInBq,
      RadionuclideHalfLife: 1,
      RadiopharmaceuticalStartDateTime: ONE_MOMENT.date + ONE_MOMENT.time,
      SeriesDate: ONE_MOMENT.date,
      SeriesTime: ONE_MOMENT.time,
      AcquisitionDate: ONE_MOMENT.date,
      AcquisitionTime: ONE_MOMENT.time,
      PatientWeight: weightInKg,
      PatientSize: hasSize ? heightInM : 1,
      PatientSex: isKnownSex ? sex : 'M',
    },
  ]);
  const { suvbw = 0, suvlbm, suvbsa } = factors ?? {};
  return {
    suvbw,
    ...(hasSize && isKnownSex && isFactor(suvlbm) && { suvlbm }),
    ...(hasSize && isFactor(suvbsa) && { suvbsa }),
  };
}
