import type { Series } from './fetchSeries.js';

/** Connections that browsers open to one host for HTTP/1.1. */
const CONNECTIONS = 6;

/**
 * Fetches frames, as many at once as there are connections.
 *
 * @param onBody - gets each body with its multipart envelope; default: bodies are dropped
 */
export async function fetchFrames(
  { imageIds, frameHeaders }: Pick<Series, 'imageIds' | 'frameHeaders'>,
  onBody?: (body: ArrayBuffer, index: number) => void,
): Promise<void> {
  let next = 0;
  const fetchOn = async (): Promise<void> => {
    while (next < imageIds.length) {
      const index = next++;
      const response = await fetch((imageIds[index] as string).slice('wadors:'.length), {
        headers: frameHeaders,
      });
      const body = await response.arrayBuffer();
      if (!response.ok || body.byteLength === 0) {
        throw new Error(
          `${response.url} answered ${response.status} with ${body.byteLength} bytes`,
        );
      }
      onBody?.(body, index);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, fetchOn));
}
