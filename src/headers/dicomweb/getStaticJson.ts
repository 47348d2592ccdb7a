/**
 * What a file server may have for a resource of DICOMweb: it knows no media types, and cannot have a
 * file and a folder of one name.
 */
export const STATIC_ENDINGS = ['.gz', '.json', '.json.gz', '/index.json', '/index.json.gz'];

/**
 * Looks for the JSON of a DICOMweb resource in a static tree of files.
 *
 * @param endings - of the names that are tried, one after the other
 * @returns undefined where none of the files is there or holds JSON
 */
export async function getStaticJson(
  url: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal | undefined,
  endings: readonly string[] = STATIC_ENDINGS,
): Promise<unknown> {
  const pathEnd = /[?#]|$/.exec(url)?.index ?? url.length;
  for (const ending of endings) {
    const address = `${url.slice(0, pathEnd)}${ending}${url.slice(pathEnd)}`;
    const response = await fetch(address, { headers: { ...headers }, signal: signal ?? null });
    // Some file servers answer with a page where nothing is, or with a list of the files.
    const json = response.ok
      ? await parse(new Uint8Array(await response.arrayBuffer()))
      : undefined;
    if (json !== undefined) {
      return json;
    }
  }
  return undefined;
}

/** A gzip file begins with these two bytes (RFC 1952 2.3.1). */
const GZIP_MAGIC = [0x1f, 0x8b] as const;

/** With a Content-Encoding the browser has unpacked the file already. */
async function parse(bytes: Uint8Array<ArrayBuffer>): Promise<unknown> {
  const isGzip = bytes[0] === GZIP_MAGIC[0] && bytes[1] === GZIP_MAGIC[1];
  try {
    const stream = new Blob([bytes]).stream();
    const plain = isGzip ? stream.pipeThrough(new DecompressionStream('gzip')) : stream;
    return (await new Response(plain).json()) as unknown;
  } catch {
    // What is not JSON is not the resource; the caller says so.
    return undefined;
  }
}
