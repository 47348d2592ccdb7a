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
}

/** What a measurement came to, by name: `ms`, and others that a scenario gives. */
export type Figures = Readonly<Record<string, number>>;
