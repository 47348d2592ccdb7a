import { defineSuite, HOSPITAL_LINK } from './Suite.mjs';

/** @type {import('./createSuites.mjs').SuiteMaker} */
export function firstSlice({ frames }) {
  const shared = { scenario: /** @type {const} */ ('firstSlice'), frames, loadsAll: false };
  return [
    defineSuite({
      ...shared,
      name: 'first-slice-free',
      connection: { isolated: true, protocol: 'http/1.1' },
    }),
    defineSuite({
      ...shared,
      name: 'first-slice-h1',
      connection: { isolated: true, protocol: 'http/1.1', link: HOSPITAL_LINK },
    }),
    defineSuite({
      ...shared,
      name: 'first-slice-h2',
      connection: { isolated: true, protocol: 'h2', link: HOSPITAL_LINK },
    }),
  ];
}
