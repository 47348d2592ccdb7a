/** A file with its deflated part inflated, as far as it is there. */
export interface InflatedBytes {
  /** The bytes before `start`, then what was inflated. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Why the rest was not inflated; undefined at the end of what is there. */
  readonly fault: string | undefined;
  /** Whether there is more, and `maxBytes` kept it from being inflated. */
  readonly isCutOff: boolean;
}

/** Deflated bytes that are inflated in one step: at most 1032 times as many come out (RFC 1951). */
const PIECE_BYTES = 4096;

/**
 * Inflates the data set of a file in Deflated Explicit VR Little Endian (PS3.5 A.5), which may be cut
 * off anywhere: what is inflated until then is returned.
 *
 * @param start - where the data set begins
 * @param maxBytes - no more is inflated after so many bytes, but those that come with them are returned: a few
 *   bytes can inflate to any length
 */
export async function inflateDataSet(
  bytes: Uint8Array,
  start: number,
  maxBytes: number,
): Promise<InflatedBytes> {
  const stream = openStream();
  if (!stream) {
    return {
      bytes: new Uint8Array(bytes.subarray(0, start)),
      fault: 'this browser cannot inflate it',
      isCutOff: false,
    };
  }
  const { readable, writable } = stream;
  const writer = writable.getWriter();
  const reader = readable.getReader();
  let fault: string | undefined;
  const write = async (): Promise<void> => {
    // A stream inflates all of a chunk at once, and takes the next chunk when that has been read.
    for (let at = start; at < bytes.length; at += PIECE_BYTES) {
      await writer.write(new Uint8Array(bytes.subarray(at, at + PIECE_BYTES)));
    }
    // Taken only when all that the bytes before gave has been read. The stream is never closed: one that is cut
    // off would take back what was not read yet.
    await writer.write(new Uint8Array(0));
  };
  const isWritten = write().then(
    () => undefined,
    (cause: unknown) => {
      fault = `its data cannot be inflated: ${cause instanceof Error ? cause.message : String(cause)}`;
    },
  );
  const chunks: Uint8Array[] = [];
  let length = 0;
  while (length < maxBytes) {
    const chunk = await Promise.race([readChunk(reader), isWritten]);
    if (chunk === undefined) {
      break;
    }
    chunks.push(chunk);
    length += chunk.length;
  }
  const isCutOff = length >= maxBytes && fault === undefined;
  if (!isCutOff) {
    await isWritten;
  }
  const reason = isCutOff ? `it has more than ${maxBytes} bytes when inflated` : fault;
  // Writing that is aborted here fails too.
  await Promise.allSettled([reader.cancel(), writer.abort()]);
  return { bytes: concatenate([bytes.subarray(0, start), ...chunks]), fault: reason, isCutOff };
}

/** Undefined in a browser that has no such streams, or not of this format. */
function openStream(): DecompressionStream | undefined {
  try {
    return new DecompressionStream('deflate-raw');
  } catch {
    return undefined;
  }
}

/** Undefined at the end; the fault, if there is one, is that of writing. */
function readChunk(
  reader: ReadableStreamDefaultReader<Uint8Array>,
): Promise<Uint8Array | undefined> {
  return reader.read().then(
    ({ value }) => value,
    () => undefined,
  );
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
