import { defineSuite, HOSPITAL_LINK } from './Suite.mjs';

const PROTOCOLS = /** @type {const} */ ({ h1: 'http/1.1', h2: 'h2' });

/** @type {import('./createSuites.mjs').SuiteMaker} */
export function scrollLatency({ frames }) {
  return Object.entries(PROTOCOLS).map(([suffix, protocol]) =>
    defineSuite({
      name: `scroll-latency-${suffix}`,
      scenario: 'scrollLatency',
      connection: { isolated: true, protocol, link: HOSPITAL_LINK },
      frames,
      loadsAll: false,
    }),
  );
}
