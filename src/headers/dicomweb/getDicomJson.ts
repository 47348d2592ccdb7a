import { isStreamingVolumeError, StreamingVolumeError } from '../../base/errors.js';
import { dataLimits, limitError } from '../../base/limits.js';
import { HttpError, plainRequest, readBody } from '../../base/transport/plainRequest.js';
import { requestFailure, retryRequest } from '../../base/transport/request.js';
import { isTransientStatus } from '../../base/transport/retryPolicy.js';
import type { RequestOptions } from '../../base/transport/retryPolicy.js';
import { withoutBlanks } from '../../base/withoutQueries.js';
import { valuesIn } from '../readModule.js';

/**
 * A DICOMweb service, or a static tree of files that is laid out as one. Failed requests are tried again as
 * the options say.
 */
export interface DicomWebService extends RequestOptions {
  /** Address of the service, with or without a slash at the end. */
  readonly wadoRsRoot: string;
  /** Sent with every request, for instance `Authorization`. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** How far a download is; `totalBytes` is undefined where the server does not say it. */
export interface DownloadProgress {
  readonly loadedBytes: number;
  readonly totalBytes: number | undefined;
}

/** A part of a list of data sets, and whether the server says that there are more of them. */
export interface DicomJsonPage {
  readonly entries: readonly DicomJson[];
  readonly hasMore: boolean;
  /** Of the JSON. */
  readonly byteLength: number;
}

/**
 * Holds the limit `jsonBytes` for a list that comes in pages: each of them may say that there is one more.
 */
export class PagesLimit {
  readonly #subject: string;
  #bytes = 0;

  /** @param subject - as the beginning of a sentence */
  constructor(subject: string) {
    this.#subject = subject;
  }

