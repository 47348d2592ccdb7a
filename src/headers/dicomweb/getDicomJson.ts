import { api } from 'dicomweb-client';
import { StreamingVolumeError } from '../../base/errors.js';
import { requestFailure } from '../../base/transport/request.js';

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

/**
 * What a file server may have for a resource of DICOMweb: it knows no media types, and cannot have a
 * file and a folder of one name.
 */
export const STATIC_ENDINGS = ['.gz', '.json', '.json.gz', '/index.json', '/index.json.gz'];

/**
 * Looks for the JSON of a DICOMweb resource in a static tree of files.
 *
 * @param endings - of the names that are tried, one after the other
 * @returns undefined where none of the files is there or holds JSON
 */
export async function getStaticJson(
  url: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal | undefined,
  endings: readonly string[] = STATIC_ENDINGS,
): Promise<unknown> {
  const pathEnd = /[?#]|$/.exec(url)?.index ?? url.length;
  for (const ending of endings) {
    const address = `${url.slice(0, pathEnd)}${ending}${url.slice(pathEnd)}`;
    const response = await fetch(address, { headers: { ...headers }, signal: signal ?? null });
    // Some file servers answer with a page where nothing is, or with a list of the files.
    const json = response.ok
      ? await parse(new Uint8Array(await response.arrayBuffer()))
      : undefined;
    if (json !== undefined) {
      return json;
    }
  }
  return undefined;
}

/** A gzip file begins with these two bytes (RFC 1952 2.3.1). */
const GZIP_MAGIC = [0x1f, 0x8b] as const;

/** With a Content-Encoding the browser has unpacked the file already. */
async function parse(bytes: Uint8Array<ArrayBuffer>): Promise<unknown> {
  const isGzip = bytes[0] === GZIP_MAGIC[0] && bytes[1] === GZIP_MAGIC[1];
  try {
    const stream = new Blob([bytes]).stream();
    const plain = isGzip ? stream.pipeThrough(new DecompressionStream('gzip')) : stream;
    return (await new Response(plain).json()) as unknown;
  } catch {
    // What is not JSON is not the resource; the caller says so.
    return undefined;
  }
}

/** A data set in the DICOM JSON model (PS3.18 F.2), by tag. */
export type DicomJson = Readonly<
  Record<string, { readonly Value?: readonly unknown[] } | undefined>
>;

/** The first value of an attribute as text, empty where there is none. Of a name, its letters. */
export function dicomJsonText(dataSet: DicomJson, tag: string): string {
  const value = dataSet[tag]?.Value?.[0];
  if (typeof value === 'object' && value !== null) {
    const { Alphabetic } = value as { Alphabetic?: unknown };
    return typeof Alphabetic === 'string' ? Alphabetic : '';
  }
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** The first value of an attribute as a number, 0 where there is none. */
export function dicomJsonNumber(dataSet: DicomJson, tag: string): number {
  return Number(dicomJsonText(dataSet, tag)) || 0;
}
