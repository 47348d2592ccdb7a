/** How sure it is that a server refuses byte ranges. */
type Certainty = 'maybe' | 'sure';

/** Origins that have refused byte ranges and then sent the same files whole. */
const refusals = new Map<string, Certainty>();

/** Whether byte ranges can be asked for: the server of the address has not refused them so far. */
export function takesRanges(url: string): boolean {
  return refusals.get(originOf(url)) !== 'sure';
}

/** Notes that a server has sent the range that it was asked for. */
export function noteRange(url: string): void {
  refusals.delete(originOf(url));
}

/**
 * Notes that a server has not sent a range, but the whole file when it was asked for that.
 *
 * @param isFirm - false where it may be chance, such as a connection that broke: such a server is asked
 *   for a range once more
 */
export function noteRefusal(url: string, isFirm: boolean): void {
  const origin = originOf(url);
  refusals.set(origin, isFirm || refusals.has(origin) ? 'sure' : 'maybe');
}

function originOf(url: string): string {
  return URL.canParse(url, document.baseURI) ? new URL(url, document.baseURI).origin : url;
}
