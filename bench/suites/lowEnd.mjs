import { throttleProcessor } from '../observers/throttleProcessor.mjs';
import { defineSuite, HOSPITAL_LINK } from './Suite.mjs';

/** @type {import('./createSuites.mjs').SuiteMaker} */
export function lowEnd({ frames }) {
  return [
    defineSuite({
      name: 'low-end-load-rendered',
      scenario: 'loadRendered',
      frames,
      observer: throttleProcessor,
    }),
    defineSuite({
      name: 'low-end-first-slice',
      scenario: 'firstSlice',
      frames,
      connection: { isolated: true, protocol: 'http/1.1', link: HOSPITAL_LINK },
      loadsAll: false,
      observer: throttleProcessor,
    }),
  ];
}
