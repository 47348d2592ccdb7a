/**
 * Headers that let pages of any origin read a response, and, optionally, isolate the page that they are sent
 * with: SharedArrayBuffer exists only on pages (and in workers) that are cross-origin isolated.
 *
 * @param {{ crossOriginIsolated: boolean, requestedHeaders?: string | undefined }} options
 *   `requestedHeaders` is Access-Control-Request-Headers of a preflight
 * @returns {Record<string, string>}
 */
export function crossOriginHeaders({ crossOriginIsolated, requestedHeaders }) {
  return {
    'Access-Control-Allow-Origin': '*',
    'Access-Control-Allow-Methods': 'GET, HEAD, OPTIONS, POST',
    'Access-Control-Allow-Headers': requestedHeaders ?? '*',
    'Access-Control-Expose-Headers':
      'Accept-Ranges, Content-Encoding, Content-Length, Content-Range, Content-Type, ETag, Warning',
    'Access-Control-Max-Age': '600',
    'Cross-Origin-Resource-Policy': 'cross-origin',
    'Timing-Allow-Origin': '*',
    ...(crossOriginIsolated
      ? {
          'Cross-Origin-Opener-Policy': 'same-origin',
          'Cross-Origin-Embedder-Policy': 'require-corp',
        }
      : {}),
  };
}
