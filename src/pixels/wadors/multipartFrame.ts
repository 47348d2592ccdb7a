import { StreamingVolumeError } from '../../base/errors.js';
import { quotable } from '../../base/withoutQueries.js';

/** One frame cut out of a response. */
export interface FrameBody {
  /** A view of the response; nothing is copied. */
  readonly bytes: Uint8Array;
  /**
   * Content-Type of the part, or of the whole response when that is not multipart. What the part does not
   * say is taken from the response.
   */
  readonly contentType: string;
}

/** Media types that are no frame of pixels (PS3.18 8.7.3): pages, headers, whole files, pictures for the screen. */
const NO_FRAME =
  /^(text\/.*|application\/(dicom|json|xml|pdf|xhtml\+xml|.+\+json|.+\+xml)|image\/(png|gif|webp|bmp|svg\+xml))$/;

const OCTETS = 'application/octet-stream';

/**
 * Cuts the first frame out of a `multipart/related` response (RFC 2046 5.1, RFC 2387, PS3.18 8.6.1.2.1).
 *
 * The boundary is that of the response's header, or else the first line of the body that begins with two dashes. Only
 * the headers at the start and the delimiter at the end are read: the length comes from the part's Content-Length, from
 * `nativeLength`, or from the last delimiter, never from a search through the pixels. A line may end in LF
 * alone; where only the delimiter determines the length, a CR before it belongs to it unless the part's own lines
 * end in LF. A response of a single part (PS3.18 8.6.1.2.2) is taken as it is.
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
  const type = parseMediaType(contentType);
  if (!type.essence.startsWith('multipart/')) {
    return NO_FRAME.test(type.essence)
      ? fail(`The response of a frame is ${quotable(contentType)}`)
      : { bytes: response, contentType };
  }
  let line = findDelimiterLine(response, type.parameters.get('boundary'), 0);
  while (line) {
    const { delimiter } = line;
    const headers = readPartHeaders(response, line.end);
    if (!headers) {
      return fail('A multipart response has no part headers');
    }
    const ownType = headers.fields.get('content-type') ?? '';
    const { essence } = parseMediaType(ownType);
    if (NO_FRAME.test(essence)) {
      line = findDelimiterLine(response, delimiter.slice(2), headers.end);
      if (line?.delimiter !== delimiter) {
        return fail(`The response of a frame is ${quotable(ownType)}`);
      }
      continue;
    }
    const encoding = headers.fields.get('content-transfer-encoding') ?? 'binary';
    if (/^(base64|quoted-printable)$/i.test(encoding)) {
      return fail(`A part of a multipart response is encoded as ${encoding}`);
    }
    const declaredLength = Number.parseInt(headers.fields.get('content-length') ?? '', 10);
    const endsInLf = line.endsInLf && headers.endsInLf;
    const candidates = [declaredLength, nativeLength]
      .map((length) => headers.end + length)
      .filter((candidate) => candidate >= headers.end);
    // The line end of the other lines first: what a wrong length points to may look like half of it.
    const end =
      candidates.find((at) => isDelimiterAt(response, at, delimiter, endsInLf ? 'LF' : 'CRLF')) ??
      candidates.find((at) => isDelimiterAt(response, at, delimiter, 'any')) ??
      findClosingDelimiter(response, headers.end, delimiter, endsInLf);
    return end === undefined
      ? fail('A multipart response is cut off before its closing boundary')
      : { bytes: response.subarray(headers.end, end), contentType: typeOfPart(ownType, type) };
  }
  return fail('A multipart response does not begin with a boundary');
}

/**
 * The bytes of a frame as far as they have come, without the headers of its part; of a whole response also the delimiter
 * behind them. A response that does not begin with a delimiter is taken as it is.
 *
 * @param response - from its first byte on
 * @returns a view; undefined where the headers of the part are not there whole
 */
export function beginningOfFrame(response: Uint8Array): Uint8Array | undefined {
  const first = response.subarray(0, 4);
  const start = first.findIndex((byte) => byte !== CR && byte !== LF);
  if (start < 0 || start > 2) {
    return undefined;
  }
  if (response[start] !== DASH || (response[start + 1] ?? DASH) !== DASH) {
    return response;
  }
  const line = findDelimiterLine(response, undefined, start);
  const headers = line && readPartHeaders(response, line.end);
  return headers && response.subarray(headers.end);
}

