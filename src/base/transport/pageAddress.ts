/** What relative addresses begin at; undefined where there is no page, as in Node. */
export function pageAddress(): string | undefined {
  return globalThis.document?.baseURI ?? globalThis.location?.href;
}
