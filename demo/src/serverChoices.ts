import { checkVolumeEligibility, fetchSeries, listSeries } from '../../src/index.js';
import type { SeriesSummary } from '../../src/index.js';
import type { Choice } from './choice.js';
import { patientText, seriesText, studyText } from './seriesTexts.js';

/** The series of a DICOMweb service. */
export async function serverChoices(wadoRsRoot: string): Promise<Choice[]> {
  const list = await listSeries({ wadoRsRoot });
  return list.map((series) => serverChoice(wadoRsRoot, series));
}

function serverChoice(wadoRsRoot: string, series: SeriesSummary): Choice {
  return {
    name: series.seriesInstanceUID,
    patient: patientText(series),
    study: studyText(series),
    description: seriesText(series),
    modality: series.modality,
    imageCount: series.instanceCount,
    isRest: false,
    open: async () => {
      const imageIds = await fetchSeries({ wadoRsRoot, ...series });
      const { eligible, reasons } = checkVolumeEligibility(imageIds);
      const warnings = reasons.filter(({ severity }) => severity === 'warning');
      return {
        imageIds,
        reasons: eligible ? [] : reasons,
        warnings: warnings.map(({ message }) => message),
      };
    },
  };
}
