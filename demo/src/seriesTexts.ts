import type { SeriesSummary } from '../../src/index.js';

/** `Family^Given` as it is read. */
export function patientText({ patientName }: SeriesSummary): string {
  return patientName.split('^').filter(Boolean).join(', ') || 'Unnamed patient';
}

/** The title of the study. */
export function studyText({ studyDescription }: SeriesSummary): string {
  return studyDescription || 'Study without description';
}

/** The title of the series. */
export function seriesText({ seriesDescription, seriesNumber }: SeriesSummary): string {
  return seriesDescription || `Series ${seriesNumber}`.trim();
}
