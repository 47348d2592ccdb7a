import type { SeriesSummary } from '../../src/index.js';

/** `Family^Given` as it is read. */
export function patientText({ patientName }: SeriesSummary): string {
  return patientName.split('^').filter(Boolean).join(', ') || 'Unnamed patient';
}

/** What the study is called. */
export function studyText({ studyDescription }: SeriesSummary): string {
  return studyDescription || 'Study without description';
}

/** What the series is called. */
export function seriesText({ seriesDescription, seriesNumber }: SeriesSummary): string {
  return seriesDescription || `Series ${seriesNumber}`.trim();
}
