import { hasCodec, prepareCodec } from '../codecs/decodeCodestream.js';
import type { FetchRequest, FrameRequest } from './frameMessages.js';

/**
 * Begins to load the codec that a frame needs by its headers, so that it is there when the response is. Not where the
 * request asks the server for another transfer syntax (PS3.18 8.7.3.5.2).
 */
export function prepareDecoding(
  { headers }: FetchRequest,
  { storedSyntax, decoding, output }: FrameRequest,
): void {
  const isDecoded = decoding && output && storedSyntax !== undefined && hasCodec(storedSyntax);
  if (isDecoded && !decoding.except.includes(storedSyntax) && accepts(headers, storedSyntax)) {
    prepareCodec(storedSyntax, decoding);
  }
}

/** Whether the response may be in a transfer syntax: a request that names none accepts all. */
function accepts(headers: FetchRequest['headers'], transferSyntax: string): boolean {
  const accept = headers.find(([name]) => name.toLowerCase() === 'accept')?.[1] ?? '';
  const named = [...accept.matchAll(/transfer-syntax="?([\d.*]+)/gi)].map(([, syntax]) => syntax);
  return named.length === 0 || named.includes('*') || named.includes(transferSyntax);
}
