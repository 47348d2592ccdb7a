import { wadors } from '@cornerstonejs/dicom-image-loader';

/** One series as the server lists it. */
export interface Series {
  readonly studyUID: string;
  readonly seriesUID: string;
  readonly patientName: string;
  readonly studyDescription: string;
  readonly description: string;
  readonly modality: string;
  readonly instanceCount: number;
}

type DicomJson = Record<string, { readonly Value?: readonly unknown[] } | undefined>;

/**
 * Lists the series of all studies (QIDO-RS, PS3.18 10.6).
 *
 * @param root - address of the DICOMweb service, without a slash at the end
 * @throws Error with the address, and the HTTP status where there is one
 */
export async function fetchSeriesList(root: string): Promise<Series[]> {
  const studies = await fetchDicomJson(`${root}/studies`);
  const lists = await Promise.all(
    studies.map(async (study) => {
      const studyUID = text(study, '0020000D');
      const series = await fetchDicomJson(`${root}/studies/${studyUID}/series`);
      return series.map((entry) => toSeries(studyUID, study, entry));
    }),
  );
  return lists.flat();
}

/**
 * Fetches the headers of a series and gives them to the image loader.
 *
 * @returns the imageIds of all frames, in the server's order
 * @throws Error with the address, and the HTTP status where there is one
 */
export async function fetchImageIds(
  root: string,
  { studyUID, seriesUID }: Series,
): Promise<string[]> {
  const series = `${root}/studies/${studyUID}/series/${seriesUID}`;
  const instances = await fetchDicomJson(`${series}/metadata`);
  return instances.flatMap((instance) => {
    const frames = `wadors:${series}/instances/${text(instance, '00080018')}/frames`;
    wadors.metaDataManager.add(`${frames}/1`, instance as never);
    const count = Number(text(instance, '00280008')) || 1;
    return Array.from({ length: count }, (_, index) => `${frames}/${index + 1}`);
  });
}

async function fetchDicomJson(url: string): Promise<DicomJson[]> {
  const response = await fetch(url, { headers: { Accept: 'application/dicom+json' } }).catch(
    (cause: unknown) => {
      throw new Error(`${url} cannot be reached`, { cause });
    },
  );
  if (!response.ok) {
    throw new Error(`${url} answered ${response.status} ${response.statusText}`);
  }
  return response.status === 204 ? [] : ((await response.json()) as DicomJson[]);
}

function toSeries(studyUID: string, study: DicomJson, series: DicomJson): Series {
  const number = text(series, '00200011');
  return {
    studyUID,
    seriesUID: text(series, '0020000E'),
    patientName: text(study, '00100010') || 'Unnamed patient',
    studyDescription: text(study, '00081030') || 'Study without description',
    description: text(series, '0008103E') || `Series ${number}`.trim(),
    modality: text(series, '00080060') || 'OT',
    instanceCount: Number(text(series, '00201209')) || 0,
  };
}

/** The first value as text; names in the order family, given. */
function text(dataSet: DicomJson, tag: string): string {
  const value = dataSet[tag]?.Value?.[0];
  if (typeof value === 'object' && value !== null) {
    const { Alphabetic = '' } = value as { Alphabetic?: string };
    return Alphabetic.split('^').filter(Boolean).join(', ');
  }
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
