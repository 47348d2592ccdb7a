/**
 * The measured code: this package, Cornerstone's own loader, or the floor (the work that any loader must do).
 */
export type Variant = 'ours' | 'builtin' | 'floor';

/** The scenario that is measured. */
export type ScenarioName =
  | 'load'
  | 'loadRendered'
  | 'loadRendered3d'
  | 'firstSlice'
  | 'scrollLatency'
  | 'open'
  | 'decode'
  | 'fetchAndDecode'
  | 'recognisable'
  | 'playPlane'
  | 'playPlanes'
  | 'voxels'
  | 'stackAfterVolume'
  | 'volumeAfterStack'
  | 'openAndRemove'
  | 'soak';

/**
 * How the built-in loader retrieves a volume: in Cornerstone's interleaved stages, which fill the slices between with
 * those that are there; with `firstBytes` of each slice before the rest, which are decoded to a lower resolution.
 */
export interface Retrieval {
  readonly firstBytes?: number;
}

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
  /** Number of workers that decode, of both loaders and the floor. Default: the default of each loader. */
  readonly decodeWorkers?: number;
  /** Default: the built-in loader retrieves whole frames, in the order of the slices. */
  readonly retrieval?: Retrieval;
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
