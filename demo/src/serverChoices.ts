import { fetchSeries, listSeries } from '../../src/index.js';
import type { SeriesSummary } from '../../src/index.js';
import type { Choice } from './choice.js';
import { describeImages } from './describeImages.js';
import { fetchSeriesFacts } from './seriesFacts.js';
import type { SeriesFacts } from './seriesFacts.js';
import { patientText, seriesText, studyText } from './seriesTexts.js';

/** The series of a DICOMweb service. */
export async function serverChoices(wadoRsRoot: string): Promise<Choice[]> {
  const [list, facts] = await Promise.all([
    listSeries({ wadoRsRoot }),
    fetchSeriesFacts(wadoRsRoot),
  ]);
  return list.map((series) => serverChoice(wadoRsRoot, series, facts));
}

function serverChoice(
  wadoRsRoot: string,
  series: SeriesSummary,
  facts: ReadonlyMap<string, SeriesFacts>,
): Choice {
  const { frameOfReferenceUID, timePointCount = 1 } = facts.get(series.seriesInstanceUID) ?? {};
  return {
    name: series.seriesInstanceUID,
    patient: patientText(series),
    study: studyText(series),
    description: seriesText(series),
    modality: series.modality,
    imageCount: series.instanceCount,
    isRest: false,
    timePointCount,
    frameOfReferenceUID,
    open: async () => describeImages(await fetchSeries({ wadoRsRoot, ...series })),
  };
}
