import { latin1 } from './multipartDelimiter.js';

const LF = 10;
/** No server sends longer part headers; beyond this a body is not multipart. */
const LONGEST_HEADERS = 16384;

/** The headers of a part. */
export interface PartHeaders {
  /** By name in lower case; of a field that is given twice the first counts. */
  readonly fields: ReadonlyMap<string, string>;
  /** Where the body begins. */
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
export function readPartHeaders(bytes: Uint8Array, start: number): PartHeaders | undefined {
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
