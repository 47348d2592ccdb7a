import { checkRetryOptions } from '../../base/transport/retryPolicy.js';
import { dicomJsonNumber, dicomJsonText, getDicomJson, PagesLimit } from './getDicomJson.js';
import type { DicomJson, DicomJsonPage, DicomWebService } from './getDicomJson.js';
import { getWithFields } from './getWithFields.js';

/** Options of {@link listSeries}. */
export interface ListSeriesOptions extends DicomWebService {
  /** Default: the series of all studies. */
  readonly studyInstanceUID?: string | undefined;
}

/** What a series is called, for a list to choose from. Texts are empty where the server has none. */
export interface SeriesSummary {
  readonly studyInstanceUID: string;
  readonly seriesInstanceUID: string;
  /** As DICOM writes it: `Family^Given`. */
  readonly patientName: string;
  readonly studyDescription: string;
  readonly seriesDescription: string;
  readonly seriesNumber: string;
  readonly modality: string;
  /** 0 where the server does not say it. */
  readonly instanceCount: number;
  /**
   * Series with the same one can be drawn over each other. No service needs to know it of a series:
   * `fetchFrameOfReferenceUID` asks for one that is empty.
   */
  readonly frameOfReferenceUID: string;
  /** Number of Temporal Positions (0020,0105); 0 where the server does not say it. */
  readonly timePointCount: number;
  /** As DICOM writes them: `20240229` and `103000.25`. */
  readonly seriesDate: string;
  readonly seriesTime: string;
}

const FRAME_OF_REFERENCE_UID = '00200052';
const NUMBER_OF_TEMPORAL_POSITIONS = '00200105';
const SERIES_DATE = '00080021';
const SERIES_TIME = '00080031';

/** Attributes that a service may have of a series, and gives only where they are asked for. */
const FIELDS = [
  FRAME_OF_REFERENCE_UID,
  NUMBER_OF_TEMPORAL_POSITIONS,
  SERIES_DATE,
  SERIES_TIME,
] as const;

/** How many studies are asked for their series at once. */
const CONCURRENCY = 6;

/**
 * Lists the series of a DICOMweb service (QIDO-RS, PS3.18 10.6) or of a static tree, page by page where
 * the server sends pages. The first failure ends the list, and all requests for it.
 *
 * @throws StreamingVolumeError with code `series-fetch` (and the HTTP status), `series-body` or
 *   `limit-exceeded`, or `options.signal.reason`
 * @throws TypeError for a wrong option
 */
export async function listSeries(options: ListSeriesOptions): Promise<SeriesSummary[]> {
  checkRetryOptions(options);
  const { studyInstanceUID, signal } = options;
  const pages = new PagesLimit('The list of series');
  const counted =
    (getPage: GetPage): GetPage =>
    async (service, path) => {
      const page = await getPage(service, path);
      pages.add(page);
      return page;
    };
  const getSeries = counted(getWithFields(FIELDS));
  if (studyInstanceUID !== undefined) {
    return seriesOfStudy(options, { uid: studyInstanceUID, entry: {} }, getSeries);
  }
  const studies = await allPages(options, 'studies', counted(getDicomJson));
  const failed = new AbortController();
  const signals = [failed.signal, signal].filter((each) => each !== undefined);
  const service = { ...options, signal: AbortSignal.any(signals) };
  const lists: SeriesSummary[][] = [];
  const waiting = studies.entries();
  const work = async (): Promise<void> => {
    for (const [index, entry] of waiting) {
      const uid = dicomJsonText(entry, '0020000D');
      lists[index] = await seriesOfStudy(service, { uid, entry }, getSeries);
    }
  };
  try {
    await Promise.all(Array.from({ length: CONCURRENCY }, work));
  } catch (cause) {
    failed.abort(cause);
    throw cause;
  }
  return lists.flat();
}

type GetPage = (service: DicomWebService, path: string) => Promise<DicomJsonPage>;

interface Study {
  readonly uid: string;
  readonly entry: DicomJson;
}

async function seriesOfStudy(
  service: DicomWebService,
  study: Study,
  getPage: GetPage,
): Promise<SeriesSummary[]> {
  const entries = await allPages(service, `studies/${study.uid}/series`, getPage);
  return entries.map((entry) => toSummary(study.uid, { ...study.entry, ...entry }));
}

function toSummary(studyInstanceUID: string, entry: DicomJson): SeriesSummary {
  return {
    studyInstanceUID,
    seriesInstanceUID: dicomJsonText(entry, '0020000E'),
    patientName: dicomJsonText(entry, '00100010'),
    studyDescription: dicomJsonText(entry, '00081030'),
    seriesDescription: dicomJsonText(entry, '0008103E'),
    seriesNumber: dicomJsonText(entry, '00200011'),
    modality: dicomJsonText(entry, '00080060'),
    instanceCount: dicomJsonNumber(entry, '00201209'),
    frameOfReferenceUID: dicomJsonText(entry, FRAME_OF_REFERENCE_UID),
    timePointCount: toCount(dicomJsonNumber(entry, NUMBER_OF_TEMPORAL_POSITIONS)),
    seriesDate: dicomJsonText(entry, SERIES_DATE),
    seriesTime: dicomJsonText(entry, SERIES_TIME),
  };
}

function toCount(value: number): number {
  return Number.isInteger(value) && value > 0 ? value : 0;
}

/** A server that knows no offset sends the same page again: then it was the only one. */
async function allPages(
  service: DicomWebService,
  path: string,
  getPage: GetPage,
): Promise<DicomJson[]> {
  const found = new Map<string, DicomJson>();
  for (let hasMore = true; hasMore;) {
    const offset = found.size;
    const page = await getPage(service, `${path}${offset > 0 ? `?offset=${offset}` : ''}`);
    for (const entry of page.entries) {
      found.set(dicomJsonText(entry, '0020000E') || dicomJsonText(entry, '0020000D'), entry);
    }
    hasMore = (page.hasMore || page.entries.length >= SMALLEST_LIMIT) && found.size > offset;
  }
  return [...found.values()];
}

/** Some servers cut a list off silently; none is known to do so below this length. */
const SMALLEST_LIMIT = 100;
