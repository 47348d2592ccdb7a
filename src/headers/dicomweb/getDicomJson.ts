import { api } from 'dicomweb-client';
import { StreamingVolumeError } from '../../base/errors.js';
import { requestFailure } from '../../base/transport/requestFailure.js';
import type { DicomJson } from './dicomJsonText.js';
import { getStaticJson, STATIC_ENDINGS } from './getStaticJson.js';

/** A DICOMweb service, or a static tree of files that is laid out as one. */
export interface DicomWebService {
  /** Address of the service, with or without a slash at the end. */
  readonly wadoRsRoot: string;
  /** Sent with every request, for instance `Authorization`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Ends all requests. */
  readonly signal?: AbortSignal;
}

/** How far a download is; `totalBytes` is undefined where the server does not say it. */
export interface DownloadProgress {
  readonly loadedBytes: number;
  readonly totalBytes: number | undefined;
}

/** What dicomweb-client's methods take besides their own. */
export interface ClientRequest {
  readonly instance: XMLHttpRequest;
  readonly progressCallback?: (event: ProgressEvent) => void;
}

type Client = InstanceType<typeof api.DICOMwebClient>;

/** A part of a list of data sets, and whether the server says that more of them can be had. */
export interface DicomJsonPage {
  readonly entries: readonly DicomJson[];
  readonly hasMore: boolean;
}

/**
 * Sends one request with dicomweb-client. Where nothing is found, the answer is looked for in the files
 * that a static tree may have in its place.
 *
 * @param path - below the root, with the query
 * @param send - calls the client's method for the path; the query is added here
 * @throws StreamingVolumeError with code `series-fetch` (and the HTTP status) or `series-body`, or
 *   `signal.reason`
 */
export async function getDicomJson(
  service: DicomWebService,
  path: string,
  send: (client: Client, request: ClientRequest) => unknown,
  onProgress?: (progress: DownloadProgress) => void,
): Promise<DicomJsonPage> {
  const { signal, headers = {} } = service;
  signal?.throwIfAborted();
  const url = addressBelow(service, path);
  const client = new api.DICOMwebClient({
    url,
    headers: { ...headers },
    verbose: false,
    singlepart: false,
  });
  const instance = new XMLHttpRequest();
  // The client has no parameter for the rest of metadata that a server has sent in part.
  instance.open = (method: string) => {
    XMLHttpRequest.prototype.open.call(instance, method, url, true);
  };
  const abort = (): void => {
    instance.abort();
  };
  signal?.addEventListener('abort', abort, { once: true });
  let body: unknown;
  try {
    const progressCallback = ({ loaded, total, lengthComputable }: ProgressEvent): void =>
      onProgress?.({ loadedBytes: loaded, totalBytes: lengthComputable ? total : undefined });
    body = await send(client, { instance, progressCallback });
  } catch (cause) {
    signal?.throwIfAborted();
    if (!NOT_THERE.has(instance.status)) {
      throw toFetchError(url, cause);
    }
    body = await getStaticJson(url, headers, signal);
    if (body === undefined) {
      throw toFetchError(url, cause);
    }
  } finally {
    signal?.removeEventListener('abort', abort);
  }
  // A file whose name does not tell that it is compressed comes as it is, and of a folder comes a page.
  body ??= await getStaticJson(url, headers, signal, ['', ...STATIC_ENDINGS]);
  if (!Array.isArray(body)) {
    throw new StreamingVolumeError('series-body', `${url} did not answer with DICOM JSON`);
  }
  return { entries: body as DicomJson[], hasMore: hasMore(instance) };
}

/** File servers forbid folders, and some object stores all that is not there. */
const NOT_THERE: ReadonlySet<number> = new Set([403, 404]);

/**
 * The address of a resource of a service. A query that the service's own address has, such as a signature,
 * is kept.
 *
 * @param path - below the root, with or without a query
 */
export function addressBelow({ wadoRsRoot }: DicomWebService, path: string): string {
  const end = /[?#]|$/.exec(wadoRsRoot)?.index ?? wadoRsRoot.length;
  const root = wadoRsRoot.slice(0, end).replace(/\/+$/, '');
  const query = wadoRsRoot.slice(end).replace(/#.*$/, '');
  return `${root}/${query === '' ? path : path.replace(/\?|$/, (mark) => query + (mark && '&'))}`;
}

/**
 * Servers that send a part of a list say so with a status, a warning (PS3.18 8.3.4.4) or a link.
 */
function hasMore(request: XMLHttpRequest): boolean {
  return (
    request.status === 206 ||
    /^299\b/.test(request.getResponseHeader('Warning') ?? '') ||
    /rel="?next"?/.test(request.getResponseHeader('Link') ?? '')
  );
}

function toFetchError(url: string, cause: unknown): StreamingVolumeError {
  const { status, retryAfterMs } = requestFailure(cause);
  const what = status ? `answered with HTTP status ${status}` : 'cannot be reached';
  const details = { status, retryAfterMs, cause };
  return new StreamingVolumeError('series-fetch', `${url} ${what}`, details);
}
