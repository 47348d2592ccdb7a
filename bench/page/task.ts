/** Whose time is taken: ours, that of the loader that Cornerstone has, or that of bare fetches. */
export type Variant = 'ours' | 'builtin' | 'floor';

/** What is measured. */
export type ScenarioName = 'load' | 'firstSlice' | 'scrollLatency';

/** One measurement, which a fresh page makes. */
export interface Task {
  readonly scenario: ScenarioName;
  readonly variant: Variant;
  /** Whether the page is meant to have SharedArrayBuffer. */
  readonly isolated: boolean;
  /** Address of the series that is measured. */
  readonly series: string;
  /** Address of a small series that is loaded before the clock starts. */
  readonly warmUp: string;
}
