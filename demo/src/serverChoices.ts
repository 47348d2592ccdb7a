import { fetchSeries, listSeries } from '../../src/index.js';
import type { SeriesSummary } from '../../src/index.js';
import type { Choice } from './choice.js';
import { describeImages } from './describeImages.js';
import { patientText, seriesText, studyText } from './seriesTexts.js';

/** The series of a DICOMweb service. */
export async function serverChoices(wadoRsRoot: string): Promise<Choice[]> {
  const list = await listSeries({ wadoRsRoot });
  return list.map((series) => serverChoice(wadoRsRoot, series));
}

function serverChoice(wadoRsRoot: string, series: SeriesSummary): Choice {
  return {
    name: series.seriesInstanceUID,
    isLocal: false,
    patient: patientText(series),
    study: studyText(series),
    description: seriesText(series),
    modality: series.modality,
    imageCount: series.instanceCount,
    isRest: false,
    // 0 says that the service does not know it.
    timePointCount: Math.max(1, series.timePointCount),
    frameOfReferenceUID: series.frameOfReferenceUID || undefined,
    open: async () => describeImages(await fetchSeries({ wadoRsRoot, ...series })),
  };
}
