/** Whose work is measured: ours, that of the loader that Cornerstone has, or the least that must be done. */
export type Variant = 'ours' | 'builtin' | 'floor';

/** What is measured. */
export type ScenarioName =
  | 'load'
  | 'loadRendered'
  | 'firstSlice'
  | 'scrollLatency'
  | 'open'
  | 'decode'
  | 'voxels'
  | 'stackAfterVolume'
  | 'volumeAfterStack'
  | 'soak';

/** One measurement, which a fresh page makes. */
export interface Task {
  readonly scenario: ScenarioName;
  readonly variant: Variant;
  /** Whether the page is meant to have SharedArrayBuffer. */
  readonly isolated: boolean;
  /** Address of the series that is measured. */
  readonly series: string;
  /** Address of a small series that is used in the same way before the clock starts. */
  readonly warmUp: string;
  /**
   * Headers without which the server sends no frame. Loaders get them by the hooks that OHIF has, the
   * floor sends them. Default: none, and no hooks.
   */
  readonly frameHeaders?: Readonly<Record<string, string>>;
}

/** How a volume of this package fetches its frames, and why so. */
export interface Transport {
  readonly thread: string;
  readonly reason: string;
}

/**
 * What a measurement came to, by name: `ms`, others that a scenario gives, `pageRequests` (frames that the
 * page asked for itself) and `workersStarted` (since the page was opened).
 */
export type Figures = Readonly<Record<string, number>>;
