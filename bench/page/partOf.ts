/** Upper limit of the size of the headers of a part. */
const MAX_HEADER_BYTES = 512;

/**
 * The content of the only part of a multipart body, as a view of it.
 *
 * @throws Error when the part does not state its length, or the body is truncated
 */
export function partOf(body: ArrayBuffer): Uint8Array {
  const head = new TextDecoder('latin1').decode(
    new Uint8Array(body, 0, Math.min(MAX_HEADER_BYTES, body.byteLength)),
  );
  const start = head.indexOf('\r\n\r\n') + '\r\n\r\n'.length;
  const length = Number(/^Content-Length: (\d+)\r$/m.exec(head.slice(0, start))?.[1]);
  if (!(start + length <= body.byteLength)) {
    throw new Error(`Expected a part with its length in a body of ${body.byteLength} bytes`);
  }
  return new Uint8Array(body, start, length);
}
