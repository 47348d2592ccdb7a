/** Headers of an instance (PS3.18 F.2). */
export type DicomJson = Record<string, { readonly Value?: readonly unknown[] } | undefined>;

/** The truth of the pixels; see SeriesTruth of bench/server/BenchSeries.mjs. */
interface Truth {
  readonly bands: readonly (readonly number[])[];
  readonly hashes: readonly number[];
  readonly intercept: number;
  readonly transferSyntax: string;
}

/** A series of the server. */
export interface Series {
  /** In the server's order, from the feet up. */
  readonly imageIds: string[];
  /** Addresses of the same images as DICOM files, which not every series has. */
  readonly fileUrls: readonly string[];
  /** Of each image. */
  readonly headers: readonly DicomJson[];
  readonly voxelsPerFrame: number;
  /** The levels that the bands of a slice have, from the first row to the last. */
  readonly bandsOf: (imageId: string) => readonly number[];
  /** The hash of the modality values of an image; see hashOf. */
  readonly hashOf: (imageId: string) => number;
  /** Added to stored values. */
  readonly intercept: number;
  /** Of the frames as they are sent. */
  readonly transferSyntax: string;
  /** Headers that requests for frames need. */
  readonly frameHeaders: Readonly<Record<string, string>>;
}

/** @param address - `/series/<name>` */
export async function fetchSeries(
  address: string,
  frameHeaders: Series['frameHeaders'] = {},
): Promise<Series> {
  const root = new URL(address, location.href).href;
  const headers = await fetchJson<DicomJson[]>(`${root}/metadata`);
  const { bands, hashes, intercept, transferSyntax } = await fetchJson<Truth>(`${root}/truth`);
  const imageIds = headers.map((instance) => {
    const sopInstanceUID = String(instance['00080018']?.Value?.[0]);
    return `wadors:${root}/instances/${sopInstanceUID}/frames/1`;
  });
  const [rows, columns] = ['00280010', '00280011'].map((tag) => Number(headers[0]?.[tag]?.Value));
  const indexes = new Map(imageIds.map((imageId, index) => [imageId, index]));
  const indexOf = (imageId: string): number => indexes.get(imageId) ?? -1;
  return {
    imageIds,
    fileUrls: imageIds.map((_, index) => `${root}/files/${index + 1}`),
    headers,
    voxelsPerFrame: (rows ?? 0) * (columns ?? 0),
    bandsOf: (imageId) => bands[indexOf(imageId)] ?? [],
    hashOf: (imageId) => hashes[indexOf(imageId)] ?? Number.NaN,
    intercept,
    transferSyntax,
    frameHeaders,
  };
}

async function fetchJson<T>(url: string): Promise<T> {
  const response = await fetch(url);
  if (!response.ok) {
    throw new Error(`${url} answered ${response.status}`);
  }
  return (await response.json()) as T;
}
