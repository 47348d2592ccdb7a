import { wadors } from '@cornerstonejs/dicom-image-loader';

type DicomJson = Record<string, { readonly Value?: readonly unknown[] } | undefined>;

/** A series of the server with its headers registered in Cornerstone. */
export interface Series {
  /** In the server's order, from the feet up. */
  readonly imageIds: string[];
  /** The levels that the bands of an image have, from the first row to the last. */
  readonly bandsOf: (imageId: string) => readonly number[];
  /** The most that a voxel differs from the level of its band. */
  readonly noise: number;
}

/** @param address - `/series/<name>` */
export async function fetchSeries(address: string): Promise<Series> {
  const root = new URL(address, location.href).href;
  const instances = await fetchJson<DicomJson[]>(`${root}/metadata`);
  const { noise, bands } = await fetchJson<{ noise: number; bands: number[][] }>(`${root}/truth`);
  const imageIds = instances.map((instance) => {
    const sopInstanceUID = String(instance['00080018']?.Value?.[0]);
    const imageId = `wadors:${root}/instances/${sopInstanceUID}/frames/1`;
    wadors.metaDataManager.add(imageId, instance as never);
    return imageId;
  });
  const indexes = new Map(imageIds.map((imageId, index) => [imageId, index]));
  return {
    imageIds,
    noise,
    bandsOf: (imageId) => bands[indexes.get(imageId) ?? -1] ?? [],
  };
}

async function fetchJson<T>(url: string): Promise<T> {
  const response = await fetch(url);
  if (!response.ok) {
    throw new Error(`${url} answered ${response.status}`);
  }
  return (await response.json()) as T;
}
