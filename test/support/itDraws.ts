import { karmaFixtures } from './karmaFixtures.js';

/**
 * `it` for a spec that draws with WebGL 2 outside of the rooms of drawing (test/rendering, test/tools, test/volume/drawing and
 * test/volume/texture). The runs in browsers that have no WebGL leave such a spec out.
 */
export function itDraws(name: string, run: () => Promise<void> | void): void {
  if (karmaFixtures.draws) {
    it(name, run);
  }
}
