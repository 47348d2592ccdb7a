import { isStreamingVolumeError, StreamingVolumeError } from '../../base/errors.js';
import { dataLimits, limitError } from '../../base/limits.js';
import type { StreamingVolumeErrorCode } from '../../base/errors.js';
import { requestFailure } from '../../base/transport/request.js';
import type { RequestOptions } from '../../base/transport/retryPolicy.js';
import { fileSource, httpSource } from './ByteSource.js';
import type { ByteRange, ByteSource } from './ByteSource.js';
import { localFile } from './part10Files.js';
import type { Part10ImageId } from './part10Files.js';
import type { HeaderFault } from './readElements.js';
import { readPart10Header } from './readPart10Header.js';
import { lookUpVr, toDicomJson } from './toDicomJson.js';
import type { DicomJson } from './toDicomJson.js';

/** The header of a file, and the file where all of it has come. */
export interface FetchedHeader {
  readonly json: DicomJson;
  /** All bytes of a file behind an address, where they came with the header. */
  readonly wholeFile: Uint8Array<ArrayBuffer> | undefined;
}

/** Enough for the header of nearly every file with one frame. */
const FIRST_BYTES = 64 * 1024;

const FAULT_CODES: Readonly<Record<HeaderFault, StreamingVolumeErrorCode>> = {
  'not-dicom': 'header-not-dicom',
  truncated: 'header-truncated',
  malformed: 'header-malformed',
};

/**
 * Fetches the header of a Part-10 file: its first 64 KB, and more only where the header is longer.
 *
 * @param imageId - of any frame, for errors and for the application's hooks
 * @throws StreamingVolumeError with code `header-fetch` (and the HTTP status), `header-html`,
 *   `header-not-dicom`, `header-truncated`, `header-malformed` or `limit-exceeded`; or `signal.reason`
 */
export async function fetchHeader(
  imageId: string,
  parsed: Part10ImageId,
  options: RequestOptions,
): Promise<FetchedHeader> {
  try {
    return await readFrom(openSource(imageId, parsed, options), imageId, parsed.isLocal);
  } catch (cause) {
    options.signal?.throwIfAborted();
    if (isStreamingVolumeError(cause)) {
      throw cause;
    }
    const { what, status, retryAfterMs } = requestFailure(cause);
    throw new StreamingVolumeError('header-fetch', `The request of a header ${what} (${imageId})`, {
      imageIds: [imageId],
      status,
      retryAfterMs,
      cause,
    });
  }
}

function openSource(imageId: string, parsed: Part10ImageId, options: RequestOptions): ByteSource {
  if (!parsed.isLocal) {
    return httpSource(parsed.url, imageId, options);
  }
  const file = localFile(parsed);
  if (!file) {
    throw new StreamingVolumeError(
      'header-fetch',
      `dicom-image-loader's fileManager has no such file: add it anew (${imageId})`,
      { imageIds: [imageId] },
    );
  }
  return fileSource(file);
}

async function readFrom(
  source: ByteSource,
  imageId: string,
  isLocal: boolean,
): Promise<FetchedHeader> {
  let bytes = new Uint8Array(0);
  let end = FIRST_BYTES;
  let next: Promise<ByteRange> | undefined;
  let isCertain = true;
  const { headerBytes } = dataLimits();
  for (;;) {
    const range = await (next ?? source.read(bytes.length, end));
    next = undefined;
    isCertain = range.isWhole || (isCertain && range.isCertain);
    const isEnd = range.bytes.length === 0;
    bytes = range.isWhole ? range.bytes : joined(bytes, range.bytes);
    const totalBytes = isEnd ? bytes.length : range.totalBytes;
    const reading = await readPart10Header(bytes, totalBytes, lookUpVr);
    if (reading.kind === 'error' && source.readWhole && !range.isWhole) {
      // The length of a file that a server tells with a part of it may be wrong.
      next = reading.fault === 'truncated' || !isCertain ? source.readWhole() : undefined;
      if (next) {
        continue;
      }
    }
    if (reading.kind === 'error') {
      throw new StreamingVolumeError(
        FAULT_CODES[reading.fault],
        `The header of a file cannot be read: ${reading.message} (${imageId})`,
        { imageIds: [imageId] },
      );
    }
    if (reading.kind === 'header') {
      if (reading.byteLength > headerBytes) {
        throw limitError('headerBytes', 'The header of a file', headerBytes, imageId);
      }
      const isWhole = range.isWhole || bytes.length === totalBytes;
      return {
        json: toDicomJson(reading.header, lookUpVr),
        wholeFile: isWhole && !isLocal ? bytes : undefined,
      };
    }
    if (Math.max(bytes.length, reading.byteLength) > headerBytes) {
      throw limitError('headerBytes', 'The header of a file', headerBytes, imageId);
    }
    // Behind the element that is not all there, more of them may come. Each piece doubles what is there: the header is
    // read from its start each time.
    const wanted = Math.max(reading.byteLength + FIRST_BYTES / 4, 2 * bytes.length);
    end = Math.min(wanted, headerBytes + FIRST_BYTES / 4);
  }
}

function joined(
  first: Uint8Array<ArrayBuffer>,
  second: Uint8Array<ArrayBuffer>,
): Uint8Array<ArrayBuffer> {
  if (first.length === 0) {
    return second;
  }
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
