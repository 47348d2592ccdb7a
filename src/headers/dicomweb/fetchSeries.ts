import { wadors } from '@cornerstonejs/dicom-image-loader';
import { StreamingVolumeError } from '../../base/errors.js';
import { dataLimits, limitError } from '../../base/limits.js';
import { checkRetryOptions } from '../../base/transport/retryPolicy.js';
import { keepOwnAttributes } from '../frameHeader.js';
import { withNuclearFramePlanes } from '../readFramePlane.js';
import { describeValue, toFrameCount } from '../readModule.js';
import type { SeriesAddress } from './fetchFrameOfReferenceUID.js';
import {
  addressBelow,
  dicomJsonNumber,
  dicomJsonText,
  firstValue,
  getDicomJson,
  PagesLimit,
} from './getDicomJson.js';
import type { DicomJson, DownloadProgress } from './getDicomJson.js';

/** Options of {@link fetchSeries}. */
export interface FetchSeriesOptions extends SeriesAddress {
  /** Called while the metadata arrive; the numbers begin anew with each page and each try. */
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
}

const ROWS = '00280010';
const NUMBER_OF_FRAMES = '00280008';
const SOP_INSTANCE_UID = '00080018';

/**
 * Fetches the metadata of a series (WADO-RS, PS3.18 10.4) and registers them in Cornerstone.
 *
 * One request has the metadata of all instances; more are sent only where the server says that it sent
 * a part. A static tree on a file server will do too: `studies/…/series/…/metadata`, as it is or with
 * `.gz`, `.json`, `.json.gz`, `/index.json` or `/index.json.gz` behind it, and frames as files of one part.
 *
 * @returns `wadors:` imageIds of all frames, those of multi-frame instances one by one, in the order of
 *   the server; instances without pixels have none
 * @throws StreamingVolumeError with code `series-fetch` (and the HTTP status), `series-body` or
 *   `limit-exceeded`, or `options.signal.reason`
 * @throws TypeError for a wrong option
 */
export async function fetchSeries(options: FetchSeriesOptions): Promise<string[]> {
  checkRetryOptions(options);
  const { studyInstanceUID, seriesInstanceUID, onProgress } = options;
  const path = `studies/${studyInstanceUID}/series/${seriesInstanceUID}`;
  const instances = new Map<string, DicomJson>();
  const pages = new PagesLimit('The metadata of a series');
  for (let hasMore = true; hasMore;) {
    const offset = instances.size;
    const query = offset > 0 ? `?offset=${offset}` : '';
    const page = await getDicomJson(options, `${path}/metadata${query}`, { onProgress });
    pages.add(page);
    for (const instance of page.entries) {
      instances.set(dicomJsonText(instance, SOP_INSTANCE_UID), instance);
    }
    // A server that knows no offset sends the same again.
    hasMore = page.hasMore && instances.size > offset;
  }
  const counted = [...instances].map(([uid, instance]) => {
    const addressOf = (frameNumber: number): string =>
      `wadors:${addressBelow(options, `${path}/instances/${uid}/frames/${frameNumber}`)}`;
    return { instance, addressOf, frameCount: countFrames(instance, addressOf(1)) };
  });
  const { framesPerFile } = dataLimits();
  if (counted.reduce((sum, { frameCount }) => sum + frameCount, 0) > framesPerFile) {
    throw limitError('framesPerFile', 'A series', framesPerFile);
  }
  return counted.flatMap(({ instance, addressOf, frameCount }) => {
    const imageIds = Array.from({ length: frameCount }, (_, index) => addressOf(index + 1));
    register(instance, imageIds);
    return imageIds;
  });
}

/**
 * @param imageId - of the first frame, for the error
 * @returns 0 for an instance without pixels
 */
function countFrames(instance: DicomJson, imageId: string): number {
  if (dicomJsonNumber(instance, ROWS) === 0) {
    return 0;
  }
  const stated = firstValue(instance, NUMBER_OF_FRAMES);
  const count = toFrameCount(stated);
  if (count === undefined) {
    throw new StreamingVolumeError(
      'series-body',
      `Number of Frames of an instance is ${describeValue(stated)}, and not a whole number up to ${dataLimits().framesPerFile}: ` +
        `the metadata have to be corrected on the server (${imageId})`,
      { imageIds: [imageId] },
    );
  }
  return count;
}

function register(instance: DicomJson, imageIds: readonly string[]): void {
  if (imageIds.length === 0) {
    return;
  }
  const withPlanes = withNuclearFramePlanes(instance);
  keepOwnAttributes(withPlanes);
  for (const imageId of imageIds) {
    wadors.metaDataManager.add(imageId, withPlanes as never);
  }
}