/** Some servers name media type and transfer syntax in the header of the whole response only. */
function typeOfPart(ownType: string, outer: MediaType): string {
  const own = parseMediaType(ownType);
  const inner = parseMediaType(outer.parameters.get('type') ?? '');
  const lacksType = own.essence === '' || own.essence === OCTETS;
  const essence = lacksType && inner.essence !== '' ? inner.essence : own.essence;
  const ownSyntax = namedSyntax(own);
  const syntax = ownSyntax ?? namedSyntax(outer) ?? namedSyntax(inner);
  if (essence === own.essence && syntax === ownSyntax) {
    return ownType;
  }
  return syntax === undefined ? essence : `${essence}; transfer-syntax=${syntax}`;
}

const TAB = 9;
const LF = 10;
const CR = 13;
const SPACE = 32;
const DASH = 45;

/** The longest preamble, in bytes; a body with more before its first part is not multipart. */
const LONGEST_PREAMBLE = 65536;
/** In bytes; RFC 2046 5.1.1 allows 70. A longer line is no boundary. */
const LONGEST_BOUNDARY = 256;

/** A line that begins a part. */
export interface DelimiterLine {
  /** Two dashes and the boundary, as Latin-1. */
  readonly delimiter: string;
  /** Index of the byte behind the end of the line. */
  readonly end: number;
  /** Whether the line ends in LF without CR. */
  readonly endsInLf: boolean;
}

/**
 * Finds the next line that is the delimiter of a part, and not the closing one (RFC 2046 5.1.1); blanks may follow it.
 *
 * @param boundary - of the response's header. Where that has none, or the body has not that one, the
 *   first line that begins with two dashes is taken for the delimiter
 */
function findDelimiterLine(
  bytes: Uint8Array,
  boundary: string | undefined,
  start: number,
): DelimiterLine | undefined {
  const head = bytes.subarray(start, start + LONGEST_PREAMBLE);
  // A boundary cannot end in blanks: those of the header are not part of it.
  const wanted = boundary?.trimEnd() ?? '';
  let guess: DelimiterLine | undefined;
  for (let at = 0; at < head.length;) {
    const lineEnd = head.subarray(at).indexOf(LF);
    if (lineEnd < 0) {
      break;
    }
    const line = head.subarray(at, at + lineEnd);
    at += lineEnd + 1;
    if (line[0] !== DASH || line[1] !== DASH || line.length > LONGEST_BOUNDARY + 4) {
      continue;
    }
    const endsInLf = line[line.length - 1] !== CR;
    const delimiter = latin1(line).trimEnd();
    const found = { delimiter, end: start + at, endsInLf };
    if (wanted !== '' && (delimiter === `--${wanted}` || delimiter === wanted)) {
      return found;
    }
    guess ??= delimiter.length > 2 ? found : undefined;
  }
  return guess;
}

/** Whether a line end followed by the delimiter of a part, or by the closing one, is at `index`. */
function isDelimiterAt(
  bytes: Uint8Array,
  index: number,
  delimiter: string,
  lineEnds: 'LF' | 'CRLF' | 'any',
): boolean {
  const hasCr = bytes[index] === CR;
  if (lineEnds !== 'any' && hasCr !== (lineEnds === 'CRLF')) {
    return false;
  }
  const lineEnd = hasCr ? index + 1 : index;
  if (bytes[lineEnd] !== LF || lineEnd + delimiter.length >= bytes.length) {
    return false;
  }
  for (let i = 0; i < delimiter.length; i++) {
    if (bytes[lineEnd + 1 + i] !== delimiter.charCodeAt(i)) {
      return false;
    }
  }
  return isEndOfDelimiter(bytes, lineEnd + 1 + delimiter.length);
}

/** Two dashes, the end of the line or of the body must follow a delimiter: otherwise a longer text begins like it. */
function isEndOfDelimiter(bytes: Uint8Array, index: number): boolean {
  if (bytes[index] === DASH && bytes[index + 1] === DASH) {
    return true;
  }
  let at = index;
  while (at < index + LONGEST_BOUNDARY && (bytes[at] === SPACE || bytes[at] === TAB)) {
    at += 1;
  }
  return at === bytes.length || bytes[at] === LF || (bytes[at] === CR && bytes[at + 1] === LF);
}

