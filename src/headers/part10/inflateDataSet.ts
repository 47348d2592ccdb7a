/** A file with its deflated part inflated, as far as it is there. */
export interface InflatedBytes {
  /** The bytes before `start`, then what came out. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Why the rest could not be inflated. */
  readonly fault: string | undefined;
}

/**
 * Inflates the data set of a file in Deflated Explicit VR Little Endian (PS3.5 A.5), which may be cut
 * off anywhere: what is inflated until then comes out.
 *
 * @param start - where the data set begins
 * @param maxBytes - when so many came out, no more is inflated: a few bytes can inflate to any length
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
    };
  }
  const { readable, writable } = stream;
  const writer = writable.getWriter();
  const reader = readable.getReader();
  let fault: string | undefined;
  const write = async (): Promise<void> => {
    await writer.write(new Uint8Array(bytes.subarray(start)));
    // The stream takes this only when all that the bytes before gave has been read. It is never
    // closed: a stream that is cut off would take back what was not read yet.
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
  if (length >= maxBytes) {
    fault ??= `it has more than ${maxBytes} bytes when inflated`;
  }
  await Promise.allSettled([reader.cancel(), writer.abort()]);
  return { bytes: concatenate([bytes.subarray(0, start), ...chunks]), fault };
}

/** Undefined in a browser that has no such streams, or not of this format. */
function openStream(): DecompressionStream | undefined {
  try {
    return new DecompressionStream('deflate-raw');
  } catch {
    return undefined;
  }
}

/** Undefined when nothing more can come; why is known from writing. */
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
