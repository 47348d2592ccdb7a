import { Enums, metaData } from '@cornerstonejs/core';
import { isStreamingVolumeError, StreamingVolumeError } from '../../base/errors.js';
import { SharedRequests } from '../../base/SharedRequests.js';
import { checkRetryOptions } from '../../base/transport/retryPolicy.js';
import type { RequestOptions } from '../../base/transport/retryPolicy.js';
import { trimPalettes } from '../color/trimPalettes.js';
import { withNuclearFramePlanes } from '../readFramePlane.js';
import type { FetchedHeader } from './fetchHeader.js';
import { provideHeaders, registerHeader, unregisterHeader } from './headerProvider.js';
import {
  addPart10File,
  createPart10File,
  dropRemovedFiles,
  expectFrames,
  findPart10File,
  isMisreadByImageLoader,
  keepBytes,
  localFile,
  parsePart10ImageId,
} from './part10Files.js';
import type { Part10File, Part10ImageId } from './part10Files.js';
import { part10Reader } from './part10Reader.js';
import type { DicomJson } from './toDicomJson.js';

/** How far the headers are. */
export interface PrefetchProgress {
  /** Files whose header is registered, or could not be. */
  readonly done: number;
  /** Files whose header was missing. */
  readonly total: number;
}

/** Options of {@link prefetchMetadata}; an abort leaves the headers that are registered by then. */
export interface PrefetchOptions extends RequestOptions {
  /** Most requests at once. Default 6. */
  readonly concurrency?: number | undefined;
  /** Called after each file. */
  readonly onProgress?: ((progress: PrefetchProgress) => void) | undefined;
}

/**
 * Reads the headers of Part-10 files (`wadouri:`, `dicomweb:`, `dicomfile:`) and registers them in
 * Cornerstone: `metaData.get` then answers for every imageId that was given.
 *
 * One request a file asks for its first 64 KB; where the header is longer, for more. Where a server sends
 * whole files only, they are kept in Cornerstone's image cache until their frames have been loaded, as far as
 * there is room; the cache may evict them. imageIds whose metadata Cornerstone has already cost nothing.
 *
 * @param imageIds - in any order, with `?frame=` or `&frame=` for the frames of a multi-frame file
 * @throws StreamingVolumeError with code `metadata-fetch` when headers could not be fetched or read: `errors`
 *   holds one error for each file, with its own code and imageIds; the headers of the others are registered
 * @throws `options.signal.reason` after an abort
 * @throws TypeError for a wrong option
 */
export async function prefetchMetadata(
  imageIds: readonly string[],
  options: PrefetchOptions = {},
): Promise<void> {
  const { signal, concurrency = 6, onProgress } = options;
  if (!Number.isInteger(concurrency) || concurrency < 1) {
    throw new TypeError(
      `Expected concurrency to be a positive integer, got ${String(concurrency)}`,
    );
  }
  checkRetryOptions(options);
  signal?.throwIfAborted();
  provideHeaders();
  dropRemovedFiles().forEach(unregister);
  const { files, errors } = missingFiles(imageIds);
  const total = files.length;
  const waiting = files.values();
  let done = 0;
  const work = async (): Promise<void> => {
    for (const file of waiting) {
      const error = await tryFetch(file, options);
      if (error) {
        errors.push(error);
      }
      done += 1;
      onProgress?.({ done, total });
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, total) }, work));
  if (errors.length > 0) {
    throw toPrefetchError(errors, imageIds);
  }
}

/** Whether an imageId is of a Part-10 file, and its header has to be fetched before its pixels. */
export function lacksPart10Metadata(imageId: string): boolean {
  return parsePart10ImageId(imageId) !== undefined && lacksHeader(imageId);
}

/**
 * Whether Cornerstone has no metadata; or it has, but dicom-image-loader would fetch the pixels from another
 * address, so that the file has to be registered here.
 */
function lacksHeader(imageId: string): boolean {
  return !hasMetadata(imageId) || (isMisreadByImageLoader(imageId) && !findPart10File(imageId));
}

