/** Connections that browsers open to one host for HTTP/1.1. */
const HTTP1_CONNECTIONS = 6;
/** Streams over one connection: enough to fill a link with a latency of some frames. */
const HTTP2_STREAMS = 16;

/**
 * How many frames to request at once: as many as the connection carries, and those that are being
 * decoded meanwhile.
 *
 * @param protocol - ALPN name of the connection ('h2', 'http/1.1'), or undefined where not known
 * @param cores - `navigator.hardwareConcurrency`, which not every browser has
 */
export function defaultMaxInFlight(protocol: string | undefined, cores = 1): number {
  const isMultiplexed = protocol === 'h2' || protocol === 'h3';
  const decoding = Math.max(1, Math.floor(cores / 2));
  return (isMultiplexed ? HTTP2_STREAMS : HTTP1_CONNECTIONS) + decoding;
}

/**
 * The protocol that the page last spoke with the host of an imageId, from the browser's resource
 * timing; undefined before the first response and for hosts that keep it from the page.
 */
export function knownProtocol(imageId: string): string | undefined {
  const address = imageId.slice(imageId.indexOf(':') + 1);
  if (!URL.canParse(address, location.href)) {
    return undefined;
  }
  const { origin } = new URL(address, location.href);
  const entries = performance.getEntriesByType('resource') as PerformanceResourceTiming[];
  const entry = entries.findLast(
    ({ name, nextHopProtocol }) => nextHopProtocol !== '' && name.startsWith(`${origin}/`),
  );
  return entry?.nextHopProtocol;
}
