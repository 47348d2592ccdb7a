/**
 * The wait that a `Retry-After` header asks for (RFC 9110 10.2.3): seconds or a date.
 *
 * @param now - current time in ms since 1970
 * @returns milliseconds from 0, or undefined for a header that is missing or says nothing
 */
export function parseRetryAfter(header: string | null, now: number): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d+$/.test(text)) {
    return Number(text) * 1000;
  }
  const date = /[a-z]/i.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