interface MissingFile {
  readonly parsed: Part10ImageId;
  readonly imageIds: [string, ...string[]];
}

function missingFiles(imageIds: readonly string[]): {
  files: MissingFile[];
  errors: StreamingVolumeError[];
} {
  const byKey = new Map<string, MissingFile>();
  const unknown: string[] = [];
  for (const imageId of imageIds.filter(lacksHeader)) {
    const parsed = parsePart10ImageId(imageId);
    const file = parsed && byKey.get(parsed.key);
    if (file) {
      file.imageIds.push(imageId);
    } else if (parsed) {
      byKey.set(parsed.key, { parsed, imageIds: [imageId] });
    } else {
      unknown.push(imageId);
    }
  }
  const message = `${unknown.length} imageIds without metadata are not of a DICOM file: ${unknown[0]}`;
  const errors =
    unknown.length > 0
      ? [new StreamingVolumeError('metadata-missing', message, { imageIds: unknown })]
      : [];
  return { files: [...byKey.values()], errors };
}

/** A provider that throws has no metadata. */
function hasMetadata(imageId: string): boolean {
  try {
    return metaData.get(Enums.MetadataModules.IMAGE_PIXEL, imageId) !== undefined;
  } catch {
    return false;
  }
}

const headers = new SharedRequests<void>();

/** Registers the header of a file, and returns why that failed. */
async function tryFetch(
  { parsed, imageIds }: MissingFile,
  options: RequestOptions,
): Promise<StreamingVolumeError | undefined> {
  const [imageId] = imageIds;
  const { signal } = options;
  const start = async (sharedSignal: AbortSignal): Promise<void> => {
    const local = localFile(parsed);
    const { fetchHeader } = part10Reader.part ?? (await part10Reader.fetch());
    const fetched = await fetchHeader(imageId, parsed, { ...options, signal: sharedSignal });
    register(parsed, imageId, local, fetched);
  };
  try {
    await headers.get(parsed.key, start, signal);
  } catch (cause) {
    signal?.throwIfAborted();
    if (!isStreamingVolumeError(cause)) {
      throw cause;
    }
    const { code, message, status, retryAfterMs } = cause;
    return new StreamingVolumeError(code, message, {
      imageIds,
      status,
      retryAfterMs,
      cause: cause.cause,
    });
  }
  if (findPart10File(imageId)?.bytes) {
    expectFrames(imageIds);
  }
  return undefined;
}

function register(
  { key }: Part10ImageId,
  imageId: string,
  local: File | undefined,
  { json: asWritten, wholeFile }: FetchedHeader,
): void {
  let json: DicomJson;
  let headerImageId: string;
  try {
    json = trimPalettes(withNuclearFramePlanes(asWritten));
    headerImageId = registerHeader(json);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new StreamingVolumeError(
      'header-malformed',
      `The header of a file cannot be registered in Cornerstone: ${why} (${imageId})`,
      { imageIds: [imageId], cause },
    );
  }
  const file = createPart10File(headerImageId, json, local);
  const replaced = addPart10File(key, file);
  if (replaced) {
    unregister(replaced);
  }
  if (wholeFile) {
    keepBytes(file, wholeFile);
  }
}

function unregister({ headerImageId, askedFrames }: Part10File): void {
  unregisterHeader(headerImageId, askedFrames);
}

/** How many causes the message names. */
const NAMED_CAUSES = 3;

function toPrefetchError(
  errors: readonly StreamingVolumeError[],
  imageIds: readonly string[],
): StreamingVolumeError {
  const failed = new Set(errors.flatMap((error) => error.imageIds));
  const named = errors.slice(0, NAMED_CAUSES).map(({ message }) => message);
  const rest = errors.length - named.length;
  const causes = [...named, ...(rest > 0 ? [`and ${rest} more`] : [])].join('; ');
  return new StreamingVolumeError(
    'metadata-fetch',
    `The headers of ${failed.size} of ${imageIds.length} images could not be read: ${causes}`,
    { imageIds: imageIds.filter((imageId) => failed.has(imageId)), errors },
  );
}
