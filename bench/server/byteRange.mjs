/**
 * The only range of a request's `Range` header (RFC 9110 14.2), within a body.
 *
 * @param {string | undefined} header
 * @param {number} length of the body
 * @returns {{ start: number, end: number } | undefined} bytes from `start` to before `end`; undefined without a
 *   header, or with one that a server may ignore: another unit, several ranges, or a suffix
 * @throws {RangeError} when the range begins behind the body
 */
export function byteRange(header, length) {
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(header ?? '') ?? [];
  if (from === undefined) return undefined;
  const start = Number(from);
  const end = Math.min(length, to ? Number(to) + 1 : length);
  if (start >= end) throw new RangeError(`Bytes ${header} of ${length} cannot be sent`);
  return { start, end };
}
