/**
 * The measured code: this package, Cornerstone's own loader, or the floor (the work that any loader must do).
 */
export type Variant = 'ours' | 'builtin' | 'floor';

/** The scenario that is measured. */
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

/** One measurement of a fresh page. */
export interface Task {
  readonly scenario: ScenarioName;
  readonly variant: Variant;
  /** Whether the page is expected to have SharedArrayBuffer. */
  readonly isolated: boolean;
  /** Address of the series that is measured. */
  readonly series: string;
  /** Address of a small series that is used in the same way before the clock starts. */
  readonly warmUp: string;
  /**
   * Headers that the server requires for a frame. Loaders get them through the hooks of OHIF; the floor sends
   * them itself. Default: none, and no hooks.
   */
  readonly frameHeaders?: Readonly<Record<string, string>>;
}

/** How a volume of this package fetches its frames, and why. */
export interface Transport {
  readonly thread: string;
  readonly reason: string;
}

/**
 * Figures of a measurement, by name: `ms`, further figures of a scenario, `pageRequests` (frames that the
 * page itself requested) and `workersStarted` (since the page was opened).
 */
export type Figures = Readonly<Record<string, number>>;
