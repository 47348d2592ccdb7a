import { wadors } from '@cornerstonejs/dicom-image-loader';
import { karmaFixtures } from './karmaFixtures.js';
import { giveAnswers } from './serverControls.js';

/** A series that the fixture server serves with the bytes of a spec. */
export interface ServedSeriesOptions {
  readonly columns: number;
  readonly rows: number;
  readonly bitsAllocated: number;
  readonly samplesPerPixel?: number;
  readonly slices?: number;
  /** Available Transfer Syntax UID; default: none. */
  readonly storedSyntax?: string;
  /** Of every frame. */
  readonly contentType?: string;
  /** Of every frame, as sent over the network; or of each. */
  readonly body: Uint8Array | readonly Uint8Array[];
  /** Rescale Slope and Intercept. Default 1 and 0. */
  readonly rescale?: readonly [slope: number, intercept: number];
  /** Whether byte ranges are sent. */
  readonly ranges?: boolean;
  readonly etag?: string;
  /** The origin that has the frames, where the address in their imageIds redirects to it. */
  readonly redirectTo?: string;
  /** Of the address of each frame, with its question mark. */
  readonly query?: string;
}

let seriesCount = 0;

/**
 * Adds a series that repeats one frame to the fixture server, and its headers to dicom-image-loader.
 *
 * @returns `wadors:` imageIds
 */
export async function serveSeries(options: ServedSeriesOptions): Promise<string[]> {
  seriesCount += 1;
  const { slices = 3, contentType, body, ranges, etag, redirectTo, query = '' } = options;
  const paths = Array.from(
    { length: slices },
    (_, slice) => `/served/${seriesCount}/instances/${slice + 1}/frames/1${query}`,
  );
  const headers = {
    ...(contentType === undefined ? {} : { 'Content-Type': contentType }),
    ...(etag === undefined ? {} : { ETag: etag }),
  };
  const bodyOf = (slice: number): Uint8Array =>
    body instanceof Uint8Array ? body : (body[slice] as Uint8Array);
  const redirects = paths.map((path) => ({
    path,
    status: 302,
    headers: { Location: `${redirectTo}/moved${path}` },
    body: new Uint8Array(0),
  }));
  await giveAnswers([
    ...(redirectTo === undefined ? [] : redirects),
    ...paths.map((path, slice) => ({
      path: redirectTo === undefined ? path : `/moved${path}`,
      headers,
      body: bodyOf(slice),
      ...(ranges === undefined ? {} : { ranges }),
    })),
  ]);
  return paths.map((path, slice) => {
    const imageId = `wadors:${String(karmaFixtures['origin'])}${path}`;
    wadors.metaDataManager.add(imageId, header(options, slice) as never);
    return imageId;
  });
}

/** Builds a `multipart/related` body of one part. */
export function multipartBody(part: Uint8Array, fields: readonly string[]): Uint8Array {
  const head = new TextEncoder().encode(
    `--b\r\n${fields.map((each) => `${each}\r\n`).join('')}\r\n`,
  );
  const tail = new TextEncoder().encode('\r\n--b--\r\n');
  return Uint8Array.from([...head, ...part, ...tail]);
}

function header(
  {
    columns,
    rows,
    bitsAllocated,
    samplesPerPixel = 1,
    storedSyntax,
    rescale: [slope, intercept] = [1, 0],
  }: ServedSeriesOptions,
  slice: number,
): Record<string, { vr: string; Value: unknown[] }> {
  const uid = `1.2.3.${seriesCount}`;
  return {
    ...(storedSyntax === undefined ? {} : { '00083002': { vr: 'UI', Value: [storedSyntax] } }),
    '00080016': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.2'] },
    '00080018': { vr: 'UI', Value: [`${uid}.${slice + 1}`] },
    '00080060': { vr: 'CS', Value: ['CT'] },
    '0020000D': { vr: 'UI', Value: [`${uid}.0.1`] },
    '0020000E': { vr: 'UI', Value: [`${uid}.0.2`] },
    '00200052': { vr: 'UI', Value: [`${uid}.0.3`] },
    '00200013': { vr: 'IS', Value: [slice + 1] },
    '00200032': { vr: 'DS', Value: [0, 0, 2 * slice] },
    '00200037': { vr: 'DS', Value: [1, 0, 0, 0, 1, 0] },
    '00280002': { vr: 'US', Value: [samplesPerPixel] },
    ...(samplesPerPixel > 1 ? { '00280006': { vr: 'US', Value: [0] } } : {}),
    '00280004': { vr: 'CS', Value: [samplesPerPixel > 1 ? 'RGB' : 'MONOCHROME2'] },
    '00280010': { vr: 'US', Value: [rows] },
    '00280011': { vr: 'US', Value: [columns] },
    '00280030': { vr: 'DS', Value: [1, 1] },
    '00280100': { vr: 'US', Value: [bitsAllocated] },
    '00280101': { vr: 'US', Value: [bitsAllocated] },
    '00280102': { vr: 'US', Value: [bitsAllocated - 1] },
    '00280103': { vr: 'US', Value: [0] },
    '00281052': { vr: 'DS', Value: [intercept] },
    '00281053': { vr: 'DS', Value: [slope] },
  };
}
