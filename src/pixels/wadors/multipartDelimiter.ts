const TAB = 9;
const LF = 10;
const CR = 13;
const SPACE = 32;
const DASH = 45;

/** Nobody writes more before the first part; beyond this a body is not multipart. */
const LONGEST_PREAMBLE = 65536;
/** RFC 2046 5.1.1 allows 70; more than this is no boundary. */
const LONGEST_BOUNDARY = 256;

/** A line that begins a part. */
export interface DelimiterLine {
  /** Two dashes and the boundary, as Latin-1. */
  readonly delimiter: string;
  /** Behind the end of the line. */
  readonly end: number;
  /** Whether the line ends in LF without CR. */
  readonly endsInLf: boolean;
}

/**
 * Finds the next line that is the delimiter of a part, and not the closing one (RFC 2046 5.1.1): blanks may
 * stand behind it.
 *
 * @param boundary - of the response's header. Where that has none, or the body has not that one, the
 *   first line that begins with two dashes is taken for the delimiter
 */
export function findDelimiterLine(
  bytes: Uint8Array,
  boundary: string | undefined,
  start: number,
): DelimiterLine | undefined {
  const head = bytes.subarray(start, start + LONGEST_PREAMBLE);
  // Blanks cannot end a boundary; a header that has them means none.
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

/** Whether a line end and the delimiter of a part, or the closing one, stand at `index`. */
export function isDelimiterAt(
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

/** Behind a delimiter come two dashes, the end of the line or of all: else it is only the begin of something. */
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
export function findClosingDelimiter(
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
