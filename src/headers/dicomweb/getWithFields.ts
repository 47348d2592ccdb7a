import { isStreamingVolumeError } from '../../base/errors.js';
import { isTransientStatus } from '../../base/transport/retryPolicy.js';
import { getDicomJson, isRefusal } from './getDicomJson.js';
import type { DicomJsonPage, DicomWebService } from './getDicomJson.js';

/** Some services fail with it where they do not know an attribute that is asked for. */
const INTERNAL_SERVER_ERROR = 500;

/**
 * Makes a {@link getDicomJson} that asks for attributes besides those that a service gives of itself (`includefield`,
 * PS3.18 8.3.4.3). A service may ignore them. One that refuses them, and a static tree that has no file of this name
 * with a query, is asked without them, this time and from then on; so is an address with a query of its own, which
 * may be signed.
 *
 * @param tags - of the attributes, as DICOM JSON writes them
 */
export function getWithFields(
  tags: readonly string[],
): (service: DicomWebService, path: string) => Promise<DicomJsonPage> {
  let areRefused = false;
  return async (service, path) => {
    if (areRefused || /[?#]/.test(service.wadoRsRoot)) {
      return getDicomJson(service, path);
    }
    const fields = tags.map((tag) => `includefield=${tag}`).join('&');
    const separator = path.includes('?') ? '&' : '?';
    try {
      return await getDicomJson(service, `${path}${separator}${fields}`, {
        mayBeStatic: false,
        isTransient: (status) => status !== INTERNAL_SERVER_ERROR && isTransientStatus(status),
      });
    } catch (error) {
      const isOfService =
        isStreamingVolumeError(error, 'series-body') ||
        (isStreamingVolumeError(error, 'series-fetch') && isFieldsRefusal(service, error.status));
      if (!isOfService) {
        throw error;
      }
      const page = await getDicomJson(service, path);
      areRefused = true;
      return page;
    }
  };
}

/** Whether an HTTP status may say that the service does not take the query. */
function isFieldsRefusal(service: DicomWebService, status: number | undefined): boolean {
  return (
    status !== undefined &&
    !isRefusal(service, status) &&
    (status === INTERNAL_SERVER_ERROR || !isTransientStatus(status))
  );
}
