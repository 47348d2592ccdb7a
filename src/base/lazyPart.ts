import { StreamingVolumeError } from './errors.js';

/** A part of the package that the application's bundler makes a script of its own of. */
export interface LazyPart<Part> {
  /** Undefined until its script has come. */
  readonly part: Part | undefined;
  /**
   * Fetches the script, once: calls while it is under way get the same promise. After a failure the next call tries
   * again.
   *
   * @returns rejects with a StreamingVolumeError of code `script-fetch`
   */
  readonly fetch: () => Promise<Part>;
}

/**
 * Declares a part of the package that is fetched when it is wanted.
 *
 * @param name - for errors: `the reader of DICOM files`
 * @param importPart - `import()` with the address as a literal, by which bundlers find the script
 */
export function lazyPart<Part>(name: string, importPart: () => Promise<Part>): LazyPart<Part> {
  let part: Part | undefined;
  let fetching: Promise<Part> | undefined;
  const fetch = async (): Promise<Part> => {
    try {
      return (part = await importPart());
    } catch (cause) {
      fetching = undefined;
      throw scriptError(name, cause);
    }
  };
  return {
    get part() {
      return part;
    },
    fetch: () => (fetching ??= fetch()),
  };
}

function scriptError(name: string, cause: unknown): StreamingVolumeError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new StreamingVolumeError(
    'script-fetch',
    `A script of the application could not be fetched: ${name} of streaming-image-volume-loader (${why}). Serve all ` +
      `scripts that the bundler has written, also those of the version before, and try again or reload the page`,
    { cause },
  );
}

/** A part that is in the script of its user. */
export function presentPart<Part>(part: Part): LazyPart<Part> {
  return { part, fetch: () => Promise.resolve(part) };
}
