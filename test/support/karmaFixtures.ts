/** What the test run passes to the specs, together with the fields of `startServers`. */
export interface KarmaFixtures {
  /** Version of @cornerstonejs/core that the run is for. */
  readonly coreVersion: string;
  /** Whether the page was served with COOP and COEP. */
  readonly isolated: boolean;
  /** Whether the run has specs that draw; they need WebGL 2. */
  readonly draws: boolean;
  /** In CI nothing may be skipped. */
  readonly ci: boolean;
  readonly [name: string]: unknown;
}

interface KarmaWindow {
  readonly __karma__: { readonly config: { readonly fixtures: KarmaFixtures } };
}

/** This run: addresses of the fixture servers and the mode. */
export const karmaFixtures: KarmaFixtures = (window as unknown as KarmaWindow).__karma__.config
  .fixtures;
