import { checkRetryOptions } from '../../base/transport/retryPolicy.js';
import { dicomJsonText, getDicomJson } from './getDicomJson.js';
import type { DicomWebService } from './getDicomJson.js';

/** A series of a DICOMweb service. */
export interface SeriesAddress extends DicomWebService {
  readonly studyInstanceUID: string;
  readonly seriesInstanceUID: string;
}

const FRAME_OF_REFERENCE_UID = '00200052';
const SOP_INSTANCE_UID = '00080018';

/**
 * Reads the frame of reference of a series from one of its instances, where `listSeries` does not give it: one or two
 * small requests (QIDO-RS for one instance, then its metadata). Series with the same frame of reference can be drawn
 * over each other.
 *
 * A static tree has no list of instances. There `fetchSeries` gives it: the `imagePlaneModule` of any of the imageIds
 * has it.
 *
 * @returns empty where the series has no instance, or its first one no frame of reference
 * @throws StreamingVolumeError with code `series-fetch` (and the HTTP status) or `series-body`, or
 *   `options.signal.reason`
 * @throws TypeError for a wrong option
 */
export async function fetchFrameOfReferenceUID(options: SeriesAddress): Promise<string> {
  checkRetryOptions(options);
  const { studyInstanceUID, seriesInstanceUID } = options;
  const instances = `studies/${studyInstanceUID}/series/${seriesInstanceUID}/instances`;
  const query = `limit=1&includefield=${FRAME_OF_REFERENCE_UID}`;
  const of = { mayBeStatic: false };
  const [listed = {}] = (await getDicomJson(options, `${instances}?${query}`, of)).entries;
  const stated = dicomJsonText(listed, FRAME_OF_REFERENCE_UID);
  const uid = dicomJsonText(listed, SOP_INSTANCE_UID);
  if (stated !== '' || uid === '') {
    return stated;
  }
  const [instance = {}] = (await getDicomJson(options, `${instances}/${uid}/metadata`, of)).entries;
  return dicomJsonText(instance, FRAME_OF_REFERENCE_UID);
}