/**
 * The delimiter nearest to the end: for a request of one frame that is the closing one.
 *
 * @param endsInLf - whether the lines of the part end in LF, so that a CR before the delimiter is data
 * @returns where the data end, before the line end of the delimiter
 */
function findClosingDelimiter(
  bytes: Uint8Array,
  bodyStart: number,
  delimiter: string,
  endsInLf: boolean,
): number | undefined {
  const body = bytes.subarray(bodyStart);
  for (let at = body.lastIndexOf(LF); at >= 0; at = lastLf(body, at)) {
    if (isDelimiterAt(body, at, delimiter, 'LF')) {
      const hasCr = !endsInLf && at > 0 && body[at - 1] === CR;
      return bodyStart + at - (hasCr ? 1 : 0);
    }
  }
  return undefined;
}

function lastLf(bytes: Uint8Array, before: number): number {
  return before === 0 ? -1 : bytes.lastIndexOf(LF, before - 1);
}

/** Bytes as characters of the same code, as header fields are read (RFC 9110 5.5). */
export function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

/** The longest headers of a part, in bytes; a body with longer ones is not multipart. */
const LONGEST_HEADERS = 16384;

/** The headers of a part. */
export interface PartHeaders {
  /** By name in lower case; of repeated fields the first counts. */
  readonly fields: ReadonlyMap<string, string>;
  /** Index of the first byte of the body. */
  readonly end: number;
  /** Whether all lines end in LF without CR. */
  readonly endsInLf: boolean;
}

/**
 * Reads the header fields of a part (RFC 2046 5.1, RFC 5322 2.2), which may go on in lines that begin with a
 * blank, up to the empty line.
 *
 * @returns undefined where there is no empty line
 */
function readPartHeaders(bytes: Uint8Array, start: number): PartHeaders | undefined {
  const head = bytes.subarray(start, start + LONGEST_HEADERS);
  const lines: string[] = [];
  let endsInLf = true;
  for (let at = 0; at < head.length;) {
    const length = head.subarray(at).indexOf(LF);
    if (length < 0) {
      return undefined;
    }
    const line = latin1(head.subarray(at, at + length));
    at += length + 1;
    endsInLf &&= !line.endsWith('\r');
    const text = line.replace(/\r$/, '');
    if (text === '') {
      return { fields: fieldsOf(lines), end: start + at, endsInLf };
    }
    if (/^[ \t]/.test(text) && lines.length > 0) {
      lines.push(`${lines.pop()} ${text.trim()}`);
    } else {
      lines.push(text);
    }
  }
  return undefined;
}

function fieldsOf(lines: readonly string[]): Map<string, string> {
  const fields = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(colon, 0)).trim().toLowerCase();
    if (name !== '' && !fields.has(name)) {
      fields.set(name, line.slice(colon + 1).trim());
    }
  }
  return fields;
}

/** A media type with its parameters (RFC 9110 8.3.1), names in lower case. */
export interface MediaType {
  /** Type and subtype in lower case, such as `image/jls`; empty where there is none. */
  readonly essence: string;
  readonly parameters: ReadonlyMap<string, string>;
}

/** A parameter: its value is a quoted text, or goes to the next semicolon. */
const PARAMETER = /;\s*([^=;\s]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;]*))/g;

/** Reads a Content-Type. Of repeated parameters the first counts; quotes are removed. */
export function parseMediaType(contentType: string): MediaType {
  const end = /;|$/.exec(contentType)?.index;
  const parameters = new Map<string, string>();
  for (const [, name = '', quoted, plain = ''] of contentType.matchAll(PARAMETER)) {
    const value = quoted?.replaceAll(/\\(.)/g, '$1') ?? plain.trim();
    const key = name.toLowerCase();
    parameters.set(key, parameters.get(key) ?? value);
  }
  return { essence: contentType.slice(0, end).trim().toLowerCase(), parameters };
}

/** Reads a UID, which may be quoted or padded; undefined for any other text, such as `*` (PS3.18 8.7.3.5.2). */
export function asUid(text: string | undefined): string | undefined {
  return /^[\s"]*(\d+(?:\.\d+)+)[\s"\0]*$/.exec(text ?? '')?.[1];
}

/** The transfer syntax that a media type names; undefined for any (`*`) or none. */
export function namedSyntax({ parameters }: MediaType): string | undefined {
  return asUid(parameters.get('transfer-syntax'));
}
