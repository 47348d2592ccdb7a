/** The beginning of an address that is the same from everywhere, up to its path. */
const WEB_ORIGIN = /^https?:\/\/[^\s/\\?#]+\//i;
/** Beginnings of addresses, and whether a worker can fetch from there. Frames have few different ones. */
const knownOrigins = new Map<string, boolean>();

/**
 * The address that a worker fetches for one of the page: a worker has another base, and `fetch` takes no user
 * and password in an address.
 *
 * @returns undefined where a worker cannot fetch from there
 */
export function workerAddress(url: string): string | undefined {
  const origin = WEB_ORIGIN.exec(url)?.[0];
  if (origin === undefined) {
    return plainWebAddress(url);
  }
  const isKnown = knownOrigins.get(origin) ?? plainWebAddress(origin) !== undefined;
  knownOrigins.set(origin, isKnown);
  return isKnown ? url : undefined;
}

function plainWebAddress(url: string): string | undefined {
  if (!URL.canParse(url, document.baseURI)) {
    return undefined;
  }
  const { protocol, username, password, href } = new URL(url, document.baseURI);
  const isWeb = protocol === 'http:' || protocol === 'https:';
  return isWeb && username === '' && password === '' ? href : undefined;
}
