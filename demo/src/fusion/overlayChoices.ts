import type { Choice } from '../choice.js';

/** What fits best over other images comes first. */
const ORDER = ['PT', 'NM', 'RTDOSE'];

/**
 * The series that can be laid over another one: those with the same frame of reference. Series of several time
 * points are neither laid over others nor others over them.
 *
 * @param base - the open series
 */
export function overlayChoices(base: Choice | undefined, choices: readonly Choice[]): Choice[] {
  if (base?.frameOfReferenceUID === undefined || !isOneVolume(base)) {
    return [];
  }
  return choices
    .filter(
      (each) =>
        each !== base &&
        isOneVolume(each) &&
        each.frameOfReferenceUID === base.frameOfReferenceUID &&
        each.patient === base.patient,
    )
    .sort((a, b) => rank(a) - rank(b));
}

function isOneVolume({ isRest, timePointCount }: Choice): boolean {
  return !isRest && timePointCount === 1;
}

function rank({ modality }: Choice): number {
  const place = ORDER.indexOf(modality);
  return place < 0 ? ORDER.length : place;
}
