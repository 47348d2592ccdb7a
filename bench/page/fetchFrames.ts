/** Connections that browsers open to one host for HTTP/1.1. */
const CONNECTIONS = 6;

/** Fetches frames, as many at once as there are connections, and drops what comes. */
export async function fetchFrames(imageIds: readonly string[]): Promise<void> {
  let next = 0;
  const fetchOn = async (): Promise<void> => {
    while (next < imageIds.length) {
      const imageId = imageIds[next++] as string;
      const response = await fetch(imageId.slice('wadors:'.length));
      const { byteLength } = await response.arrayBuffer();
      if (!response.ok || byteLength === 0) {
        throw new Error(`${response.url} answered ${response.status} with ${byteLength} bytes`);
      }
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, fetchOn));
}
