import { wadors } from '@cornerstonejs/dicom-image-loader';
import { karmaFixtures } from './karmaFixtures.js';

export type DicomJson = Record<string, { readonly Value?: readonly unknown[] }>;

/** A series of the fixture server, with its headers registered in Cornerstone. */
export interface DicomWebSeries {
  /** `wadors:` imageIds, in the order of the server. */
  readonly imageIds: string[];
  readonly instances: readonly DicomJson[];
}

/** The DICOMweb root of a data set, or undefined where the data are not on this machine. */
export function dicomWebRoot(name: string): string | undefined {
  return (karmaFixtures['roots'] as Record<string, string>)[name];
}

/** Names of the data sets with a prefix. */
export function dataSets(prefix: string): string[] {
  return Object.keys(karmaFixtures['roots'] as Record<string, string>).filter((name) =>
    name.startsWith(prefix),
  );
}

/** Fetches the headers of the first (or only) series under a DICOMweb root, as an application does. */
export async function fetchSeries(root: string, seriesIndex = 0): Promise<DicomWebSeries> {
  const allSeries = await fetchJson(`${root}/series`);
  const series = allSeries[seriesIndex] as DicomJson;
  return fetchSeriesByUid(root, dicomText(series, '0020000D'), dicomText(series, '0020000E'));
}

/** Fetches the headers of one series. */
export async function fetchSeriesByUid(
  root: string,
  study: string,
  uid: string,
): Promise<DicomWebSeries> {
  const instances = await fetchJson(`${root}/studies/${study}/series/${uid}/metadata`);
  const imageIds = instances.flatMap((instance) => {
    const sop = dicomText(instance, '00080018');
    const base = `wadors:${root}/studies/${study}/series/${uid}/instances/${sop}/frames`;
    const frames = Number(instance['00280008']?.Value?.[0] ?? 1);
    return Array.from({ length: frames }, (_, i) => {
      const imageId = `${base}/${i + 1}`;
      wadors.metaDataManager.add(imageId, instance as never);
      return imageId;
    });
  });
  return { imageIds, instances };
}

/** The stored values of a native 16 bit frame, read from the file. */
export async function fetchStoredValues(
  imageId: string,
  isSigned: boolean,
): Promise<Int16Array | Uint16Array> {
  const url = `${imageId.slice('wadors:'.length)}?singlePart=1`;
  const response = await fetch(url, { headers: { Accept: 'application/octet-stream' } });
  const bytes = await response.arrayBuffer();
  return isSigned ? new Int16Array(bytes) : new Uint16Array(bytes);
}

/** How many requests for frames the fixture server has answered since the last reset. */
export async function countFrameRequests(): Promise<number> {
  const response = await fetch(
    `${String(karmaFixtures['origin'])}/__requests/count?match=/frames/`,
  );
  return ((await response.json()) as { count: number }).count;
}

/** Makes the fixture server forget the requests so far. */
export async function clearRequests(): Promise<void> {
  await fetch(`${String(karmaFixtures['origin'])}/__requests/clear`, { method: 'POST' });
}

async function fetchJson(url: string): Promise<DicomJson[]> {
  const response = await fetch(url, { headers: { Accept: 'application/dicom+json' } });
  if (!response.ok) {
    throw new Error(`${url}: ${response.status}`);
  }
  return (await response.json()) as DicomJson[];
}

/** The first value of an attribute, as text. */
export function dicomText(instance: DicomJson, tag: string): string {
  return String(instance[tag]?.Value?.[0]);
}
