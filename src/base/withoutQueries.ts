/** A user and a password, or either, in front of the host of an address; the last @ ends them (WHATWG URL 4.4). */
const USER = /(\/\/)[^\s/?#]*@/g;
/** A query or a fragment up to the next blank. */
const QUERY = /[?#][^\s?#]\S*/g;
/** Punctuation of the sentence behind an address. */
const PUNCTUATION = new Set(')].,:;\'"');
const FRAME = /[?&#]frame=(\d+)/;

/**
 * A text for people, without what the addresses in it may hold of secrets and of patients: queries, fragments, users and
 * passwords. Of a query the number of the frame is kept, as ` frame 3`. The time grows with the length of the text, which
 * a server may have written.
 *
 * @param addresses - that the text may have: blanks end only addresses that are not named
 */
export function withoutQueries(text: string, addresses: readonly string[] = []): string {
  const encoded = addresses.reduce(
    (all, address) => (/\s/.test(address) ? all.replaceAll(address, withoutBlanks(address)) : all),
    text,
  );
  return encoded.replaceAll(USER, '$1').replaceAll(QUERY, (found) => {
    let end = found.length;
    while (end > 2 && PUNCTUATION.has(found[end - 1] as string)) {
      end -= 1;
    }
    const frameNumber = FRAME.exec(found.slice(0, end))?.[1];
    return (frameNumber === undefined ? '' : ` frame ${frameNumber}`) + found.slice(end);
  });
}

/** An address as it can be quoted in a message: blanks would end it for {@link withoutQueries}. */
export function withoutBlanks(address: string): string {
  return address.replaceAll(/\s/g, '+');
}

/** The most characters of a text of a server or a file that a message quotes. */
const LONGEST_QUOTE = 200;

/** A text of a server or a file as a message quotes it. */
export function quotable(text: string): string {
  return text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}...` : text;
}
