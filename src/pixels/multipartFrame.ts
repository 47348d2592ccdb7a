import { StreamingVolumeError } from '../errors.js';

/** One frame cut out of a response. */
export interface FrameBody {
  /** A view of the response; nothing is copied. */
  readonly bytes: Uint8Array;
  /** Content-Type of the part, or of the whole response when that is not multipart. */
  readonly contentType: string;
}

const TAB = 9;
const LF = 10;
const CR = 13;
const SPACE = 32;
const DASH = 45;
/** No server sends longer part headers; beyond this a body is not multipart. */
const LONGEST_HEADERS = 16384;

/**
 * Cuts the first part out of a `multipart/related` response (RFC 2387, PS3.18 8.6.1.2.1).
 *
 * Only the headers at the start and the delimiter at the end are looked at: the length comes from
 * the part's Content-Length, from `nativeLength`, or from the closing delimiter, never from a search
 * through the pixels. A response of a single part (PS3.18 8.6.1.2.2) is taken as it is.
 *
 * @param nativeLength - bytes that the frame has when it is not compressed
 * @throws StreamingVolumeError with code `frame-body` for a body that is cut off or is not a frame
 */
export function readFrameBody(
  response: Uint8Array,
  contentType: string,
  nativeLength: number,
  imageId: string,
): FrameBody {
  const fail = (what: string): never => {
    throw new StreamingVolumeError('frame-body', `${what} (${imageId})`, { imageIds: [imageId] });
  };
  if (response.length === 0) {
    return fail('The response of a frame is empty');
  }
  if (!/^\s*multipart\//i.test(contentType)) {
    if (/^\s*(text\/|application\/(dicom\+)?json)/i.test(contentType)) {
      return fail(`The response of a frame is ${contentType}`);
    }
    return { bytes: response, contentType };
  }
  const delimiterStart = response[0] === CR && response[1] === LF ? 2 : 0;
  const delimiterEnd = findLineEnd(response, delimiterStart);
  const delimiter = withoutPadding(response.subarray(delimiterStart, delimiterEnd));
  if (delimiter.length < 3 || delimiter[0] !== DASH || delimiter[1] !== DASH) {
    return fail('A multipart response does not begin with a boundary');
  }
  const headers = readHeaders(response, delimiterEnd + 2);
  if (!headers) {
    return fail('A multipart response has no part headers');
  }
  const declaredLength = Number.parseInt(headers.fields.get('content-length') ?? '', 10);
  const candidates = [declaredLength, nativeLength].map((length) => headers.end + length);
  const end =
    candidates.find((candidate) => isDelimiterAt(response, candidate, delimiter)) ??
    findClosingDelimiter(response, headers.end, delimiter);
  if (end === undefined) {
    return fail('A multipart response is cut off before its closing boundary');
  }
  return {
    bytes: response.subarray(headers.end, end),
    contentType: headers.fields.get('content-type') ?? '',
  };
}

/** A delimiter line may end in blanks, which are not a part of the delimiter (RFC 2046 5.1.1). */
function withoutPadding(line: Uint8Array): Uint8Array {
  const end = line.findLastIndex((byte) => byte !== SPACE && byte !== TAB) + 1;
  return line.subarray(0, end);
}

function findLineEnd(bytes: Uint8Array, start: number): number {
  const limit = Math.min(bytes.length - 1, start + LONGEST_HEADERS);
  for (let i = start; i < limit; i++) {
    if (bytes[i] === CR && bytes[i + 1] === LF) {
      return i;
    }
  }
  return start;
}

/** Header fields in lower case, and where the body begins. */
function readHeaders(
  bytes: Uint8Array,
  start: number,
): { fields: Map<string, string>; end: number } | undefined {
  const fields = new Map<string, string>();
  let lineStart = start;
  while (lineStart - start < LONGEST_HEADERS && lineStart + 1 < bytes.length) {
    if (bytes[lineStart] === CR && bytes[lineStart + 1] === LF) {
      return { fields, end: lineStart + 2 };
    }
    const lineEnd = findLineEnd(bytes, lineStart);
    if (lineEnd === lineStart) {
      return undefined;
    }
    const line = String.fromCharCode(...bytes.subarray(lineStart, lineEnd));
    const colon = line.indexOf(':');
    if (colon > 0) {
      fields.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
    }
    lineStart = lineEnd + 2;
  }
  return undefined;
}

/** Whether CR LF and the delimiter stand at `index`. */
function isDelimiterAt(bytes: Uint8Array, index: number, delimiter: Uint8Array): boolean {
  if (!(index + 2 + delimiter.length <= bytes.length)) {
    return false;
  }
  if (bytes[index] !== CR || bytes[index + 1] !== LF) {
    return false;
  }
  return delimiter.every((byte, i) => bytes[index + 2 + i] === byte);
}

/** The delimiter nearest to the end: for a request of one frame that is the closing one. */
function findClosingDelimiter(
  bytes: Uint8Array,
  bodyStart: number,
  delimiter: Uint8Array,
): number | undefined {
  const last = bytes.length - delimiter.length - 2;
  const first = Math.max(bodyStart, last - LONGEST_HEADERS);
  for (let i = last; i >= first; i--) {
    if (isDelimiterAt(bytes, i, delimiter)) {
      return i;
    }
  }
  return undefined;
}