  /** @throws StreamingVolumeError with code `limit-exceeded` where this page is too much */
  add({ byteLength }: DicomJsonPage): void {
    const { jsonBytes } = dataLimits();
    this.#bytes += byteLength;
    if (this.#bytes > jsonBytes) {
      throw limitError('jsonBytes', this.#subject, jsonBytes);
    }
  }
}

/** How {@link getDicomJson} asks. */
interface DicomJsonOptions {
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
  /** Whether the files of a static tree are looked for where the service has no such list. Default: yes. */
  readonly mayBeStatic?: boolean;
  /** Whether a failure with this HTTP status is transient. Default: as for every request. */
  readonly isTransient?: (status: number) => boolean;
}

/**
 * Fetches a list of data sets. Where the service has none, it is looked for in the files that a static tree
 * may have instead.
 *
 * @param path - below the root, with the query
 * @throws StreamingVolumeError with code `series-fetch` (and the HTTP status), `series-body` or `limit-exceeded`, or
 *   `signal.reason`
 */
export async function getDicomJson(
  service: DicomWebService,
  path: string,
  { onProgress, mayBeStatic = true, isTransient = isTransientStatus }: DicomJsonOptions = {},
): Promise<DicomJsonPage> {
  const url = addressBelow(service, path);
  const headers = { Accept: 'application/dicom+json', ...service.headers };
  let hasMore = false;
  let body: ParsedJson | undefined;
  try {
    const response = await retryRequest(
      ({ onReceived, signal }) =>
        plainRequest(url, headers, {
          limit: 'jsonBytes',
          onReceived: (received) => {
            onReceived();
            onProgress?.(received);
          },
          signal,
        }),
      { ...service, isTransient },
    );
    hasMore = saysMore(response.status, response.headers);
    body = response.status === 204 ? NOTHING : await parse(response.bytes, url);
  } catch (cause) {
    service.signal?.throwIfAborted();
    throwIfTooLong(cause);
    const isStatic = mayBeStatic && mayBeStaticTree(service, cause);
    body = isStatic ? await getStaticJson(url, service) : undefined;
    if (body === undefined) {
      throw toFetchError(url, cause);
    }
  }
  // A file server may answer with a page that lists the files of a folder.
  body ??= mayBeStatic ? await getStaticJson(url, service) : undefined;
  if (!body || !isDicomJson(body.json)) {
    throw new StreamingVolumeError(
      'series-body',
      `${withoutBlanks(url)} did not answer with DICOM JSON`,
    );
  }
  return { entries: body.json, hasMore, byteLength: body.byteLength };
}

/** A list of objects (PS3.18 F.2.1). */
function isDicomJson(body: unknown): body is DicomJson[] {
  return (
    Array.isArray(body) &&
    body.every(
      (entry: unknown) => typeof entry === 'object' && entry !== null && !Array.isArray(entry),
    )
  );
}

/**
 * Whether a failure may be that of a file server without a file of this name. Some of them forbid folders, and
 * some object stores all that is missing; but {@link isRefusal} comes first, and a service answers in JSON.
 */
function mayBeStaticTree(service: DicomWebService, cause: unknown): boolean {
  if (!(cause instanceof HttpError) || isRefusal(service, cause.status)) {
    return false;
  }
  const isJson = /\bjson\b/i.test(cause.headers.get('Content-Type') ?? '');
  return cause.status === 404 || (cause.status === 403 && !isJson);
}

/** Whether the server refuses the credentials, or asks for some: no other request is made with them then. */
export function isRefusal({ headers = {} }: DicomWebService, status: number | undefined): boolean {
  return status === 401 || (status === 403 && Object.keys(headers).length > 0);
}

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

/** Servers that send a part of a list say so with a status, a warning (PS3.18 8.3.4.4) or a link. */
function saysMore(status: number, headers: Headers): boolean {
  return (
    status === 206 ||
    /^299\b/.test(headers.get('Warning') ?? '') ||
    /rel="?next"?/.test(headers.get('Link') ?? '')
  );
}

function toFetchError(url: string, cause: unknown): StreamingVolumeError {
  const { what, status, retryAfterMs } = requestFailure(cause);
  const details = { status, retryAfterMs, cause };
  return new StreamingVolumeError(
    'series-fetch',
    `The request of ${withoutBlanks(url)} ${what}`,
    details,
  );
}

/**
 * What a file server may have for a resource of DICOMweb: it knows no media types, and cannot have a
 * file and a folder of one name.
 */
const STATIC_ENDINGS = ['.gz', '.json', '.json.gz', '/index.json', '/index.json.gz'];

/**
 * Looks for the JSON of a DICOMweb resource in a static tree of files, under one name after the other, until
 * the server refuses the credentials or does not answer.
 *
 * @returns undefined where none of the files is there or holds JSON
 * @throws `signal.reason` after an abort
 */
async function getStaticJson(
  url: string,
  service: DicomWebService,
): Promise<ParsedJson | undefined> {
  const pathEnd = /[?#]|$/.exec(url)?.index ?? url.length;
  for (const ending of STATIC_ENDINGS) {
    const address = `${url.slice(0, pathEnd)}${ending}${url.slice(pathEnd)}`;
    try {
      const { bytes } = await retryRequest(
        ({ onReceived, signal }) =>
          plainRequest(address, service.headers ?? {}, { limit: 'jsonBytes', onReceived, signal }),
        // No response means that the server does not allow it to this page: it has just answered.
        { ...service, isTransient: (status) => status > 0 && isTransientStatus(status) },
      );
      const json = await parse(bytes, address);
      if (json !== undefined) {
        return json;
      }
    } catch (cause) {
      service.signal?.throwIfAborted();
      throwIfTooLong(cause);
      const { status } = requestFailure(cause);
      if (!status || isRefusal(service, status)) {
        return undefined;
      }
    }
  }
  return undefined;
}

/** A gzip file begins with these two bytes (RFC 1952 2.3.1). */
const GZIP_MAGIC = [0x1f, 0x8b] as const;

interface ParsedJson {
  readonly json: unknown;
  /** Of its text. */
  readonly byteLength: number;
}

const NOTHING: ParsedJson = { json: [], byteLength: 0 };

/** @returns undefined for what is not JSON, such as a page; what is compressed without saying so is JSON */
async function parse(bytes: Uint8Array<ArrayBuffer>, url: string): Promise<ParsedJson | undefined> {
  const isGzip = bytes[0] === GZIP_MAGIC[0] && bytes[1] === GZIP_MAGIC[1];
  try {
    const plain = isGzip ? await inflate(bytes, url) : [bytes];
    const text = new Blob(plain);
    return { json: (await new Response(text).json()) as unknown, byteLength: text.size };
  } catch (cause) {
    throwIfTooLong(cause);
    // The caller says that it is not the resource.
    return undefined;
  }
}

/** A few bytes can inflate to any length. */
async function inflate(
  bytes: Uint8Array<ArrayBuffer>,
  url: string,
): Promise<Uint8Array<ArrayBuffer>[]> {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  const { jsonBytes, errorBodyBytes } = dataLimits();
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  const limit = {
    bytes: jsonBytes,
    errorBytes: errorBodyBytes,
    tooLong: () =>
      limitError('jsonBytes', `The response of ${withoutBlanks(url)}, decompressed,`, jsonBytes),
  };
  await readBody(new Response(stream), limit, (piece) => {
    pieces.push(piece as Uint8Array<ArrayBuffer>);
  });
  return pieces;
}

function throwIfTooLong(cause: unknown): void {
  if (isStreamingVolumeError(cause, 'limit-exceeded')) {
    throw cause;
  }
}

/** A data set in the DICOM JSON model (PS3.18 F.2), by tag. */
export type DicomJson = Readonly<
  Record<string, { readonly Value?: readonly unknown[] } | undefined>
>;

/** The first value of an attribute, as a server has sent it: nothing is checked. */
export function firstValue(dataSet: DicomJson, tag: string): unknown {
  return valuesIn(dataSet[tag])[0];
}

/** The first value of an attribute as text, empty where there is none. Of a name, its letters. */
export function dicomJsonText(dataSet: DicomJson, tag: string): string {
  const value = firstValue(dataSet, tag);
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
