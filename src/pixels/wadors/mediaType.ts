/** A media type with its parameters (RFC 9110 8.3.1), names in lower case. */
export interface MediaType {
  /** Type and subtype in lower case, such as `image/jls`; empty where there is none. */
  readonly essence: string;
  readonly parameters: ReadonlyMap<string, string>;
}

/** A quoted text, or what stands up to the next semicolon. */
const PARAMETER = /;\s*([^=;\s]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;]*))/g;

/** Reads a Content-Type. Of a parameter that is given twice the first counts; quotes are taken off. */
export function parseMediaType(contentType: string): MediaType {
  const end = /;|$/.exec(contentType)?.index;
  const parameters = new Map<string, string>();
  for (const [, name = '', quoted, plain = ''] of contentType.matchAll(PARAMETER)) {
    const value = quoted?.replaceAll(/\\(.)/g, '$1') ?? plain.trim();
    const key = name.toLowerCase();
    parameters.set(key, parameters.get(key) ?? value);
  }
  return { essence: contentType.slice(0, end).trim().toLowerCase(), parameters };
}

/** A UID as headers hold it: in quotes or filled up, or none at all, such as `*` (PS3.18 8.7.3.5.2). */
export function asUid(text: string | undefined): string | undefined {
  return /^[\s"]*(\d+(?:\.\d+)+)[\s"\0]*$/.exec(text ?? '')?.[1];
}

/** The transfer syntax that a media type names; undefined for any (`*`) or none. */
export function namedSyntax({ parameters }: MediaType): string | undefined {
  return asUid(parameters.get('transfer-syntax'));
}
