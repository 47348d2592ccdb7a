/** A user and a password, or either, in front of the host of an address. */
const USER = /(\/\/)[^\s/?#@]*@/g;
/** A query or a fragment up to the next blank, without the punctuation of the sentence behind it. */
const QUERY = /[?#][^\s?#][^\s]*?(?=[)\].,:;'"]*(?:\s|$))/g;
const FRAME = /[?&#]frame=(\d+)/;

/**
 * A text for people, without what the addresses in it may hold of secrets and of patients: queries, fragments, users and
 * passwords. Of a query the number of the frame is kept, as ` frame 3`.
 *
 * @param addresses - that the text may have: blanks end only addresses that are not named
 */
export function withoutQueries(text: string, addresses: readonly string[] = []): string {
  const withBlanks = addresses.filter((address) => /\s/.test(address));
  const encoded = withBlanks.reduce(
    (all, address) => all.replaceAll(address, address.replaceAll(/\s/g, '+')),
    text,
  );
  return encoded.replaceAll(USER, '$1').replaceAll(QUERY, (query) => {
    const frameNumber = FRAME.exec(query)?.[1];
    return frameNumber === undefined ? '' : ` frame ${frameNumber}`;
  });
}
